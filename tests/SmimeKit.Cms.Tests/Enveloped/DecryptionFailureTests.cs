using System.Numerics;
using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Whatever fails after the choice of a recipient looks the same from outside.</summary>
public static class DecryptionFailureTests
{
    private static readonly KeyTransportScheme _oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);

    public static TheoryData<string, string> Pkcs1Faults
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string cipher in new[] { "AES-256-CBC", "AES-256-GCM" })
            {
                foreach (string fault in new[] { "block-type", "leading-octet", "separator", "short-key", "long-key", "zero-in-padding", "wrong-key", "random", "too-long", "empty" })
                {
                    data.Add(cipher, fault);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pkcs1Faults))]
    [Trait("Requirement", "R3218-2.3.2-a")]
    [Trait("Requirement", "R3370-4.2.1-d")]
    [Trait("Requirement", "R8551-6-c")]
    [Trait("Requirement", "R3369-6.3-d")]
    [Trait("Requirement", "R3370-9-f")]
    [Trait("Kind", "negative")]
    public static void Pkcs1_WithAnyFault_FailsLikeAWrongKey(string cipher, string fault)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher));
        byte[] encryptedKey = Faulty(fault, message.Key);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, change: _ => encryptedKey));

        DecryptionFailedException? error = null;
        for (int i = 0; error is null; i++)
        {
            // A random key passes for the right one in CBC once in 256 times; the content is rubbish then, and called unauthenticated.
            Assert.True(i < 20);
            error = Record.Exception(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)) as DecryptionFailedException;
        }

        Assert.Null(error.InnerException);
        Assert.Equal(new DecryptionFailedException().Message, error.Message);
        Assert.Empty(error.Data);
    }

    [Theory]
    [InlineData("AES-256-CBC")]
    [InlineData("AES-256-GCM")]
    [Trait("Requirement", "R3218-2.3.2-c")]
    [Trait("Kind", "negative")]
    public static void Substitute_ForAFailedKey_IsAnotherOneEachTime(string cipher)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        RawEnvelope message = RawEnvelope.Of(algorithm, new byte[200_000]);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, change: _ => Faulty("block-type", message.Key)));
        var options = new CmsReaderOptions { ReleaseMode = ReleaseMode.Provisional };

        Assert.NotEqual(ReadSome(message.Encode(), options), ReadSome(message.Encode(), options));
    }

    [Fact]
    [Trait("Requirement", "R3560-6-b")]
    [Trait("Requirement", "R3369-6.3-d")]
    [Trait("Kind", "negative")]
    public static void Oaep_WithAnyFault_FailsAtTheEndLikeEverythingElse()
    {
        foreach (string cipher in new[] { "AES-256-CBC", "AES-256-GCM" })
        {
            for (int i = 0; i < 256; i += 17)
            {
                RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher));
                int at = i;
                message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, scheme: _oaep, change: key => Flip(key, at)));

                Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
            }
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-6.4-a")]
    [Trait("Kind", "negative")]
    public static void Oaep_AroundAKeyOfAnotherSize_Fails()
    {
        foreach (int size in new[] { 0, 1, 15, 31, 33, 64 })
        {
            RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
            message.To(RawEnvelope.Transport(TestIdentity.Rsa, new byte[size], scheme: _oaep));

            Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
        }
    }

    [Fact]
    [Trait("Requirement", "R3370-4.2.1-e")]
    public static void EncryptedKey_WithoutItsLeadingZeros_IsReadAndReported()
    {
        foreach (KeyTransportScheme scheme in new[] { _oaep, new KeyTransportScheme.Pkcs1() })
        {
            RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
            byte[] encryptedKey;
            do
            {
                encryptedKey = RsaKeyEncryption.Encrypt(TestIdentity.Rsa.Certificate.PublicKey, scheme, message.Key);
            }
            while (encryptedKey[0] != 0);

            message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, scheme: scheme, change: _ => encryptedKey[1..]));
            Envelope.Opened opened = Envelope.Open(message.Encode(), TestIdentity.Rsa);

            Assert.Equal(RawEnvelope.DefaultContent, opened.Content);
            Assert.Equal(["encrypted-key-short"], opened.Report.Deviations);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(47)]
    [Trait("Requirement", "R3369-6.3-e")]
    [Trait("Kind", "negative")]
    public static void CbcCiphertext_OfAnImpossibleLength_FailsWhereWrongPaddingDoes(int length)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Ciphertext = message.Ciphertext![..length];
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));
        reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);

        Assert.Throws<DecryptionFailedException>(() => reader.Content.CopyTo(Stream.Null));
    }

    [Fact]
    [Trait("Requirement", "R5083-2.2-c")]
    [Trait("Requirement", "R5083-2.2-d")]
    [Trait("Kind", "negative")]
    public static void GcmTag_WithAnyBitFlipped_ReleasesNothing()
    {
        foreach (int size in new[] { 0, 1, 16, 65_536, 65_552, 200_000 })
        {
            RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Gcm, new byte[size]);
            message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
            message.Mac = Flip(message.Mac!, size % 16);
            using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

            Assert.Throws<DecryptionFailedException>(() => reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now));
            Assert.Equal(0, reader.ContentLength);
        }
    }

    [Fact]
    [Trait("Requirement", "R5083-2.2-e")]
    public static void ProvisionalRelease_OfAChangedMessage_EndsWithTheFailure()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Gcm, new byte[200_000]);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Mac = Flip(message.Mac!, 3);
        using EncryptedContentReader reader = Envelope.OpenReader(
            new MemoryStream(message.Encode()), new CmsReaderOptions { ReleaseMode = ReleaseMode.Provisional });
        reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);
        reader.Content.ReadExactly(new byte[1000]);

        Assert.Throws<DecryptionFailedException>(() => reader.Complete());
    }

    private static byte[] ReadSome(byte[] message, CmsReaderOptions options)
    {
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message), options);
        reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);
        byte[] some = new byte[16];
        reader.Content.ReadExactly(some);
        return some;
    }

    private static byte[] Flip(byte[] value, int at)
    {
        byte[] flipped = [.. value];
        flipped[at] ^= 1;
        return flipped;
    }

    private static byte[] Faulty(string fault, byte[] key)
    {
        byte[] block = new byte[256];
        block.AsSpan().Fill(0xAB);
        (block[0], block[1]) = (0, 2);
        int start = block.Length - key.Length;
        switch (fault)
        {
            case "short-key":
                start++;
                key = key[1..];
                break;
            case "long-key":
                start--;
                key = [7, .. key];
                break;
            case "wrong-key":
                key = RandomNumberGenerator.GetBytes(key.Length);
                break;
        }

        block[start - 1] = 0;
        key.CopyTo(block, start);
        switch (fault)
        {
            case "block-type":
                block[1] = 1;
                break;
            case "leading-octet":
                block[0] = 1;
                break;
            case "separator":
                block.AsSpan(2).Replace((byte)0, (byte)1);
                break;
            case "zero-in-padding":
                block[5] = 0;
                break;
            case "random":
                RandomNumberGenerator.Fill(block.AsSpan(1));
                break;
            case "too-long":
                return new byte[300];
            case "empty":
                return [];
        }

        using RSA rsa = TestIdentity.Rsa.Certificate.PublicKey.TryCreateRsa()!;
        RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: false);
        BigInteger encrypted = BigInteger.ModPow(
            new BigInteger(block, isUnsigned: true, isBigEndian: true),
            new BigInteger(parameters.Exponent, isUnsigned: true, isBigEndian: true),
            new BigInteger(parameters.Modulus, isUnsigned: true, isBigEndian: true));
        byte[] octets = encrypted.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[block.Length - octets.Length], .. octets];
    }
}
