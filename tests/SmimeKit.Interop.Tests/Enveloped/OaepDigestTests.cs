using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>RSAES-OAEP with the digests that only OpenSSL among the peers takes in CMS.</summary>
public static class OaepDigestTests
{
    private static readonly byte[] _content = EnvelopeCase.Content;

    public static TheoryData<string> Digests => ["sha-224", "sha3-256", "sha3-384", "sha3-512"];

    [Theory]
    [MemberData(nameof(Digests))]
    public static void OurMessage_IsDecryptedByOpenSsl(string name)
    {
        Peer.OpenSsl.Require();
        DigestAlgorithm digest = DigestAlgorithm.BuiltIn.First(d => d.Name == name);
        using var output = new MemoryStream();
        var recipient = new CertificateRecipient(Recipients.Rsa.Certificate) { KeyTransport = new KeyTransportScheme.Oaep(digest, digest, default) };
        using (EnvelopedDataWriter writer = EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions { Recipients = [recipient] }))
        {
            writer.Content.Write(_content);
            writer.Complete();
        }

        Assert.Null(new OpenSsl().FindObjection(output.ToArray(), _content, Recipients.Rsa));
    }

    [Theory]
    [MemberData(nameof(Digests))]
    public static void MessageOfOpenSsl_IsDecrypted(string name)
    {
        Peer.OpenSsl.Require();
        using var folder = new WorkFolder();
        string digest = name.Replace("sha-", "sha", StringComparison.Ordinal);
        byte[] message = Peer.OpenSsl.Run(
        [
            "cms", "-encrypt", "-binary", "-outform", "DER", "-aes128", "-recip", folder.Write("recipient.pem", Recipients.Rsa.CertificatePem),
            "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:" + digest, "-keyopt", "rsa_mgf1_md:" + digest,
        ], _content).Succeeded();

        using EnvelopedDataReader reader = EnvelopedDataReader.Open(new MemoryStream(message));
        reader.Decrypt([Recipients.Rsa.DecryptionKey], new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        _ = reader.Complete();
        Assert.Equal(_content, content.ToArray());
    }
}
