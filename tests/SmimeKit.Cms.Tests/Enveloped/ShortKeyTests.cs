using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Content keys of five and eight octets (RC2), which AES key wrap does not take and RFC 5649 does.</summary>
[Trait("Policy", "legacy")]
public static class ShortKeyTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(1000);
    private static readonly RecipientPassword _password = new("a password of several words");
    private static readonly KeyEncryptionKey _plain = new(new byte[] { 1 }, new byte[32]);
    private static readonly KeyEncryptionKey _padded = new(KeyWrapAlgorithm.Aes256Padded, new byte[] { 2 }, new byte[32]);

    public static TheoryData<string, int> Possible { get; } = new(
        from kind in new[] { "ktri", "kari", "kekri-pad", "pwri", "pwri-pad", "kem", "rsa-kem" }
        from bits in new[] { 40, 64, 128 }
        select (kind, bits));

    public static TheoryData<string, int> Impossible { get; } = new(
        from kind in new[] { "kekri", "kari-wrap", "kari-camellia", "pwri-wrap", "rsa-kem-fixed" }
        from bits in new[] { 40, 64 }
        select (kind, bits));

    [Theory]
    [MemberData(nameof(Possible))]
    [Trait("Requirement", "R2268-6-b")]
    public static void Message_WithAShortKey_IsReadByWhoeverCanHaveIt(string kind, int bits)
    {
        byte[] message = Envelope.Seal(_content, Options(kind, bits));
        Assert.Equal(_content, Envelope.Open(message, Keys(kind), Envelope.Legacy).Content);
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    [Trait("Kind", "negative")]
    public static async Task Message_WithAKeyThatTheWrapDoesNotTake_IsRefusedBeforeAnyOutput(string kind, int bits)
    {
        using var output = new MemoryStream();
        Assert.Throws<ArgumentException>(() => EnvelopedDataWriter.Open(output, Options(kind, bits)));
        await Assert.ThrowsAsync<ArgumentException>(() => EnvelopedDataWriter.OpenAsync(output, Options(kind, bits)).AsTask());
        Assert.Equal(0, output.Length);
    }

    [Theory]
    [InlineData(40, 5)]
    [InlineData(40, 16)]
    [InlineData(64, 8)]
    [InlineData(64, 16)]
    [Trait("Requirement", "R2268-6-b")]
    public static void Recipient_OfAMessageWithAKeyOfEitherSize_IsAdded(int bits, int keySize)
    {
        byte[] message = Raw(bits, keySize, new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default));
        foreach (string kind in new[] { "kari", "kekri-pad", "pwri", keySize == 16 ? "kekri" : "kem" })
        {
            byte[] edited = Edit(message, Recipient(kind));
            Assert.Equal(_content, Envelope.Open(edited, Keys(kind), Envelope.Legacy).Content);
            Assert.Equal(_content, Envelope.Open(edited, Keys("ktri"), Envelope.Legacy).Content);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [Trait("Kind", "negative")]
    public static void Recipient_WhereOnlyTheContentTellsTheSize_IsNotAdded(int keySize) =>
        Assert.Throws<DecryptionFailedException>(() => Edit(Raw(40, keySize, new KeyTransportScheme.Pkcs1()), Recipient("kari"))); // not a wrong key

    private static EnvelopedDataWriterOptions Options(string kind, int bits) => new()
    {
        Recipients = [Recipient(kind)], Algorithm = ContentEncryptionAlgorithm.Rc2Of(bits), Policy = CmsPolicy.Legacy,
    };

    private static EnvelopeRecipient Recipient(string kind) => kind switch
    {
        "ktri" => Envelope.For(TestIdentity.Rsa),
        "kari" => Envelope.For(TestIdentity.P256),
        "kari-wrap" => Envelope.For(TestIdentity.P256) with { KeyWrap = KeyWrapAlgorithm.Aes256 },
        "kari-camellia" => Envelope.For(TestIdentity.P256) with { KeyWrap = KeyWrapAlgorithm.Camellia256 },
        "kekri" => new KeyEncryptionKeyRecipient(_plain),
        "kekri-pad" => new KeyEncryptionKeyRecipient(_padded),
        "pwri" => new PasswordRecipient(_password) { Iterations = 10 },
        "pwri-pad" => new PasswordRecipient(_password) { Iterations = 10, KeyWrap = KeyWrapAlgorithm.Aes256Padded },
        "pwri-wrap" => new PasswordRecipient(_password) { Iterations = 10, KeyWrap = KeyWrapAlgorithm.Aes256 },
        "rsa-kem" => Envelope.For(TestIdentity.Rsa) with { EncapsulatesKey = true },
        "rsa-kem-fixed" => Envelope.For(RsaKemKeyTests.FixedToAes128Wrap),
        _ => new CertificateRecipient(KemIdentity.MLKem768.Certificate),
    };

    private static RecipientKeys Keys(string kind) => kind switch
    {
        "ktri" or "rsa-kem" => new RecipientKeys { PrivateKeys = [TestIdentity.Rsa.Key] },
        "kari" => new RecipientKeys { PrivateKeys = [TestIdentity.P256.Key] },
        "kekri" or "kekri-pad" => new RecipientKeys { KeyEncryptionKeys = [_plain, _padded] },
        "pwri" or "pwri-pad" => new RecipientKeys { Passwords = [_password] },
        _ => new RecipientKeys { PrivateKeys = [KemIdentity.MLKem768.Open()] },
    };

    private static byte[] Raw(int bits, int keySize, KeyTransportScheme scheme)
    {
        ContentEncryption encryption = ContentEncryption.Create(ContentEncryptionAlgorithm.Rc2Of(bits), null);
        byte[] key = RandomNumberGenerator.GetBytes(keySize);
        byte[] ciphertext = new byte[_content.Length + ContentCipher.MaxPadding];
        using ContentCipher cipher = encryption.CreateEncryptor(key);
        int count = cipher.Finish(_content, ciphertext);
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Rc2Cbc40);
        message.Cipher = encryption.Identifier;
        message.Ciphertext = ciphertext[..count];
        return message.To(RawEnvelope.Transport(TestIdentity.Rsa, key, scheme: scheme)).Encode();
    }

    private static byte[] Edit(byte[] message, EnvelopeRecipient added)
    {
        var output = new MemoryStream();
        RecipientEditor.Apply(new MemoryStream(message), output, new RecipientEdits { Added = [added], Keys = Keys("ktri") }, Envelope.Legacy);
        return output.ToArray();
    }
}
