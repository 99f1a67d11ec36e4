using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Opening;

/// <summary>
/// Validates the certificates of one message, all within one budget of signature checks, which are what costs: a message can bring many
/// signers, and many paths for each.
/// </summary>
internal sealed class MessagePaths(SmimeOpenOptions options)
{
    private int _signatureChecks;

    internal ValueTask<PathValidationResult> ValidateAsync(
        Certificate certificate, CertificatePurpose purpose, DateTimeOffset at, IReadOnlyList<Certificate> carried, CancellationToken cancellationToken) =>
        ValidateAsync(certificate, Describe(purpose, at, carried), cancellationToken);

    /// <summary>Validates the certificate of a time-stamping authority, which signs like anybody and is for time-stamping alone.</summary>
    internal ValueTask<PathValidationResult> ValidateTimeStamperAsync(
        Certificate certificate, ITrustAnchors anchors, DateTimeOffset at, IReadOnlyList<Certificate> carried, CancellationToken cancellationToken) =>
        ValidateAsync(
            certificate,
            Describe(CertificatePurpose.EmailSigning, at, carried) with
            {
                Anchors = anchors,
                Policy = options.CertificatePolicy with
                {
                    ExtendedKeyUsage = Oids.TimeStamping, // RFC 3161 §2.3
                    RequireExtendedKeyUsage = true,
                    AcceptAnyExtendedKeyUsage = false,
                },
            },
            cancellationToken);

    private PathValidationOptions Describe(CertificatePurpose purpose, DateTimeOffset at, IReadOnlyList<Certificate> carried) => new()
    {
        Anchors = options.Anchors,
        At = at,
        Purpose = purpose,
        Stores = options.Stores,
        ExtraCertificates = [.. carried, .. options.ExtraCertificates],
        Policy = options.CertificatePolicy,
        Limits = options.PathLimits with { SignatureChecks = options.PathLimits.SignatureChecks - _signatureChecks },
        TimeProvider = options.TimeProvider,
    };

    private async ValueTask<PathValidationResult> ValidateAsync(
        Certificate certificate, PathValidationOptions described, CancellationToken cancellationToken)
    {
        PathValidationResult result = await CertificatePathValidator.ValidateAsync(certificate, described, cancellationToken).ConfigureAwait(false);
        _signatureChecks += result.SignatureChecks;
        return result;
    }
}
