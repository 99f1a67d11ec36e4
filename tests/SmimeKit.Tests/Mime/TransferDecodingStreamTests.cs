using System.Text;
using MimeKit;
using MimeKit.Encodings;
using SmimeKit.Mime;
using Xunit;

namespace SmimeKit.Tests.Mime;

public static class TransferDecodingStreamTests
{
    private static readonly byte[] _content = CreateContent(200_000);

    public static TheoryData<string> Encodings => new()
    {
        Lines(_content, 76, "\r\n"),
        Lines(_content, 76, "\n"),
        Lines(_content, 61, "\r\n"),                                   // lines that are no whole groups of four
        Convert.ToBase64String(_content),
        Convert.ToBase64String(_content)[..^3],                        // the last group is cut off
        Lines(_content, 76, "\r\n") + new string(' ', 100_000) + "\r\n",
        Lines(_content[..100_001], 76, "\r\n") + "\r\n" + Lines(_content[..1000], 76, "\r\n"), // padding inside
        Lines(_content, 76, "\r\n").Insert(70_000, "-- *"),            // octets outside the alphabet
        "!" + Lines(_content, 76, "\r\n"),
        new string('!', 150_000),
        "",
        "QQ==",
    };

    [Theory]
    [MemberData(nameof(Encodings), DisableDiscoveryEnumeration = true)]
    public static async Task Base64_InPiecesOfAnySize_DecodesAsMimeKitDoes(string encoded)
    {
        byte[] octets = Encoding.ASCII.GetBytes(encoded);
        var decoder = new Base64Decoder();
        byte[] expected = new byte[decoder.EstimateOutputLength(octets.Length)];
        expected = expected[..decoder.Decode(octets, 0, octets.Length, expected)];

        foreach (int size in new[] { 1, 3, 1000, 65_536, 1_000_000 })
        {
            using var source = new MemoryStream(octets);
            using var pieces = new PieceStream(source, size);
            using Stream decoding = TransferDecodingStream.Wrap(pieces, ContentEncoding.Base64);
            using var decoded = new MemoryStream();
            await decoding.CopyToAsync(decoded, TestContext.Current.CancellationToken);
            Assert.Equal(expected, decoded.ToArray());
        }
    }

    private static string Lines(byte[] content, int length, string newline) =>
        string.Join(newline, Convert.ToBase64String(content).Chunk(length).Select(line => new string(line)));

    private static byte[] CreateContent(int size)
    {
        byte[] content = new byte[size];
        new Random(7).NextBytes(content);
        return content;
    }
}
