using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The key wrap of password recipients, id-alg-PWRI-KEK, RFC 3211 §2.3.</summary>
/// <remarks><code>
/// formatted = count (1) || check (3) || key || random padding      -- whole blocks, two at least
/// check     = the complement of the first three octets of the key
/// wrapped   = CBC(CBC(formatted, IV), last block of the inner CBC)
/// </code></remarks>
internal static class PwriKek
{
    private const int Prefix = 4;
    private const int CheckSize = 3;
    private const int MaxKeySize = byte.MaxValue;

    /// <summary>Tells whether keys of a size in bytes can be wrapped.</summary>
    internal static bool Takes(int keySize) => keySize is >= CheckSize and <= MaxKeySize;

    /// <summary>Gets the size in bytes of a wrapped key.</summary>
    internal static int WrappedSize(int keySize, int blockSize) =>
        Math.Max(2, (Prefix + keySize + blockSize - 1) / blockSize) * blockSize;

    /// <summary>Wraps a key of 3 to 255 octets.</summary>
    internal static byte[] Wrap(CbcBlocks cipher, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> key)
    {
        int size = WrappedSize(key.Length, cipher.BlockSize) - Prefix - key.Length;
        return Wrap(cipher, iv, key, RandomNumberGenerator.GetBytes(size));
    }

    /// <summary>Wraps a key with a given padding: for published vectors.</summary>
    internal static byte[] Wrap(CbcBlocks cipher, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> key, ReadOnlySpan<byte> padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, CheckSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeySize);
        byte[] blocks = new byte[Prefix + key.Length + padding.Length];
        blocks[0] = (byte)key.Length;
        for (int i = 0; i < CheckSize; i++)
        {
            blocks[1 + i] = (byte)~key[i];
        }

        key.CopyTo(blocks.AsSpan(Prefix));
        padding.CopyTo(blocks.AsSpan(Prefix + key.Length));
        cipher.Encrypt(blocks, iv);
        Span<byte> last = stackalloc byte[cipher.BlockSize];
        blocks.AsSpan(^last.Length..).CopyTo(last);
        cipher.Encrypt(blocks, last);
        return blocks;
    }

    /// <summary>Unwraps a key of a size that is known. Takes the same time for every outcome.</summary>
    /// <returns>The key, which the caller wipes; null when count or check are wrong: a wrong password, as a rule.</returns>
    internal static byte[]? Unwrap(CbcBlocks cipher, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> wrapped, int keySize)
    {
        int block = cipher.BlockSize;
        if (!Takes(keySize) || wrapped.Length % block != 0 || wrapped.Length < WrappedSize(keySize, block) || wrapped.Length > WrappedSize(MaxKeySize, block))
        {
            return null; // lengths are fixed before anything is copied (CVE-2025-9230)
        }

        byte[] blocks = new byte[wrapped.Length];
        byte[] last = new byte[block];
        byte[] key = new byte[keySize];
        try
        {
            wrapped.CopyTo(blocks);
            wrapped[^block..].CopyTo(last);
            cipher.Decrypt(last, wrapped[^(2 * block)..^block]); // R3211-2.3.2-a: the last block of the inner layer
            cipher.Decrypt(blocks, last);
            cipher.Decrypt(blocks, iv);
            blocks.AsSpan(Prefix, keySize).CopyTo(key);
            int wrong = blocks[0] ^ keySize;
            for (int i = 0; i < CheckSize; i++)
            {
                wrong |= (byte)~(blocks[1 + i] ^ key[i]);
            }

            if (wrong == 0)
            {
                return key;
            }

            CryptographicOperations.ZeroMemory(key);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            CryptographicOperations.ZeroMemory(last);
        }
    }
}
