using Org.BouncyCastle.Cms;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.Interop.Tests.Peers;
using TestIdentity = SmimeKit.TestKit.Signing.TestIdentity;

namespace SmimeKit.Interop.Tests.ContentTypes;

/// <summary>AuthenticatedData exchanged with Bouncy Castle for Java, both ways. That for .NET knows no HMAC, OpenSSL 3.0 no such type.</summary>
public sealed class AuthenticatedDataTests(ForeignPeers peers)
{
    private const string Ecdh = "1.3.132.1.11.1"; // dhSinglePass-stdDH-sha256kdf-scheme
    private const string Aes256Wrap = "2.16.840.1.101.3.4.1.45";
    private static readonly byte[] _content = System.Security.Cryptography.RandomNumberGenerator.GetBytes(50_000);

    /// <summary>Gets the MACs.</summary>
    public static IReadOnlyList<string> Macs { get; } =
        ["1.3.6.1.5.5.8.1.2", "1.2.840.113549.2.8", "1.2.840.113549.2.9", "1.2.840.113549.2.10", "1.2.840.113549.2.11"];

    /// <summary>Gets the MAC, whether there are attributes, and whether the recipient has an EC key.</summary>
    public static MatrixTheoryData<string, bool, bool> Cases { get; } = new(Macs, [false, true], [false, true]);

    /// <summary>Tells whether the peer writes for such a recipient: its keys of 20 and 28 octets are no multiple of 8, which AES key wrap wants.</summary>
    public static bool PeerWrites(string mac, bool ec) => !ec || mac is not ("1.3.6.1.5.5.8.1.2" or "1.2.840.113549.2.8");

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R3369-9.1-a")]
    [Trait("Requirement", "R3369-9.2-a")]
    [Trait("Requirement", "R3369-9.2-b")]
    public void BouncyCastleJava_Reads(string mac, bool attributes, bool ec)
    {
        peers.BouncyCastleJava.Require();
        TestIdentity recipient = ec ? Recipients.P256 : Recipients.Rsa;
        string? objection = Ask(Write(mac, attributes, recipient), ec ? "kari" : "ktri", recipient);
        Assert.True(objection is null, objection);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R3369-9.1-a")]
    [Trait("Requirement", "R3369-9.3-b")]
    public void BouncyCastleJava_IsRead(string mac, bool attributes, bool ec)
    {
        peers.BouncyCastleJava.Require();
        Assert.SkipUnless(PeerWrites(mac, ec), "Its keys of 20 and 28 octets are no multiple of 8.");
        TestIdentity recipient = ec ? Recipients.P256 : Recipients.Rsa;
        byte[] certificate = recipient.Certificate.RawData.ToArray();
        byte[][] how = ec
            ? [BouncyCastleJava.Text("kari"), certificate, BouncyCastleJava.Text(Ecdh), BouncyCastleJava.Text(Aes256Wrap), BouncyCastleJava.Flag(false), [], []]
            : [BouncyCastleJava.Text("ktri"), certificate, BouncyCastle.Transport(null).GetEncoded(), BouncyCastleJava.Flag(false)];
        byte[] message = peers.BouncyCastleJava.Require(
        [
            BouncyCastleJava.Text("authenticate"), _content, BouncyCastleJava.Text(mac), BouncyCastleJava.Flag(attributes), .. how,
        ])[0];
        (byte[] content, AuthenticatedDataReport report) = Read(message, recipient);
        Assert.Equal(_content, content);
        Assert.Equal(attributes, report.AuthenticatedAttributes.Count > 0);
    }

    [Theory]
    [InlineData("1.2.840.113549.2.9")]
    [InlineData("1.2.840.113549.2.11")]
    public void BouncyCastleJava_ReadsAsTheAddedRecipientAndNotAsTheRemovedOne(string mac)
    {
        peers.BouncyCastleJava.Require();
        byte[] message = Write(mac, attributes: true, Recipients.Rsa);
        var output = new MemoryStream();
        RecipientEditor.Apply(new MemoryStream(message), output, new RecipientEdits
        {
            Added = [new CertificateRecipient(Recipients.P256.Certificate)],
            Removes = r => r.Kind == RecipientKind.KeyTransport,
            Keys = new RecipientKeys { PrivateKeys = [Recipients.Rsa.DecryptionKey] },
        });
        Assert.Null(Ask(message, "ktri", Recipients.Rsa));
        Assert.Null(Ask(output.ToArray(), "kari", Recipients.P256));
        Assert.NotNull(Ask(output.ToArray(), "ktri", Recipients.Rsa));
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.8.1.2")]
    [InlineData("1.2.840.113549.2.9")]
    [InlineData("1.2.840.113549.2.11")]
    public void BouncyCastle_MakesNoHmac(string mac)
    {
        // For the identifier of the MAC it looks for a cipher, so it neither writes nor reads AuthenticatedData with HMAC.
        var generator = new CmsAuthenticatedDataGenerator();
        generator.AddKeyTransRecipient(new Org.BouncyCastle.X509.X509Certificate(Recipients.Rsa.Certificate.RawData.ToArray()));
        Assert.Throws<CmsException>(
            () => generator.Generate(new CmsProcessableByteArray(_content), new Org.BouncyCastle.Asn1.DerObjectIdentifier(mac)));
    }

    private string? Ask(byte[] message, string kind, TestIdentity recipient) => peers.BouncyCastleJava.Compare(
        _content,
        BouncyCastleJava.Text("authenticated"),
        message,
        BouncyCastleJava.Text(kind),
        recipient.Key.ExportPkcs8PrivateKey());

    private static byte[] Write(string mac, bool attributes, TestIdentity recipient)
    {
        using var output = new MemoryStream();
        using AuthenticatedDataWriter writer = AuthenticatedDataWriter.Open(output, new AuthenticatedDataWriterOptions
        {
            Recipients = [new CertificateRecipient(recipient.Certificate)],
            Algorithm = MacAlgorithm.Find(mac)!,
            Digest = attributes ? DigestAlgorithm.Sha256 : null,
        });
        writer.Content.Write(_content);
        writer.Complete();
        return output.ToArray();
    }

    private static (byte[] Content, AuthenticatedDataReport Report) Read(byte[] message, TestIdentity recipient)
    {
        using AuthenticatedDataReader reader = AuthenticatedDataReader.Open(new MemoryStream(message));
        reader.Authenticate([DecryptionKey.FromPkcs8(recipient.Certificate, recipient.Key.ExportPkcs8PrivateKey())], DateTimeOffset.UtcNow);
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return (content.ToArray(), reader.Complete());
    }
}
