using SmimeKit.Certificates;

namespace SmimeKit.Opening;

/// <summary>
/// Validates the certificates of one message, all within one budget of signature checks, which are what costs: a message can bring many
/// signers, and many paths for each.
/// </summary>
internal sealed class MessagePaths(SmimeOpenOptions options)
{
    private int _signatureChecks;

    internal async ValueTask<PathValidationResult> ValidateAsync(
        Certificate certificate, CertificatePurpose purpose, DateTimeOffset at, IReadOnlyList<Certificate> carried, CancellationToken cancellationToken)
    {
        PathValidationResult result = await CertificatePathValidator.ValidateAsync(
            certificate,
            new PathValidationOptions
            {
                Anchors = options.Anchors,
                At = at,
                Purpose = purpose,
                Stores = options.Stores,
                ExtraCertificates = [.. carried, .. options.ExtraCertificates],
                Policy = options.CertificatePolicy,
                Limits = options.PathLimits with { SignatureChecks = options.PathLimits.SignatureChecks - _signatureChecks },
                TimeProvider = options.TimeProvider,
            },
            cancellationToken).ConfigureAwait(false);
        _signatureChecks += result.SignatureChecks;
        return result;
    }
}
