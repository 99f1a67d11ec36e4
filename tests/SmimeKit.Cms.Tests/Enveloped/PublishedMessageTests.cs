using System.Text;
using SmimeKit.Cms.Enveloped;
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

    private static TestIdentity OpenSslIdentity(string name) =>
        TestIdentity.FromPem(Encoding.ASCII.GetString(Vectors.Read($"openssl-smime-certs/{name}.pem")));
}
