using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>What the wraps of RFC 3217 have in common: a checksum, and two passes of CBC over blocks of 8 octets with a reversal between.</summary>
internal abstract class TwoPassKeyWrap(string oid, string name, int keySize) : KeyWrapAlgorithm(oid, name, keySize)
{
    private protected const int Block = 8;
    private protected const int Overhead = 2 * Block; // initialization vector and checksum

    private static ReadOnlySpan<byte> SecondIv => [0x4A, 0xDD, 0xA2, 0x2C, 0x79, 0xE8, 0x21, 0x05]; // RFC 3217 §3.1, §4.1

    /// <summary>Encrypts the key with its padding, a multiple of 8 octets, under an initialization vector.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        byte[] checkedKey = [.. key, .. Checksum(key)];
        try
        {
            byte[] firstPass = [.. iv, .. TransformCbc(keyEncryptionKey, checkedKey, iv, forEncryption: true)];
            firstPass.AsSpan().Reverse();
            return TransformCbc(keyEncryptionKey, firstPass, SecondIv, forEncryption: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(checkedKey);
        }
    }

    /// <summary>One pass; the input is a multiple of 8 octets.</summary>
    private protected abstract byte[] TransformCbc(
        ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> input, ReadOnlySpan<byte> iv, bool forEncryption);

    /// <summary>Encrypts the key with its padding under a fresh initialization vector (R3217-3.1-b).</summary>
    private protected byte[] Seal(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key) =>
        Seal(keyEncryptionKey, key, RandomNumberGenerator.GetBytes(Block));

    /// <summary>Decrypts the key with its padding; the caller wipes it whatever the checksum says.</summary>
    private protected (byte[] Key, bool IsIntact) Open(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        byte[] firstPass = TransformCbc(keyEncryptionKey, wrapped, SecondIv, forEncryption: false);
        firstPass.AsSpan().Reverse();
        byte[] checkedKey = TransformCbc(keyEncryptionKey, firstPass.AsSpan(Block), firstPass.AsSpan(0, Block), forEncryption: false);
        byte[] key = checkedKey[..^Block];
        bool isIntact = CryptographicOperations.FixedTimeEquals(Checksum(key), checkedKey.AsSpan(key.Length));
        CryptographicOperations.ZeroMemory(checkedKey);
        return (key, isIntact);
    }

#pragma warning disable CA5350 // A checksum under encryption, RFC 3217 §2.
    private static byte[] Checksum(ReadOnlySpan<byte> key) => SHA1.HashData(key)[..Block];
#pragma warning restore CA5350
}
