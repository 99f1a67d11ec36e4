using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Types;

/// <summary>The entries of CertificateSet and RevocationInfoChoices, RFC 5652 §10.2, encoded and in the order received.</summary>
internal sealed record CarriedEntries(List<ReadOnlyMemory<byte>> Certificates, List<ReadOnlyMemory<byte>> Crls)
{
    private const byte CertificateSet = 0xA0;
    private const byte RevocationInfoChoices = 0xA1;

    /// <summary>Reads <c>certificates [0] IMPLICIT CertificateSet OPTIONAL, crls [1] IMPLICIT RevocationInfoChoices OPTIONAL</c>.</summary>
    internal static async ValueTask<CarriedEntries> ReadAsync(BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken) => new(
        await ReadCertificatesAsync(ber, limits, cancellationToken).ConfigureAwait(false),
        await ReadCrlsAsync(ber, limits, cancellationToken).ConfigureAwait(false));

    /// <summary>Drops repeated entries.</summary>
    internal static List<ReadOnlyMemory<byte>> Distinct(IEnumerable<ReadOnlyMemory<byte>> entries) => [.. entries.Distinct(new ByOctets())];

    private static async ValueTask<List<ReadOnlyMemory<byte>>> ReadCertificatesAsync(
        BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Field = "certificates";
        var entries = new List<ReadOnlyMemory<byte>>();
        if (!await ber.TryEnterAsync(CertificateSet, Field, cancellationToken).ConfigureAwait(false))
        {
            return entries;
        }

        while (await ber.PeekAsync(Field, cancellationToken).ConfigureAwait(false) is not null)
        {
            if (entries.Count >= limits.MaxCertificates)
            {
                throw new LimitExceededException(nameof(limits.MaxCertificates), limits.MaxCertificates);
            }

            entries.Add(await ber.ReadLeafAsync(
                Field, limits.MaxCertificateSize, nameof(limits.MaxCertificateSize), cancellationToken).ConfigureAwait(false));
        }

        await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
        return entries;
    }

    private static async ValueTask<List<ReadOnlyMemory<byte>>> ReadCrlsAsync(
        BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Field = "crls";
        var entries = new List<ReadOnlyMemory<byte>>();
        if (!await ber.TryEnterAsync(RevocationInfoChoices, Field, cancellationToken).ConfigureAwait(false))
        {
            return entries;
        }

        int room = limits.MaxCrlSize; // for all of them: they are held in memory together
        while (await ber.PeekAsync(Field, cancellationToken).ConfigureAwait(false) is not null)
        {
            if (entries.Count >= limits.MaxCrls)
            {
                throw new LimitExceededException(nameof(limits.MaxCrls), limits.MaxCrls);
            }

            byte[] entry = await ber.ReadLeafAsync(Field, room, nameof(limits.MaxCrlSize), cancellationToken).ConfigureAwait(false);
            room -= entry.Length;
            entries.Add(entry);
        }

        await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
        return entries;
    }

    private sealed class ByOctets : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj.Span);
            return hash.ToHashCode();
        }
    }
}
