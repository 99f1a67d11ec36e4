using System.Security.Cryptography;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class ChaCha20Poly1305CipherTests
{
    private const int TagSize = 16;

    [Fact]
    [Trait("Requirement", "R8103-3-b")]
    [Trait("Requirement", "R8103-3-c")]
    public static void PublishedVectors_InEveryPieceWithAdditionalDataLast_GiveTheirCiphertextAndTag()
    {
        int count = 0;
        foreach ((JsonElement group, JsonElement test) in WycheproofFile.Read("chacha20_poly1305_test"))
        {
            if (group.GetProperty("ivSize").GetInt32() != 96)
            {
                continue; // other nonces are refused before the cipher
            }

            byte[] plaintext = test.Octets("msg");
            foreach (int pieceSize in CipherRun.PieceSizes)
            {
                byte[] ciphertext = new byte[plaintext.Length];
                byte[] back = new byte[plaintext.Length];
                byte[] tag = CipherRun.Of(Create(test, encrypt: true), test.Octets("aad"), plaintext, ciphertext, pieceSize);
                byte[] computed = CipherRun.Of(Create(test, encrypt: false), test.Octets("aad"), test.Octets("ct"), back, pieceSize);

                Assert.Equal(test.IsValid(), computed.AsSpan().SequenceEqual(test.Octets("tag")));
                if (test.IsValid())
                {
                    Assert.Equal(test.Octets("ct"), ciphertext);
                    Assert.Equal(test.Octets("tag"), tag);
                    Assert.Equal(plaintext, back);
                }
            }

            count++;
        }

        Assert.True(count > 300);
    }

    [Fact]
    [Trait("Requirement", "R8103-3-c")]
    public static void ContentOfAnySize_InPieces_AgreesWithTheBaseLibraryAndBouncyCastle()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] content = RandomNumberGenerator.GetBytes(200_000);
        foreach (int size in (IEnumerable<int>)[.. Enumerable.Range(0, 300), 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_000])
        {
            byte[] plaintext = content[..size];
            byte[] additional = content[..(size % 77)];
            byte[] expected = new byte[size];
            byte[] expectedTag = new byte[TagSize];
            using (var reference = new ChaCha20Poly1305(key))
            {
                reference.Encrypt(nonce, plaintext, expected, expectedTag, additional);
            }

            byte[] ciphertext = new byte[size];
            byte[] back = new byte[size];

            Assert.Equal(
                expectedTag, CipherRun.Of(new ChaCha20Poly1305Cipher(key, nonce, encrypt: true), additional, plaintext, ciphertext, 8208));
            Assert.Equal(expected, ciphertext);
            Assert.Equal(
                expectedTag, CipherRun.Of(new ChaCha20Poly1305Cipher(key, nonce, encrypt: false), additional, ciphertext, back, 48));
            Assert.Equal(plaintext, back);
            Assert.Equal([.. expected, .. expectedTag], WithBouncyCastle(key, nonce, additional, plaintext));
        }
    }

    [Fact]
    public static void Authentication_WithoutDecryption_LeadsToTheSameTagAndNoticesAChangeInBetween()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] ciphertext = new byte[100_001];
        byte[] expected = CipherRun.Of(new ChaCha20Poly1305Cipher(key, nonce, encrypt: true), [1, 2, 3], new byte[ciphertext.Length], ciphertext, 64);
        byte[] tag = new byte[TagSize];
        byte[] plaintext = new byte[ciphertext.Length];
        using var cipher = new ChaCha20Poly1305Cipher(key, nonce, encrypt: false);

        HashState before = cipher.State;
        cipher.Authenticate(ciphertext.AsSpan(0, 65_536));
        HashState after = cipher.State;
        cipher.Authenticate(ciphertext.AsSpan(65_536));
        cipher.ComputeTag([1, 2, 3], tag);
        cipher.Restart();
        cipher.ApplyStream(ciphertext.AsSpan(0, 65_536), plaintext);
        cipher.ApplyStream(ciphertext.AsSpan(65_536), plaintext.AsSpan(65_536));

        Assert.Equal(expected, tag);
        Assert.Equal(new byte[ciphertext.Length], plaintext);
        Assert.Equal(after, cipher.Rehash(before, ciphertext.AsSpan(0, 65_536)));

        ciphertext[40_000] ^= 1;

        Assert.NotEqual(after, cipher.Rehash(before, ciphertext.AsSpan(0, 65_536)));
    }

    [Fact]
    public static void Poly1305_AtTheEdgesOfItsModulus_AgreesWithBouncyCastle()
    {
        // Keys and blocks of few or many ones bring the sum next to 2^130 - 5.
        byte[][] halves = [new byte[16], Enumerable.Repeat((byte)0xFF, 16).ToArray(), [1, .. new byte[15]], [2, .. new byte[15]], [.. new byte[15], 1]];
        byte[][] blocks = [.. halves, [0xFB, .. Enumerable.Repeat((byte)0xFF, 15)], [0xFA, .. Enumerable.Repeat((byte)0xFF, 15)]];
        foreach (byte[] r in halves)
        {
            foreach (byte[] s in halves)
            {
                foreach (byte[] first in blocks)
                {
                    foreach (byte[] second in blocks)
                    {
                        byte[] expected = new byte[TagSize];
                        var reference = new Org.BouncyCastle.Crypto.Macs.Poly1305();
                        reference.Init(new KeyParameter([.. r, .. s]));
                        reference.BlockUpdate([.. first, .. second], 0, 32);
                        reference.DoFinal(expected, 0);
                        byte[] tag = new byte[TagSize];
                        using var hash = new Poly1305([.. r, .. s]);
                        hash.Append(second);
                        hash.Prepend(first);
                        hash.GetTag(tag);

                        Assert.Equal(expected, tag);
                    }
                }
            }
        }
    }

    private static ChaCha20Poly1305Cipher Create(JsonElement test, bool encrypt) => new(test.Octets("key"), test.Octets("iv"), encrypt);

    private static byte[] WithBouncyCastle(byte[] key, byte[] nonce, byte[] additional, byte[] plaintext)
    {
        var cipher = new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305();
        cipher.Init(forEncryption: true, new AeadParameters(new KeyParameter(key), TagSize * 8, nonce, additional));
        byte[] output = new byte[cipher.GetOutputSize(plaintext.Length)];
        int count = cipher.ProcessBytes(plaintext, 0, plaintext.Length, output, 0);
        cipher.DoFinal(output, count);
        return output;
    }
}
