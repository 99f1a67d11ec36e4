using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>A candidate that the search considered and did not follow to a trusted end, with the reasons. Immutable.</summary>
public sealed class RejectedPath
{
    internal RejectedPath(ImmutableArray<Certificate> certificates, ImmutableArray<PathProblem> problems)
    {
        Certificates = certificates;
        Problems = problems;
    }

    /// <summary>
    /// Gets the certificates from the leaf upwards. All but the last are verified issuers of the one before; the last may be no more
    /// than a candidate with the right name.
    /// </summary>
    public ImmutableArray<Certificate> Certificates { get; }

    /// <summary>Gets the reasons found so far; at least one.</summary>
    public ImmutableArray<PathProblem> Problems { get; }
}
