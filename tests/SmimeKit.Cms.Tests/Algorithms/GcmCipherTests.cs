using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text.Json;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class GcmCipherTests
{
    internal const string NoWideVectors = "DOTNET_EnableAVX512"; // names of settings that switch instructions off
    internal const string NoInstructions = "DOTNET_EnableHWIntrinsic";

    private const int TagSize = 16;

    [Fact]
    [Trait("Requirement", "R5083-2.2-a")]
    public static void PublishedVectors_WithAdditionalDataLast_GiveTheirCiphertextAndTag()
    {
        int count = 0;
        foreach ((JsonElement group, JsonElement test) in WycheproofFile.Read("aes_gcm_test"))
        {
            if (group.GetProperty("ivSize").GetInt32() != 96)
            {
                continue; // other nonces are refused before the cipher
            }

            byte[] plaintext = test.Octets("msg");
            byte[] ciphertext = new byte[plaintext.Length];
            byte[] tag = Run(test.Octets("key"), test.Octets("iv"), test.Octets("aad"), plaintext, ciphertext, encrypt: true);
            byte[] back = new byte[plaintext.Length];
            byte[] computed = Run(test.Octets("key"), test.Octets("iv"), test.Octets("aad"), test.Octets("ct"), back, encrypt: false);

            Assert.Equal(test.IsValid(), computed.AsSpan().SequenceEqual(test.Octets("tag")));
            if (test.IsValid())
            {
                Assert.Equal(test.Octets("ct"), ciphertext);
                Assert.Equal(test.Octets("tag"), tag);
                Assert.Equal(plaintext, back);
            }

            count++;
        }

        Assert.True(count > 100);
    }

    [Fact]
    [Trait("Requirement", "R5083-2.2-a")]
    [Trait("Requirement", "R5084-3-a")]
    public static void ContentOfAnySize_InPieces_AgreesWithTheBaseLibrary()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] content = RandomNumberGenerator.GetBytes(200_000);
        IEnumerable<int> sizes = [.. Enumerable.Range(0, 600), 4095, 4096, 4097, 65_535, 65_536, 65_537, 131_072, 200_000];
        foreach (int size in sizes)
        {
            byte[] additional = content[..(size % 77)];
            byte[] expected = new byte[size];
            byte[] expectedTag = new byte[TagSize];
            using (var reference = new AesGcm(key, TagSize))
            {
                reference.Encrypt(nonce, content.AsSpan(0, size), expected, expectedTag, additional);
            }

            byte[] ciphertext = new byte[size];
            byte[] back = new byte[size];

            Assert.Equal(expectedTag, Run(key, nonce, additional, content[..size], ciphertext, encrypt: true));
            Assert.Equal(expected, ciphertext);
            Assert.Equal(expectedTag, Run(key, nonce, additional, ciphertext, back, encrypt: false));
            Assert.Equal(content[..size], back);
        }
    }

    [Fact]
    public static void Authentication_WithoutDecryption_LeadsToTheSameTagAndNoticesAChangeInBetween()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] ciphertext = new byte[100_001];
        byte[] expected = Run(key, nonce, [1, 2, 3], new byte[ciphertext.Length], ciphertext, encrypt: true);
        byte[] tag = new byte[TagSize];
        byte[] plaintext = new byte[ciphertext.Length];
        using var cipher = new GcmCipher(key, nonce, encrypt: false);

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
    public static void PortableMultiplication_OfAnyFactors_AgreesWithTheInstruction()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            (ulong a, ulong b) = ((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));

            Assert.Equal(Multiply(a, b), ToInteger(CarrylessMultiplication.Portable(a, b)));
            Assert.Equal(
                Multiply(a, b),
                ToInteger(CarrylessMultiplication.LowLow(
                    System.Runtime.Intrinsics.Vector128.CreateScalar(a), System.Runtime.Intrinsics.Vector128.CreateScalar(b))));
        }
    }

    [Fact]
    public static void Instructions_SwitchedOff_AreNotUsed()
    {
        Assert.False(Pclmulqdq.V512.IsSupported && Environment.GetEnvironmentVariable(NoWideVectors) == "0");
        Assert.False(Pclmulqdq.IsSupported && Environment.GetEnvironmentVariable(NoInstructions) == "0");
    }

    private static UInt128 Multiply(ulong a, ulong b)
    {
        UInt128 product = 0;
        for (int i = 0; i < 64; i++)
        {
            product ^= ((b >> i) & 1) * ((UInt128)a << i);
        }

        return product;
    }

    private static UInt128 ToInteger(System.Runtime.Intrinsics.Vector128<ulong> value) =>
        new(System.Runtime.Intrinsics.Vector128.GetElement(value, 1), System.Runtime.Intrinsics.Vector128.GetElement(value, 0));

    private static byte[] Run(byte[] key, byte[] nonce, byte[] additional, byte[] input, byte[] output, bool encrypt)
    {
        using var cipher = new GcmCipher(key, nonce, encrypt);
        int at = 0;
        for (; input.Length - at > ContentCipher.PieceSize; at += ContentCipher.PieceSize)
        {
            cipher.Transform(new ArraySegment<byte>(input, at, ContentCipher.PieceSize), new ArraySegment<byte>(output)[at..]);
        }

        Assert.Equal(input.Length - at, cipher.Finish(new ArraySegment<byte>(input)[at..], new ArraySegment<byte>(output)[at..]));
        byte[] tag = new byte[TagSize];
        cipher.ComputeTag(additional, tag);
        return tag;
    }
}
