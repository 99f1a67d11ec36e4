using System.Security.Cryptography;
using System.Text.Json;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class CcmCipherTests
{
    [Fact]
    [Trait("Requirement", "R5084-3.1-a")]
    [Trait("Requirement", "R5083-2.2-a")]
    public static void PublishedVectors_InEveryPiece_GiveTheirCiphertextAndTag()
    {
        int count = 0;
        foreach ((JsonElement group, JsonElement test) in WycheproofFile.Read("aes_ccm_test"))
        {
            if (group.GetProperty("ivSize").GetInt32() is < 56 or > 104)
            {
                continue; // other nonces are refused before the cipher
            }

            byte[] plaintext = test.Octets("msg");
            byte[] tag = test.Octets("tag");
            if (tag.Length is < 4 or > 16 || tag.Length % 2 != 0)
            {
                Assert.False(test.IsValid()); // refused with the parameters
                continue;
            }

            foreach (int pieceSize in CipherRun.PieceSizes)
            {
                byte[] ciphertext = new byte[plaintext.Length];
                byte[] back = new byte[plaintext.Length];
                byte[] written = CipherRun.Of(Create(test, tag.Length, encrypt: true), test.Octets("aad"), plaintext, ciphertext, pieceSize);
                byte[] computed = CipherRun.Of(Create(test, tag.Length, encrypt: false), test.Octets("aad"), test.Octets("ct"), back, pieceSize);

                Assert.Equal(test.IsValid(), computed.AsSpan(0, tag.Length).SequenceEqual(tag));
                if (test.IsValid())
                {
                    Assert.Equal(test.Octets("ct"), ciphertext);
                    Assert.Equal(tag, written[..tag.Length]);
                    Assert.Equal(plaintext, back);
                }
            }

            count++;
        }

        Assert.True(count > 400);
    }

    [Theory]
    [InlineData(7, 16)]
    [InlineData(10, 12)]
    [InlineData(12, 16)]
    [InlineData(12, 4)]
    [InlineData(13, 16)]
    [Trait("Requirement", "R5084-3-a")]
    public static void ContentOfAnySize_InPieces_AgreesWithTheBaseLibraryAndBouncyCastle(int nonceSize, int tagSize)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] nonce = RandomNumberGenerator.GetBytes(nonceSize);
        byte[] content = RandomNumberGenerator.GetBytes(65_535);
        foreach (int size in (IEnumerable<int>)[.. Enumerable.Range(0, 100), 4095, 4096, 4097, 8191, 8192, 8193, 65_535])
        {
            byte[] plaintext = content[..size];
            byte[] additional = content[..(size % 77)];
            byte[] expected = new byte[size];
            byte[] expectedTag = new byte[tagSize];
            using (var reference = new AesCcm(key))
            {
                reference.Encrypt(nonce, plaintext, expected, expectedTag, additional);
            }

            byte[] ciphertext = new byte[size];
            byte[] back = new byte[size];
            byte[] tag = CipherRun.Of(new CcmCipher(key, nonce, tagSize, encrypt: true), additional, plaintext, ciphertext, 8208);
            byte[] computed = CipherRun.Of(new CcmCipher(key, nonce, tagSize, encrypt: false), additional, ciphertext, back, 48);

            Assert.Equal(expected, ciphertext);
            Assert.Equal(expectedTag, tag[..tagSize]);
            Assert.Equal(plaintext, back);
            Assert.Equal(tag, computed);
            Assert.Equal([.. expected, .. expectedTag], WithBouncyCastle(key, nonce, tagSize, additional, plaintext));
        }
    }

    [Fact]
    public static void AdditionalData_OfMoreThan65279Octets_HaveALongerLength()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        foreach (int size in new[] { 0xFEFE, 0xFEFF, 0xFF00, 0xFF01, 0x10000, 0x20001 })
        {
            byte[] additional = RandomNumberGenerator.GetBytes(size);
            byte[] tag = CipherRun.Of(new CcmCipher(key, nonce, 16, encrypt: true), additional, [1, 2, 3], new byte[3], 16);

            Assert.Equal(tag, WithBouncyCastle(key, nonce, 16, additional, [1, 2, 3])[3..]);
        }
    }

    [Fact]
    [Trait("Requirement", "R5084-3.1-c")]
    [Trait("Kind", "negative")]
    public static void Content_LongerThanTheNonceLeavesRoomFor_IsRefused()
    {
        Assert.False(Begin(13, 70_000));
        Assert.False(Begin(13, 65_536));
        Assert.True(Begin(13, 65_535));
        Assert.False(Begin(12, 1 << 24));
        Assert.True(Begin(12, (1 << 24) - 1));
        Assert.True(Begin(10, CcmCipher.MaxContent));
        Assert.False(Begin(7, CcmCipher.MaxContent + 1));
        Assert.Equal(12, AesCcmFamily.Instance.ChooseIvSize((1 << 24) - 1));
        Assert.Equal(10, AesCcmFamily.Instance.ChooseIvSize(1 << 24));
        Assert.Equal(10, AesCcmFamily.Instance.ChooseIvSize(null));
    }

    private static bool Begin(int nonceSize, long length)
    {
        using var cipher = new CcmCipher(new byte[16], new byte[nonceSize], 16, encrypt: true);
        return cipher.Begin([], length);
    }

    private static CcmCipher Create(JsonElement test, int tagSize, bool encrypt) =>
        new(test.Octets("key"), test.Octets("iv"), tagSize, encrypt);

    private static byte[] WithBouncyCastle(byte[] key, byte[] nonce, int tagSize, byte[] additional, byte[] plaintext)
    {
        var cipher = new CcmBlockCipher(AesUtilities.CreateEngine());
        cipher.Init(forEncryption: true, new AeadParameters(new KeyParameter(key), tagSize * 8, nonce, additional));
        byte[] output = new byte[cipher.GetOutputSize(plaintext.Length)];
        int count = cipher.ProcessBytes(plaintext, 0, plaintext.Length, output, 0);
        cipher.DoFinal(output, count);
        return output;
    }
}
