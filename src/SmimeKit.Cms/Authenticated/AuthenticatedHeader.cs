using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Authenticated;

/// <summary>What AuthenticatedData holds before its content, RFC 5652 §9.1.</summary>
internal sealed class AuthenticatedHeader
{
    private const byte Sequence = 0x30;
    private const byte DigestTag = 0xA1;

    internal required RecipientsHeader Start { get; init; }

    internal required AlgorithmIdentifier MacAlgorithm { get; init; }

    /// <summary>Gets the digest of the content; null when the MAC is over the content itself.</summary>
    internal required AlgorithmIdentifier? DigestAlgorithm { get; init; }

    internal required EncapsulatedContent Content { get; init; }

    /// <summary>Enters the value and reads up to the first octet of the content.</summary>
    internal static async ValueTask<AuthenticatedHeader> ReadAsync(
        CmsInput input, CmsReaderOptions options, string name, CancellationToken cancellationToken)
    {
        RecipientsHeader start = await RecipientsHeader.ReadAsync(input, name, cancellationToken).ConfigureAwait(false);
        try
        {
            return new AuthenticatedHeader
            {
                Start = start,
                MacAlgorithm = await ReadAlgorithmAsync(input, Sequence, "macAlgorithm", null, cancellationToken).ConfigureAwait(false)
                    ?? throw input.Ber.Malformed("missing-value", "A value is missing", "macAlgorithm"),
                DigestAlgorithm = await ReadAlgorithmAsync(
                    input, DigestTag, "digestAlgorithm", Der.Context(1), cancellationToken).ConfigureAwait(false),
                Content = await EncapsulatedContent.BeginAsync(input, options.Policy, cancellationToken).ConfigureAwait(false),
            };
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    private static async ValueTask<AlgorithmIdentifier?> ReadAlgorithmAsync(
        CmsInput input, byte identifier, string field, Asn1Tag? tag, CancellationToken cancellationToken)
    {
        BerTokenizer ber = input.Ber;
        BerHeader? next = await ber.PeekAsync(field, cancellationToken).ConfigureAwait(false);
        if (next?.Identifier != identifier)
        {
            return null;
        }

        int limit = input.Limits.MaxAttributesSize;
        byte[] encoded = await ber.ReadLeafAsync(field, limit, nameof(input.Limits.MaxAttributesSize), cancellationToken).ConfigureAwait(false);
        return Der.Decode(encoded, field, r => r.ReadAlgorithmIdentifier(tag), AsnEncodingRules.BER, ber.Position - encoded.Length);
    }
}
