using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Messages that other programs made, with the keys published beside them.</summary>
public static class PublishedMessageTests
{
    [Theory]
    [InlineData("enc-rsa-aes128.eml", "smrsa1")]
    [InlineData("enc-rsa-aes192.eml", "smrsa1")]
    [InlineData("enc-rsa-aes256.eml", "smrsa1")]
    [InlineData("enc-rsa-stream.ber", "smrsa1")]
    [InlineData("enc-rsa-keyid.der", "smrsa2")]
    [InlineData("enc-rsa-oaep-sha1.der", "smrsa1")]
    [InlineData("enc-rsa-oaep-sha256.der", "smrsa1")]
    [InlineData("enc-rsa-oaep-sha384-mgf1sha1.der", "smrsa1")]
    [InlineData("enc-rsa-oaep-label.der", "smrsa1")]
    [InlineData("enc-ecdh-p256.eml", "smec1")]
    [InlineData("enc-ecdh-p256-kdf-sha256.der", "smec1")]
    [InlineData("enc-ecdh-ec3-kdf-sha384-aes256wrap.der", "smec3")]
    [InlineData("enc-ecdh-ec3-cofactor.der", "smec3")]
    [InlineData("enc-many-recipients.eml", "smrsa1")]
    [InlineData("authenc-rsa-aes-128-gcm.eml", "smrsa1")]
    [InlineData("authenc-rsa-aes-192-gcm.eml", "smrsa1")]
    [InlineData("authenc-rsa-aes-256-gcm.eml", "smrsa1")]
    [InlineData("authenc-ecdh-p256-aes256gcm.der", "smec1")]
    [Trait("Requirement", "R3369-6.2.1-b")]
    [Trait("Requirement", "R3369-6.1-h")]
    [Trait("Requirement", "R3560-3-c")]
    [Trait("Requirement", "R3560-3-d")]
    [Trait("Requirement", "R3560-3-e")]
    [Trait("Requirement", "R5753-7.1.4-a")]
    [Trait("Requirement", "R5753-3.1.1-a")]
    [Trait("Requirement", "R5083-2.1-a")]
    [Trait("Requirement", "R5083-2.2-b")]
    public static void OpenSslMessage_WithItsKey_HasTheContent(string file, string identity)
    {
        Envelope.Opened opened = Envelope.Open(Envelope.ReadVector("peer-openssl/" + file), OpenSslIdentity(identity));

        string expected = Encoding.UTF8.GetString(Vectors.Read("peer-openssl/content.txt")).ReplaceLineEndings("\r\n");
        Assert.Equal(expected.TrimEnd(), Encoding.UTF8.GetString(opened.Content).ReplaceLineEndings("\r\n").TrimEnd());
        Assert.Equal(file.StartsWith("authenc", StringComparison.Ordinal), opened.Report.IsAuthenticated);
        Assert.Empty(opened.Report.Deviations);
    }

