using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Cms;
using SmimeKit.Cms.Compressed;
using SmimeKit.Interop.Tests.Peers;

namespace SmimeKit.Interop.Tests.ContentTypes;

/// <summary>CompressedData exchanged with Bouncy Castle, for Java and for .NET, both ways. The OpenSSL of Debian is built without zlib.</summary>
public sealed class CompressedDataTests(ForeignPeers peers)
{
    public static TheoryData<int> Sizes { get; } = [0, 1, 1000, 100_000, 1_000_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    [Trait("Requirement", "R3274-1.1-a")]
    [Trait("Requirement", "R3274-2-a")]
    public void BouncyCastleJava_ReadsAndWrites(int size)
    {
        peers.BouncyCastleJava.Require();
        byte[] content = Content(size);
        string? objection = peers.BouncyCastleJava.Compare(content, BouncyCastleJava.Text("decompress"), Write(content));
        Assert.True(objection is null, objection);
        byte[] theirs = peers.BouncyCastleJava.Require(BouncyCastleJava.Text("compress"), content)[0];
        Assert.Equal(content, Read(theirs));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    [Trait("Requirement", "R3274-1.1-a")]
    [Trait("Requirement", "R3274-2-a")]
    public void BouncyCastle_ReadsAndWrites(int size)
    {
        byte[] content = Content(size);
        Assert.Equal(content, new CmsCompressedData(Write(content)).GetContent());
        CmsCompressedData theirs = new CmsCompressedDataGenerator().Generate(new CmsProcessableByteArray(content), CmsCompressedDataGenerator.ZLib);
        Assert.Equal(content, Read(theirs.GetEncoded()));
    }

    // Half text, half noise.
    private static byte[] Content(int size) =>
    [
        .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, size / 20).Select(i => $"line {i % 1000}\r\n"))).Take(size / 2),
        .. RandomNumberGenerator.GetBytes(size - (size / 2)),
    ];

    private static byte[] Write(byte[] content)
    {
        using var output = new MemoryStream();
        using CompressedDataWriter writer = CompressedDataWriter.Open(output);
        writer.Content.Write(content);
        writer.Complete();
        return output.ToArray();
    }

    private static byte[] Read(byte[] message)
    {
        using CompressedDataReader reader = CompressedDataReader.Open(new MemoryStream(message));
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        reader.Complete();
        return content.ToArray();
    }
}
