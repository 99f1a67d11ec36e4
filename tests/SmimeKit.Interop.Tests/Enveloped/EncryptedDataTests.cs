using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Interop.Tests.Peers;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>EncryptedData with Bouncy Castle for Java, and with <c>openssl cms</c> and its legacy provider, both ways.</summary>
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
        (byte[] content, ContentEncryptionAlgorithm named) = Read(made[0], made[1]);
        Assert.Equal(Named(cipher), named);
        Assert.Equal(EnvelopeCase.Content, content);
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
            Assert.Null(peer.Compare(EnvelopeCase.Content, BouncyCastleJava.Text("decryptData"), Write(Named(cipher), key, length), key));
        }
    }

    /// <summary>Gets the ciphers with the names that OpenSSL has for them.</summary>
    public static TheoryData<string, string> OpenSslCiphers => new()
    {
        { "AES-128-CBC", "aes-128-cbc" },
        { "AES-192-CBC", "aes-192-cbc" },
        { "AES-256-CBC", "aes-256-cbc" },
        { "3DES-CBC", "des3" },
        { "Camellia-128-CBC", "camellia-128-cbc" },
        { "Camellia-192-CBC", "camellia-192-cbc" },
        { "Camellia-256-CBC", "camellia-256-cbc" },
    };

    [Theory]
    [MemberData(nameof(OpenSslCiphers))]
    [Trait("Requirement", "R3369-8-a")]
    [Trait("Requirement", "R3369-8-b")]
    public void OpenSsl_ReadsAndWrites(string cipher, string name)
    {
        byte[] key = [.. Enumerable.Range(1, Named(cipher).KeySize).Select(i => (byte)(i * 11))];
        byte[] theirs = OpenSsl(["-EncryptedData_encrypt", "-outform", "DER", "-" + name], key, EnvelopeCase.Content);
        Assert.Equal(EnvelopeCase.Content, Read(theirs, key).Content);
        foreach (long? length in new long?[] { null, EnvelopeCase.Content.Length })
        {
            Assert.Equal(EnvelopeCase.Content, OpenSsl(["-EncryptedData_decrypt", "-inform", "DER"], key, Write(Named(cipher), key, length)));
        }
    }

    private static byte[] OpenSsl(string[] arguments, byte[] key, byte[] input)
    {
        TestKit.Peer.OpenSsl.Require();
        string[] all = ["cms", arguments[0], "-binary", "-provider", "default", "-provider", "legacy", "-secretkey", Convert.ToHexString(key), .. arguments[1..]];
        return TestKit.Peer.OpenSsl.Run(all, input).Succeeded();
    }

    private static byte[] Write(ContentEncryptionAlgorithm cipher, byte[] key, long? length)
    {
        using var output = new MemoryStream();
        using EncryptedDataWriter writer = EncryptedDataWriter.Open(
            output, new EncryptedDataWriterOptions { Key = key, Algorithm = cipher, ContentLength = length, Policy = CmsPolicy.Legacy });
        writer.Content.Write(EnvelopeCase.Content);
        writer.Complete();
        return output.ToArray();
    }

    private static (byte[] Content, ContentEncryptionAlgorithm Cipher) Read(byte[] message, byte[] key)
    {
        using EncryptedDataReader reader = EncryptedDataReader.Open(new MemoryStream(message), new CmsReaderOptions { Policy = CmsPolicy.Legacy });
        reader.Decrypt(key, new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return (content.ToArray(), reader.Complete().Algorithm);
    }

    private BouncyCastleJava Peer()
    {
        peers.BouncyCastleJava.Require();
        return peers.BouncyCastleJava;
    }

    private static ContentEncryptionAlgorithm Named(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);
}
