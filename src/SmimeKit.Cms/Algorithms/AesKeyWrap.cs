using System.Buffers.Binary;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>AES Key Wrap, RFC 3394, as RFC 3565 §2.3.2 uses it. The base library has only the padded variant of RFC 5649.</summary>
/// <remarks>Keys are multiples of 8 octets, at least 16; the wrapped key is 8 octets longer.</remarks>
internal static class AesKeyWrap
{
    /// <summary>The octets by which a wrapped key is longer.</summary>
    internal const int Overhead = 8;

    private const int HalfBlock = 8;
    private const int Rounds = 6;
    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6; // RFC 3394 §2.2.3.1

    /// <summary>Gets the size in bytes of the key-encryption key of a wrap algorithm; 0 when it is not implemented.</summary>
    internal static int KeySize(string oid) => oid switch
    {
        Oids.Aes128Wrap => 16,
        Oids.Aes192Wrap => 24,
        Oids.Aes256Wrap => 32,
        _ => 0,
    };

    /// <summary>Gets the wrap algorithm with keys of a size in bytes.</summary>
    internal static string OidFor(int keySize) => keySize switch
    {
        16 => Oids.Aes128Wrap,
        24 => Oids.Aes192Wrap,
        32 => Oids.Aes256Wrap,
        _ => throw new ArgumentOutOfRangeException(nameof(keySize)),
    };

    /// <summary>Tells whether a wrapped key can have a size.</summary>
    internal static bool HasValidSize(int wrappedSize) => wrappedSize >= Overhead + (2 * HalfBlock) && wrappedSize % HalfBlock == 0;

    internal static byte[] Wrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        CheckSize(key.Length);
        byte[] wrapped = new byte[key.Length + Overhead];
        key.CopyTo(wrapped.AsSpan(Overhead));
        byte[] block = new byte[2 * HalfBlock];
        using Aes aes = CreateAes(keyEncryptionKey);
        using ICryptoTransform ecb = aes.CreateEncryptor();

        ulong register = InitialValue;
        ulong step = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (int at = Overhead; at < wrapped.Length; at += HalfBlock)
            {
                BinaryPrimitives.WriteUInt64BigEndian(block, register);
                wrapped.AsSpan(at, HalfBlock).CopyTo(block.AsSpan(HalfBlock));
                ecb.TransformBlock(block, 0, block.Length, block, 0);
                register = BinaryPrimitives.ReadUInt64BigEndian(block) ^ ++step;
                block.AsSpan(HalfBlock).CopyTo(wrapped.AsSpan(at));
            }
        }

        BinaryPrimitives.WriteUInt64BigEndian(wrapped, register);
        CryptographicOperations.ZeroMemory(block);
        return wrapped;
    }

    /// <summary>Unwraps a key. Takes the same time for every outcome.</summary>
    /// <returns>The key, which the caller wipes; null when the integrity check fails.</returns>
    internal static byte[]? Unwrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        CheckSize(wrapped.Length - Overhead);
        byte[] key = wrapped[Overhead..].ToArray();
        byte[] block = new byte[2 * HalfBlock];
        using Aes aes = CreateAes(keyEncryptionKey);
        using ICryptoTransform ecb = aes.CreateDecryptor();

        ulong register = BinaryPrimitives.ReadUInt64BigEndian(wrapped);
        ulong step = (ulong)(Rounds * (key.Length / HalfBlock));
        for (int round = 0; round < Rounds; round++)
        {
            for (int at = key.Length - HalfBlock; at >= 0; at -= HalfBlock)
            {
                BinaryPrimitives.WriteUInt64BigEndian(block, register ^ step--);
                key.AsSpan(at, HalfBlock).CopyTo(block.AsSpan(HalfBlock));
                ecb.TransformBlock(block, 0, block.Length, block, 0);
                register = BinaryPrimitives.ReadUInt64BigEndian(block);
                block.AsSpan(HalfBlock).CopyTo(key.AsSpan(at));
            }
        }

        CryptographicOperations.ZeroMemory(block);
        if ((register ^ InitialValue) == 0)
        {
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return null;
    }

    private static void CheckSize(int keySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keySize, 2 * HalfBlock);
        ArgumentOutOfRangeException.ThrowIfNotEqual(keySize % HalfBlock, 0);
    }

    private static Aes CreateAes(byte[] key)
    {
        Aes aes = Aes.Create();
        aes.SetKey(key);
#pragma warning disable CA5358 // The wrap is defined over single blocks.
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.None;
        return aes;
    }
}