    [Theory]
    [InlineData("fran-oaep_ossl.env", "Fran")]
    [InlineData("fran-oaep-label_ossl.env", "Fran")]
    [InlineData("fran-oaep-sha256hash_ossl.env", "Fran")]
    [InlineData("fran-oaep-sha256hash-sha256mgf_ossl.env", "Fran")]
    [InlineData("fran-ec_ossl-aes128-sha256.env", "Fran-ec")]
    [InlineData("fran-ec_ossl-aes256-sha512.env", "Fran-ec")]
    [Trait("Requirement", "R3560-3-d")]
    [Trait("Requirement", "R3560-3-e")]
    [Trait("Policy", "legacy")]
    public static void MessageForFran_WithHerKey_HasTheContent(string file, string identity)
    {
        var fran = TestIdentity.FromPkcs12(Vectors.Read($"thunderbird-interop/{identity}.p12"), "nss");

        Envelope.Opened opened = Envelope.Open(Envelope.ReadVector("thunderbird-interop/" + file), Envelope.Legacy, fran.Key);

        Assert.Contains("This is a test message to Fran.", Encoding.ASCII.GetString(opened.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smime-signed-enc-complex.eml")]
    [InlineData("smime-signed-enc-hp-baseline.eml")]
    [InlineData("smime-signed-enc-hp-shy-legacy-reply.eml")]
    public static void MessageOfRfc9788_WithTheKeyOfBob_HasTheSignedMessageInside(string file)
    {
        var bob = TestIdentity.FromPem(
            Encoding.ASCII.GetString(Vectors.Read("rfc9216/bob.encrypt.crt")) + Encoding.ASCII.GetString(Vectors.Read("rfc9216/bob.decrypt.key")));

        Envelope.Opened opened = Envelope.Open(Envelope.ReadVector("rfc9788/" + file), bob);

        Assert.Contains("smime-type=\"signed-data\"", Encoding.ASCII.GetString(opened.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice.env.eml")]
    [InlineData("alice.dsig.SHA256.multipart.env.eml")]
    [InlineData("alice.sig.SHA512.opaque.env.eml")]
    [Trait("Policy", "legacy")]
    public static void MessageOfThunderbird_WithTheKeyOfBob_IsDecrypted(string file)
    {
        var bob = TestIdentity.FromPkcs12(Vectors.Read("thunderbird-smime/Bob.p12"), "nss");

        Envelope.Opened opened = Envelope.Open(Envelope.ReadVector("thunderbird-smime/" + file), Envelope.Legacy, bob.Key);

        Assert.Contains("Content-Type:", Encoding.ASCII.GetString(opened.Content), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("5.1", "3DES-CBC")]
    [InlineData("5.2", "RC2-40-CBC")]
    [Trait("Requirement", "R3370-5.1-a")]
    [Trait("Requirement", "R3370-5.2-a")]
    [Trait("Requirement", "R4134-1-a")]
    [Trait("Requirement", "R8551-4.5-a")]
    [Trait("Policy", "legacy")]
    public static void MessageOfRfc4134_WithTheKeyOfBob_HasTheContentAndBothWeaknesses(string example, string cipher)
    {
        Certificate certificate = Certificate.Decode(Vectors.Read("rfc4134/BobRSASignByCarl.cer"));
        using var key = DecryptionKey.FromPkcs8(certificate, Vectors.Read("rfc4134/BobPrivRSAEncrypt.pri"));

        Envelope.Opened opened = Envelope.Open(Vectors.Read($"rfc4134/{example}.bin"), Envelope.Legacy, key);

        Assert.Equal(Vectors.Read("rfc4134/ExContent.bin"), opened.Content);
        Assert.Equal(cipher, opened.Report.Algorithm.Name);
        Assert.Equal(["weak-cipher", "weak-rsa-key"], opened.Report.Weaknesses);
    }

    [Fact]
    [Trait("Requirement", "R3370-4.1.1-a")]
    [Trait("Requirement", "R3370-4.1.1-b")]
    [Trait("Requirement", "R3370-4.1.1-d")]
    [Trait("Policy", "legacy")]
    public static void OpenSslMessage_WithDiffieHellman_IsReadUnderTheLegacyPolicyOnly()
    {
        byte[] message = Envelope.ReadVector("peer-openssl/enc-dh-x942.der");
        using KeyFile file = KeyFile.Decode(Vectors.Read("openssl-smime-certs/smdh.pem"));
        IDecryptionKey key = file.DecryptionKeys[0];

        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, key);

        Assert.Equal(Encoding.UTF8.GetString(Vectors.Read("peer-openssl/content.txt")).ReplaceLineEndings("\n").Trim(), Encoding.UTF8.GetString(opened.Content).ReplaceLineEndings("\n").Trim());
        Assert.Equal(["weak-key-agreement"], opened.Report.Weaknesses);
        Assert.Throws<PolicyViolationException>(() => Envelope.Open(message, CmsReaderOptions.Default, key));
    }

    [Fact]
    [Trait("Requirement", "R5083-2.2-c")]
    [Trait("Kind", "negative")]
    public static void OpenSslMessage_WithOneBitOfTheTagChanged_Fails() => Assert.Throws<DecryptionFailedException>(
        () => Envelope.Open(Envelope.ReadVector("peer-openssl/bad-authenc-rsa-aes-256-gcm.tag-bit.eml"), OpenSslIdentity("smrsa1")));

    [Theory]
    [InlineData("enc-dh-x942.der", RecipientKind.KeyAgreement)]
    [Trait("Requirement", "R3369-6.2-d")]
    public static void OpenSslMessage_ForAnotherTechnique_IsListed(string file, RecipientKind kind)
    {
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(Envelope.ReadVector("peer-openssl/" + file)));

        Assert.Equal(kind, Assert.Single(reader.Recipients).Kind);
        Assert.Throws<NoMatchingRecipientException>(() => reader.Decrypt([OpenSslIdentity("smrsa1").Key], Envelope.Now));
    }

    private static TestIdentity OpenSslIdentity(string name) =>
        TestIdentity.FromPem(Encoding.ASCII.GetString(Vectors.Read($"openssl-smime-certs/{name}.pem")));}
