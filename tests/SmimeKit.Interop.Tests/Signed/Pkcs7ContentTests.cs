using System.Security.Cryptography.Pkcs;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using CmsSigner = SmimeKit.Cms.Signed.CmsSigner;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>SignedData whose content is in the form of PKCS #7 1.5, which programs of that age take: a value of its own (RFC 5652 §5.2.1).</summary>
public sealed class Pkcs7ContentTests
{
    private const string SpcIndirectData = "1.3.6.1.4.1.311.2.1.4";

    // SpcIndirectDataContent in shape: what is it, and its digest.
    private static readonly byte[] _contents =
    [
        .. Asn.Sequence(Asn.Oid("1.3.6.1.4.1.311.2.1.15"), Asn.Sequence()),
        .. Asn.Sequence(Asn.Algorithm("2.16.840.1.101.3.4.2.1", [5, 0]), Asn.OctetString(new byte[32])),
    ];

    private static readonly byte[] _value = Asn.Sequence(_contents);

    public static TheoryData<string, bool> Messages { get; } = new(
        from signer in new[] { "rsa", "p256" }
        from definite in new[] { true, false }
        select (signer, definite));

    [Theory]
    [MemberData(nameof(Messages))]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public void WrittenByUs_InTheFormOfPkcs7_IsVerifiedByOpenSsl(string kind, bool definite)
    {
        using var folder = new WorkFolder();
        string message = folder.Write("message.der", Write(TestIdentity.Signer(kind), definite));
        string root = folder.Write("root.pem", TestAuthority.RootPem);
        Assert.Equal(_contents, Verify(_contents).Succeeded());
        Assert.NotEqual(0, Verify(_value).ExitCode); // tag and length are not signed

        // The command hands out no content but data of itself: it is given, and its digest is compared.
        PeerResult Verify(byte[] content) => Peer.OpenSsl.Run(
        [
            "smime", "-verify", "-binary", "-inform", "DER", "-in", message, "-CAfile", root, "-content", folder.Write("content", content),
        ]);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public void WrittenByUs_InTheFormOfPkcs7_IsVerifiedByDotNet(string kind, bool definite)
    {
        byte[] message = Write(TestIdentity.Signer(kind), definite);
        var cms = new SignedCms();
        cms.Decode(message);
        cms.CheckSignature(verifySignatureOnly: true);
        Assert.Equal((SpcIndirectData, 1), (cms.ContentInfo.ContentType.Value, cms.Version));
        Assert.Equal(_value, cms.ContentInfo.Content);

        message[message.AsSpan().IndexOf(_value) + 10] ^= 1;
        cms.Decode(message);
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => cms.CheckSignature(verifySignatureOnly: true));
    }

    private static byte[] Write(TestIdentity signer, bool definite)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(signer)],
            Certificates = [signer.Certificate],
            ContentType = SpcIndirectData,
            UsePkcs7Content = true,
            ContentLength = definite ? _value.Length : null,
        });
        writer.Content.Write(_value);
        writer.Complete();
        return output.ToArray();
    }
}
