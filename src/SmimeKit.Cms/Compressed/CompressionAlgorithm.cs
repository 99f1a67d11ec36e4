using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Compressed;

/// <summary>One compression algorithm of CompressedData.</summary>
/// <param name="Oid">The object identifier in dotted form.</param>
/// <param name="Name">The name for people.</param>
public sealed record CompressionAlgorithm(string Oid, string Name)
{
    /// <summary>Gets zlib, RFC 3274 §2: the container of RFC 1950 around the deflate of RFC 1951. The only one that is defined.</summary>
    public static CompressionAlgorithm Zlib { get; } = new(Oids.ZlibCompress, "zlib");

    /// <summary>Finds an algorithm by its identifier; parameters are absent, or NULL (RFC 3274 §2).</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <returns>The algorithm, or null when it is not implemented.</returns>
    public static CompressionAlgorithm? Find(AlgorithmIdentifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return identifier.Oid == Zlib.Oid && identifier.HasNullOrAbsentParameters ? Zlib : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
