using SmimeKit.Certificates;
using SmimeKit.Cms.Digested;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit;

namespace SmimeKit.Interop.Tests.ContentTypes;

/// <summary>DigestedData exchanged with <c>openssl cms</c>, both ways, and read by Bouncy Castle for Java.</summary>
public sealed class DigestedDataTests(ForeignPeers peers)
{
    private static readonly byte[] _content = System.Security.Cryptography.RandomNumberGenerator.GetBytes(200_000);

    /// <summary>Gets the digests, as OpenSSL calls them.</summary>
    public static IReadOnlyList<string> Digests { get; } = ["sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-512"];

    /// <summary>Gets the digest and whether lengths are definite.</summary>
    public static MatrixTheoryData<string, bool> Cases { get; } = new(Digests, [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R3369-7-a")]
    [Trait("Requirement", "R3369-7-b")]
    public void OpenSsl_ReadsAndWrites(string name, bool definite)
    {
        Peer.OpenSsl.Require();
        byte[] message = Write(name, definite);
        Assert.Equal(_content, Verify(message).Succeeded());
        byte[] theirs = Peer.OpenSsl.Run(
            ["cms", "-digest_create", "-binary", "-outform", "DER", "-md", name, .. definite ? [] : new[] { "-stream" }], _content).Succeeded();
        (byte[] content, DigestedDataReport report) = Read(theirs);
        Assert.Equal(_content, content);
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.Equal(definite ? theirs : message, definite ? message : Write(name, definite)); // DER is one
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void OpenSsl_RefusesWhatWeRefuse()
    {
        byte[] message = Write("sha256", definite: true);
        message[^1] ^= 1;
        Assert.NotEqual(0, Verify(message).ExitCode);
        Assert.IsType<DigestVerdict.Mismatch>(Read(message).Report.Verdict);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R3369-7-a")]
    public void BouncyCastleJava_Reads(string name, bool definite)
    {
        peers.BouncyCastleJava.Require();
        string? objection = peers.BouncyCastleJava.Compare(_content, BouncyCastleJava.Text("digested"), Write(name, definite));
        Assert.True(objection is null, objection);
    }

    private static PeerResult Verify(byte[] message) =>
        Peer.OpenSsl.Run(["cms", "-digest_verify", "-binary", "-inform", "DER"], message);

    private static byte[] Write(string name, bool definite)
    {
        using var output = new MemoryStream();
        using DigestedDataWriter writer = DigestedDataWriter.Open(output, new DigestedDataWriterOptions
        {
            Digest = DigestAlgorithm.FindByMicalg(name)!,
            ContentLength = definite ? _content.Length : null,
        });
        writer.Content.Write(_content);
        writer.Complete();
        return output.ToArray();
    }

    private static (byte[] Content, DigestedDataReport Report) Read(byte[] message)
    {
        using DigestedDataReader reader = DigestedDataReader.Open(new MemoryStream(message));
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return (content.ToArray(), reader.Complete(DateTimeOffset.UtcNow));
    }
}
