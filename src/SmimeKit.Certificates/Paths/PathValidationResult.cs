using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>The report of one path validation: the path, the verdict and its sides kept apart. Immutable.</summary>
/// <remarks>
/// Trusted means: the path ends in an anchor, every signature on it holds, and RFC 5280 §6.1, the purpose and the policy are satisfied
/// at the time asked for. It does not mean that no certificate is revoked (see <see cref="Revocation"/>), nor that an address is the
/// leaf's, nor anything about a message.
/// </remarks>
public sealed class PathValidationResult
{
    internal PathValidationResult(
        ImmutableArray<Certificate> path, bool isComplete, ImmutableArray<PathProblem> problems, ImmutableArray<PathProblem> warnings)
    {
        Path = path;
        Problems = problems;
        Warnings = warnings;
        Anchor = isComplete ? path[^1] : null;
        Outcome = isComplete && problems.IsEmpty ? TrustStatus.Trusted : TrustStatus.Untrusted;
        Trust = isComplete && !Concerns(PathAspect.Path) ? TrustStatus.Trusted : TrustStatus.Untrusted;
        Usage = Concerns(PathAspect.Usage) ? UsageStatus.Refused : UsageStatus.Ok;
        Policy = Concerns(PathAspect.Policy) ? PolicyStatus.Refused : PolicyStatus.Ok;
        Time = problems.FirstOrDefault(p => p.Aspect == PathAspect.Time)?.Code switch
        {
            null => TimeStatus.Valid,
            PathProblemCodes.Expired => TimeStatus.Expired,
            _ => TimeStatus.NotYetValid,
        };
    }

    /// <summary>Gets the verdict over everything below, revocation apart.</summary>
    public TrustStatus Outcome { get; }

    /// <summary>
    /// Gets the path, leaf first. When <see cref="Outcome"/> is trusted it ends in the anchor. Otherwise it is the candidate that came
    /// nearest, for the explanation: its last certificate may be one that merely has the right name.
    /// </summary>
    public ImmutableArray<Certificate> Path { get; }

    /// <summary>Gets the anchor that the path ends in, or null when it reaches none.</summary>
    public Certificate? Anchor { get; }

    /// <summary>Gets the certificate that was judged.</summary>
    public Certificate Leaf => Path[0];

    /// <summary>Gets whether the path holds and ends in an anchor, whatever time, usage and policy say.</summary>
    public TrustStatus Trust { get; }

    /// <summary>Gets how the validation time lies to <see cref="Path"/>; the first problem from the leaf decides.</summary>
    public TimeStatus Time { get; }

    /// <summary>Gets whether the path is meant for the purpose.</summary>
    public UsageStatus Usage { get; }

    /// <summary>
    /// Gets whether the policy accepts algorithms and keys. A signature whose algorithm or key is refused is not verified, so the path
    /// then does not hold either.
    /// </summary>
    public PolicyStatus Policy { get; }

    /// <summary>Gets what is known about revocation.</summary>
    public RevocationStatus Revocation { get; internal init; } = RevocationStatus.NotChecked;

    /// <summary>Gets every reason against <see cref="Path"/>, from the leaf upwards; empty exactly when the outcome is trusted.</summary>
    public ImmutableArray<PathProblem> Problems { get; }

    /// <summary>Gets what a trusted path is to be blamed for all the same: weak algorithms and keys that the policy accepts.</summary>
    public ImmutableArray<PathProblem> Warnings { get; }

    /// <summary>
    /// Gets the other candidates that were considered and why each was left, in the order of the search; those never followed come last.
    /// </summary>
    public ImmutableArray<RejectedPath> RejectedPaths { get; internal init; } = [];

    /// <summary>Gets the number of signatures that were checked.</summary>
    public int SignatureChecks { get; internal init; }

    private bool Concerns(PathAspect aspect)
    {
        foreach (PathProblem problem in Problems)
        {
            if (problem.Aspect == aspect)
            {
                return true;
            }
        }

        return false;
    }
}
