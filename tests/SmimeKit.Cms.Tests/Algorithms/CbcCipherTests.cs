using System.Text.Json;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class CbcCipherTests
{
    [Fact]
    [Trait("Requirement", "R3565-4.1-b")]
    [Trait("Requirement", "R3369-6.3-b")]
    public static void PublishedVectors_DecryptOrFailAsTheySay()
    {
        int count = 0;
        foreach ((_, JsonElement test) in WycheproofFile.Read("aes_cbc_pkcs5_test"))
        {
            byte[] key = test.Octets("key");
            ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == $"AES-{key.Length * 8}-CBC");
            byte[] ciphertext = test.Octets("ct");
            byte[] plaintext = new byte[ciphertext.Length];
            using ContentCipher decryptor = algorithm.Family.CreateDecryptor(key, new ContentCipherParameters { Iv = test.Octets("iv") });

            int size = decryptor.Finish(ciphertext, plaintext);

            Assert.Equal(test.IsValid() ? test.Octets("msg") : null, size < 0 ? null : plaintext[..size]);
            count++;
        }

        Assert.True(count > 100);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.3-b")]
    [Trait("Requirement", "R3369-6.3-c")]
    [Trait("Kind", "negative")]
    public static void Padding_OfEveryBlock_IsMeasuredAsTheRfcDefinesIt()
    {
        // One octet counts the padding, so no block may be longer than it can count.
        Assert.All(ContentEncryptionAlgorithm.BuiltIn.Where(a => !a.IsAuthenticated), a => Assert.Contains(a.IvSize, new[] { 8, 16 }));
        foreach (int size in new[] { 8, 16 })
        {
            for (int count = 0; count < 256; count++)
            {
                byte[] block = Enumerable.Repeat((byte)0xEE, size).ToArray();
                block.AsSpan(size - Math.Min(count, size)).Fill((byte)count);
                block[^1] = (byte)count;

                Assert.Equal(count >= 1 && count <= size ? count : -1, BlockPadding.Measure(block));
                for (int i = Math.Max(0, size - count); i < size - 1 && count <= size; i++)
                {
                    byte[] wrong = [.. block];
                    wrong[i] ^= 0x10;

                    Assert.Equal(-1, BlockPadding.Measure(wrong));
                }
            }
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-6.3-a")]
    [Trait("Requirement", "R3369-6.3-e")]
    public static void Content_OfEverySizeOfTwoBlocks_GetsTheExpectedPaddingAndComesBack()
    {
        byte[] key = new byte[16];
        byte[] iv = new byte[16];
        for (int size = 0; size <= 32; size++)
        {
            byte[] content = Enumerable.Range(0, size).Select(i => (byte)i).ToArray();
            byte[] ciphertext = new byte[48];
            using ContentCipher encryptor = ContentEncryptionAlgorithm.Aes128Cbc.Family.CreateEncryptor(key, new ContentCipherParameters { Iv = iv });
            int count = encryptor.Finish(content, ciphertext);
            using ContentCipher decryptor = ContentEncryptionAlgorithm.Aes128Cbc.Family.CreateDecryptor(key, new ContentCipherParameters { Iv = iv });
            using ContentCipher truncated = ContentEncryptionAlgorithm.Aes128Cbc.Family.CreateDecryptor(key, new ContentCipherParameters { Iv = iv });
            byte[] plaintext = new byte[count];

            Assert.Equal((size / 16 * 16) + 16, count);
            Assert.Equal(ContentEncryptionAlgorithm.Aes128Cbc.CiphertextSize(size), count);
            Assert.Equal(size, decryptor.Finish(new ArraySegment<byte>(ciphertext, 0, count), plaintext));
            Assert.Equal(content, plaintext[..size]);
            Assert.Equal(-1, truncated.Finish(new ArraySegment<byte>(ciphertext, 0, count - 1), plaintext));
        }
    }
}
