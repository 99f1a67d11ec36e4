using System.IO.Compression;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Compressed;

/// <summary>How a CompressedData is written.</summary>
/// <remarks>
/// Compress before encrypting or not at all, and only for recipients that are known to inflate. The length of what is compressed tells about
/// it: text of an attacker beside a secret, compressed together and then encrypted, gives the secret away bit by bit (RFC 8551 §6).
/// </remarks>
public sealed record CompressedDataWriterOptions
{
    /// <summary>Gets the type of the content as an object identifier; id-data for a MIME entity.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>Gets how hard to try.</summary>
    public CompressionLevel Level { get; init; } = CompressionLevel.Optimal;
}
