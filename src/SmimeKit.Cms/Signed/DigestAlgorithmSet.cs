using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Signed;

/// <summary>DigestAlgorithmIdentifiers, RFC 5652 §5.1: decoded, and as they were encoded.</summary>
internal sealed record DigestAlgorithmSet(IReadOnlyList<AlgorithmIdentifier> Identifiers, IReadOnlyList<ReadOnlyMemory<byte>> Encoded)
{
    private const byte Set = 0x31;
    private const int MaxAlgorithmSize = 4096;

    internal static async ValueTask<DigestAlgorithmSet> ReadAsync(BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        var identifiers = new List<AlgorithmIdentifier>();
        var encoded = new List<ReadOnlyMemory<byte>>();
        await ber.EnterAsync(Set, "digestAlgorithms", cancellationToken).ConfigureAwait(false);
        while (await ber.PeekAsync("digestAlgorithms", cancellationToken).ConfigureAwait(false) is not null)
        {
            if (identifiers.Count >= limits.MaxDigestAlgorithms)
            {
                throw new LimitExceededException(nameof(limits.MaxDigestAlgorithms), limits.MaxDigestAlgorithms);
            }

            string field = $"digestAlgorithms[{identifiers.Count}]";
            byte[] leaf = await ber.ReadLeafAsync(
                field, MaxAlgorithmSize, nameof(MaxAlgorithmSize), cancellationToken).ConfigureAwait(false);
            identifiers.Add(Der.Decode(leaf, field, r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, ber.Position - leaf.Length));
            encoded.Add(leaf);
        }

        await ber.LeaveAsync("digestAlgorithms", cancellationToken).ConfigureAwait(false);
        return new DigestAlgorithmSet(identifiers, encoded);
    }
}
