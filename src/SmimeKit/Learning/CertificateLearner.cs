using SmimeKit.Capabilities;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.Opening;

namespace SmimeKit.Learning;

/// <summary>
/// Learns from a fully valid mail how to encrypt to its sender: the certificate that the sender prefers, and the sender's capabilities
/// (RFC 8551 §2.5.3, §2.7.1). Anything less than valid teaches nothing, and neither does what was valid once, by a time-stamp.
/// </summary>
internal static class CertificateLearner
{
    private static readonly TimeSpan _clockSkew = TimeSpan.FromMinutes(5);

    internal static async ValueTask LearnAsync(
        SmimeOpenOptions options, MessagePaths paths, SmimeReport report, CancellationToken cancellationToken)
    {
        if (options.LearnInto is not { } sink || report.Outcome != MessageOutcome.Valid)
        {
            return;
        }

        foreach (SignatureReport signature in report.Signatures.Where(s => s is { IsTrusted: true, MatchedAddress: not null, TimeStamp: null }))
        {
            EncryptionAnnouncement? announcement = await FindAnnouncementAsync(options, paths, report, signature, cancellationToken).ConfigureAwait(false);
            if (announcement is not null && options.LearnFilter?.Invoke(announcement) != false)
            {
                await sink.LearnAsync(announcement, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask<EncryptionAnnouncement?> FindAnnouncementAsync(
        SmimeOpenOptions options, MessagePaths paths, SmimeReport report, SignatureReport signature, CancellationToken cancellationToken)
    {
        SignerReport signer = signature.Signer;
        if (signer.SigningTime is not { } signingTime || signingTime > options.Now + _clockSkew)
        {
            return null; // without a credible time it cannot be told which news is newer
        }

        IReadOnlyList<Certificate> carried = report.Layers[signature.Layer].SignedData!.Carried.Certificates;
        foreach (Certificate candidate in Candidates(signature.Certificate!, EncryptionKeyPreference.Find(signer.SignedAttributes), carried))
        {
            if (await IsUsableAsync(options, paths, candidate, signature.MatchedAddress!, carried, cancellationToken).ConfigureAwait(false))
            {
                byte[] capabilities = SmimeCapabilities.Find(signer.SignedAttributes)?.Encode() ?? [];
                return new EncryptionAnnouncement(signature.MatchedAddress!, candidate, capabilities, signingTime);
            }
        }

        return null;
    }

    // RFC 8551 §2.5.3.1: the announced certificate; else a key-management certificate of the same subject, the signer's own first.
    private static IEnumerable<Certificate> Candidates(
        Certificate signer, CertificateIdentifier? preference, IReadOnlyList<Certificate> carried) =>
        preference is not null
            ? carried.Where(preference.Matches)
            : [signer, .. carried.Where(c => !c.Equals(signer) && c.Subject.Equals(signer.Subject))];

    private static async ValueTask<bool> IsUsableAsync(
        SmimeOpenOptions options,
        MessagePaths paths,
        Certificate candidate,
        string address,
        IReadOnlyList<Certificate> carried,
        CancellationToken cancellationToken)
    {
        PathValidationResult path = await paths.ValidateAsync(
            candidate, CertificatePurpose.EmailEncryption, options.Now, carried, cancellationToken).ConfigureAwait(false);
        return path.Outcome == TrustStatus.Trusted && SignatureAssessor.Addresses(candidate).Any(a => EmailAddressComparison.AreEqual(a, address));
    }
}
