using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;

namespace SmimeKit.Opening;

/// <summary>Finds the time-stamp that shows when a signature existed at the latest: RFC 3161 §4 and appendix B.</summary>
internal sealed class TimeStampProof(SmimeOpenOptions options, MessagePaths paths, DateTimeOffset at)
{
    /// <summary>Gets the earliest stamp of an authority that the options trust for it today; null when there is none.</summary>
    internal async ValueTask<TimeStampReport?> FindAsync(
        SignerReport signer, IReadOnlyList<Certificate> carried, CancellationToken cancellationToken)
    {
        if (options.TimeStampAnchors is not { } anchors)
        {
            return null; // R3161-4-a: only if the caller's policy allows
        }

        foreach (TimeStampReport stamp in signer.TimeStamps.Where(IsSound).OrderBy(s => s.Info!.Latest))
        {
            PathValidationResult path = await paths.ValidateTimeStamperAsync(
                stamp.Certificate!, anchors, at, [.. stamp.Carried.Certificates, .. carried], cancellationToken).ConfigureAwait(false);
            if (path.Outcome == TrustStatus.Trusted && SignatureAssessor.HasTrueParameters(stamp.Signer!, path)
                && SignatureAssessor.FindUnlisted(stamp.Signer!, path) is null)
            {
                return stamp;
            }
        }

        return null;
    }

    // A stamp from the future, or one that only an archive's policy admits, proves nothing.
    private bool IsSound(TimeStampReport stamp) =>
        stamp is { Verdict: TimeStampVerdict.Valid { Weaknesses.IsEmpty: true }, Info: { } info, Certificate: not null } && info.Latest <= at;
}
