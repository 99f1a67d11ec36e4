using System.Security.Cryptography;
using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Mime;
using Xunit;

namespace SmimeKit.Tests.Mime;

public static class SignedSpanTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("a\nb")]
    [InlineData("\r\r\n\n\r")]
    [InlineData("no line end at all")]
    public static void Append_AtEverySplit_DigestsReceivedAndCanonicalForm(string start)
    {
        // Line ends at every offset of a vector, one of them bare.
        string text = start + string.Concat(Enumerable.Range(0, 150).Select(i => new string('x', i % 70) + (i == 120 ? "\n" : "\r\n")));
        byte[] octets = Encoding.ASCII.GetBytes(text);
        byte[] canonical = Encoding.ASCII.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

        foreach (int split in Enumerable.Range(0, 200).Append(octets.Length))
        {
            using var span = new SignedSpan([DigestAlgorithm.Sha256], keepLimit: 0);
            span.Append(octets.AsSpan(0, Math.Min(split, octets.Length)));
            span.Append(octets.AsSpan(Math.Min(split, octets.Length)));
            Assert.Equal(SHA256.HashData(octets), span.Raw.GetDigest(DigestAlgorithm.Sha256));
            Assert.Equal(SHA256.HashData(canonical), span.Canonical!.GetDigest(DigestAlgorithm.Sha256));
        }
    }

    [Fact]
    public static void Append_OfCanonicalContent_ComputesOneDigestOnly()
    {
        byte[] octets = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => new string('x', i % 70) + "\r\n")));
        using var span = new SignedSpan([DigestAlgorithm.Sha256], keepLimit: 0);
        foreach (byte[] piece in octets.Chunk(97))
        {
            span.Append(piece);
        }

        Assert.Null(span.Canonical);
        Assert.Equal(SHA256.HashData(octets), span.Raw.GetDigest(DigestAlgorithm.Sha256));
    }
}
