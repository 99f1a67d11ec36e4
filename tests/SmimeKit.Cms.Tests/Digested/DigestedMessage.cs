using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Digested;

/// <summary>DigestedData written, read, and put together field by field.</summary>
internal static class DigestedMessage
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    internal static byte[] Write(byte[] content, DigestedDataWriterOptions? options = null)
    {
        var output = new MemoryStream();
        using DigestedDataWriter writer = DigestedDataWriter.Open(output, options);
        writer.Content.Write(content, 0, content.Length);
        writer.Complete();
        return output.ToArray();
    }

    internal static (byte[] Content, DigestedDataReport Report) Read(byte[] message, CmsPolicy? policy = null, byte[]? detached = null)
    {
        using DigestedDataReader reader = DigestedDataReader.Open(
            new MemoryStream(message), new CmsReaderOptions { Policy = policy ?? CmsPolicy.Default });
        var content = new MemoryStream();
        reader.Content.CopyTo(content);
        if (detached is not null)
        {
            reader.DigestDetached(new MemoryStream(detached));
        }

        return (content.ToArray(), reader.Complete(Now));
    }

    internal static async Task<(byte[] Content, DigestedDataReport Report)> ReadAsync(Stream message)
    {
        await using var reader = (DigestedDataReader)await CmsReader.OpenAsync(message);
        var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return (content.ToArray(), await reader.CompleteAsync(Now));
    }

    /// <summary>A message in DER with the fields as given.</summary>
    internal static byte[] Raw(
        byte[]? eContent, byte[] digest, int version = 0, string contentType = "1.2.840.113549.1.7.1", byte[]? algorithm = null)
    {
        byte[] encap = eContent is null
            ? Asn.Sequence(Asn.Oid(contentType))
            : Asn.Sequence(Asn.Oid(contentType), Asn.Tagged(0xA0, eContent));
        return Asn.Sequence(
            Asn.Oid("1.2.840.113549.1.7.5"),
            Asn.Tagged(0xA0, Asn.Sequence(
                Asn.Number(version), algorithm ?? Asn.Algorithm("2.16.840.1.101.3.4.2.1"), encap, Asn.OctetString(digest))));
    }
}
