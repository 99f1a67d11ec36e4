using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Interop.Tests.Peers;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>EncryptedData with Bouncy Castle for Java, both ways. That with OpenSSL is beside the unit tests.</summary>
public sealed class EncryptedDataTests(ForeignPeers peers)
{
    public static TheoryData<string> Ciphers =>
        ["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "3DES-CBC", "Camellia-128-CBC", "Camellia-192-CBC", "Camellia-256-CBC", "RC2-128-CBC"];

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void MessageOfPeer_IsDecrypted(string cipher)
    {
        BouncyCastleJava peer = Peer();
        byte[][] made = peer.Require(BouncyCastleJava.Text("encryptData"), EnvelopeCase.Content, BouncyCastleJava.Text(Named(cipher).Oid));
        using EncryptedDataReader reader = EncryptedDataReader.Open(
            new MemoryStream(made[0]), new CmsReaderOptions { Policy = CmsPolicy.Legacy });
        reader.Decrypt(made[1], new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);

        Assert.Equal(Named(cipher), reader.Complete().Algorithm);
        Assert.Equal(EnvelopeCase.Content, content.ToArray());
    }

    /// <summary>Gets what the peer decrypts: Bouncy Castle 1.72 has no decryptor for RC2 outside recipients.</summary>
    public static TheoryData<string> DecryptedCiphers => [.. Ciphers.Select(c => c.Data).Where(c => c != "RC2-128-CBC")];

    [Theory]
    [MemberData(nameof(DecryptedCiphers))]
    public void Peer_DecryptsOurMessage(string cipher)
    {
        BouncyCastleJava peer = Peer();
        byte[] key = [.. Enumerable.Range(1, Named(cipher).KeySize).Select(i => (byte)(i * 11))];
        foreach (long? length in new long?[] { null, EnvelopeCase.Content.Length })
        {
            using var output = new MemoryStream();
            using EncryptedDataWriter writer = EncryptedDataWriter.Open(
                output, new EncryptedDataWriterOptions { Key = key, Algorithm = Named(cipher), ContentLength = length, Policy = CmsPolicy.Legacy });
            writer.Content.Write(EnvelopeCase.Content);
            writer.Complete();

            Assert.Null(peer.Compare(EnvelopeCase.Content, BouncyCastleJava.Text("decryptData"), output.ToArray(), key));
        }
    }

    private BouncyCastleJava Peer()
    {
        peers.BouncyCastleJava.Require();
        return peers.BouncyCastleJava;
    }

    private static ContentEncryptionAlgorithm Named(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);
}
