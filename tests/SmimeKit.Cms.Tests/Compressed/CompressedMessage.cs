using System.IO.Compression;
using SmimeKit.Cms.Compressed;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Compressed;

/// <summary>CompressedData written, read, and put together field by field.</summary>
internal static class CompressedMessage
{
    internal const string ContentType = "1.2.840.113549.1.9.16.1.9";

    internal static byte[] Write(byte[] content, CompressedDataWriterOptions? options = null)
    {
        var output = new MemoryStream();
        using CompressedDataWriter writer = CompressedDataWriter.Open(output, options);
        writer.Content.Write(content, 0, content.Length);
        writer.Complete();
        return output.ToArray();
    }

    internal static async Task<byte[]> WriteAsync(byte[] content, int chunk)
    {
        var output = new MemoryStream();
        await using CompressedDataWriter writer = await CompressedDataWriter.OpenAsync(output);
        for (int at = 0; at < content.Length; at += chunk)
        {
            await writer.Content.WriteAsync(content.AsMemory(at, Math.Min(chunk, content.Length - at)));
        }

        await writer.CompleteAsync();
        return output.ToArray();
    }

    internal static (byte[] Content, CompressedDataReport Report) Read(byte[] message, CmsLimits? limits = null)
    {
        using CompressedDataReader reader = CompressedDataReader.Open(
            new MemoryStream(message), new CmsReaderOptions { Limits = limits ?? CmsLimits.Default });
        var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return (content.ToArray(), reader.Complete());
    }

    internal static async Task<(byte[] Content, CompressedDataReport Report)> ReadAsync(Stream message)
    {
        await using var reader = (CompressedDataReader)await CmsReader.OpenAsync(message);
        var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return (content.ToArray(), await reader.CompleteAsync());
    }

    internal static byte[] Zlib(byte[] content)
    {
        var output = new MemoryStream();
        using (var deflater = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflater.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>A message in DER with the fields as given.</summary>
    internal static byte[] Raw(
        byte[]? eContent, int version = 0, byte[]? algorithm = null, string contentType = "1.2.840.113549.1.7.1") =>
        Asn.Sequence(Asn.Oid(ContentType), Asn.Tagged(0xA0, Bare(eContent, version, algorithm, contentType)));

    internal static byte[] Bare(
        byte[]? eContent, int version = 0, byte[]? algorithm = null, string contentType = "1.2.840.113549.1.7.1")
    {
        byte[] encap = eContent is null
            ? Asn.Sequence(Asn.Oid(contentType))
            : Asn.Sequence(Asn.Oid(contentType), Asn.Tagged(0xA0, Asn.OctetString(eContent)));
        return Asn.Sequence(Asn.Number(version), algorithm ?? Asn.Algorithm("1.2.840.113549.1.9.16.3.8"), encap);
    }
}
