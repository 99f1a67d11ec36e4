using SmimeKit.Certificates;

namespace SmimeKit.Opening;

/// <summary>Validates the certificates of one message, all within one budget: a message can bring many signers, and paths for each.</summary>
internal sealed class MessagePaths(SmimeOpenOptions options)
{
    private readonly TimeProvider _clock = options.TimeProvider;
    private int _signatureChecks;
    private TimeSpan _elapsed;

    internal async ValueTask<PathValidationResult> ValidateAsync(
        Certificate certificate, CertificatePurpose purpose, DateTimeOffset at, IReadOnlyList<Certificate> carried, CancellationToken cancellationToken)
    {
        long start = _clock.GetTimestamp();
        PathLimits limits = options.PathLimits;
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
                Limits = limits with { SignatureChecks = limits.SignatureChecks - _signatureChecks, Elapsed = limits.Elapsed - _elapsed },
                TimeProvider = _clock,
            },
            cancellationToken).ConfigureAwait(false);
        _signatureChecks += result.SignatureChecks;
        _elapsed += _clock.GetElapsedTime(start);
        return result;
    }
}
