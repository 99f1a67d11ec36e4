using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;

namespace SmimeKit.Certificates;

/// <summary>Removes the padding of RSA key transport so that a failure looks like any other key.</summary>
/// <remarks>See <c>docs/design/rsa-pkcs1-v15.md</c> for what the two paths of PKCS #1 v1.5 have in common and how it was measured.</remarks>
internal static class RsaKeyTransport
{
    private const int MaxModulusSize = 2048;   // 16384 bits, the largest modulus that is read
    private const int Pkcs1Overhead = 11;      // RFC 8017 §7.2.1: two octets, at least eight of padding, a zero

    /// <summary>Removes PKCS #1 v1.5 padding, or gives random octets when it is wrong (RFC 3218 §2.3.2).</summary>
    internal static byte[] DecryptPkcs1(RSA rsa, ReadOnlySpan<byte> encryptedKey, int keySize)
    {
        // Drawn before anything is known of the padding; fresh for every call, or an attacker could learn it.
        byte[] key = RandomNumberGenerator.GetBytes(keySize);
        int modulusSize = ModulusSize(rsa);
        if (encryptedKey.Length > modulusSize || keySize > modulusSize - Pkcs1Overhead)
        {
            return key; // Sizes are no secret: no key operation is spent on them.
        }

        Span<byte> padded = stackalloc byte[modulusSize];
        Span<byte> block = stackalloc byte[modulusSize];
        padded.Clear();
        encryptedKey.CopyTo(padded[(modulusSize - encryptedKey.Length)..]);
        try
        {
            int written = Decrypt(rsa, padded, block);
            Select(key, block, written == keySize);
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    /// <summary>Removes OAEP padding that the base library knows; null when it is wrong.</summary>
    internal static byte[]? DecryptOaep(RSA rsa, RSAEncryptionPadding padding, ReadOnlySpan<byte> encryptedKey, int keySize)
    {
        if (LeftPad(encryptedKey, ModulusSize(rsa)) is not { } padded)
        {
            return null;
        }

        try
        {
            return OfSize(rsa.Decrypt(padded, padding), keySize);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Removes OAEP padding of any parameters with a key whose numbers are at hand; null when it is wrong.</summary>
    internal static byte[]? DecryptOaep(
        RsaPrivateNumbers numbers, KeyTransportScheme.Oaep scheme, ReadOnlySpan<byte> encryptedKey, int keySize)
    {
        if (LeftPad(encryptedKey, numbers.ModulusSize) is not { } padded)
        {
            return null;
        }

        var oaep = new OaepEncoding(
            new RsaBlindedEngine(),
            BouncyCastleDigests.Create(scheme.Digest),
            BouncyCastleDigests.Create(scheme.MgfDigest),
            scheme.Label.ToArray());
        try
        {
            oaep.Init(forEncryption: false, numbers.ToBouncyCastle());
            return OfSize(oaep.ProcessBlock(padded, 0, padded.Length), keySize);
        }
        catch (Exception e) when (e is not ObjectDisposedException && IsRefusal(e))
        {
            return null;
        }
    }

    // How Bouncy Castle reports wrong padding, and numbers that are no key.
    private static bool IsRefusal(Exception e) =>
        e is CryptoException or ArgumentException or InvalidOperationException or ArithmeticException;

    private static int ModulusSize(RSA rsa)
    {
        int size = (rsa.KeySize + 7) / 8;
        return size <= MaxModulusSize ? size : throw new LimitExceededException(nameof(MaxModulusSize), MaxModulusSize);
    }

    // Both outcomes cost one exception: the platform's own here, or that of the decoy.
    private static int Decrypt(RSA rsa, ReadOnlySpan<byte> encryptedKey, Span<byte> block)
    {
        int written;
        bool failed;
        try
        {
            failed = !rsa.TryDecrypt(encryptedKey, block, RSAEncryptionPadding.Pkcs1, out written);
        }
        catch (CryptographicException)
        {
            (failed, written) = (true, -1);
        }

        RsaDecoy.Instance.DecryptTheOther(failed);
        return written;
    }

    // No branch on the outcome: both sources are read in full.
    private static void Select(Span<byte> key, ReadOnlySpan<byte> block, bool valid)
    {
        int mask = -Convert.ToInt32(valid);
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)((key[i] & ~mask) | (block[i] & mask));
        }
    }

    // R3370-4.2.1-e: leading zeros may be missing; a longer value is no ciphertext of this key.
    private static byte[]? LeftPad(ReadOnlySpan<byte> encryptedKey, int size)
    {
        if (encryptedKey.Length > size)
        {
            return null;
        }

        byte[] padded = new byte[size];
        encryptedKey.CopyTo(padded.AsSpan(size - encryptedKey.Length));
        return padded;
    }

    private static byte[]? OfSize(byte[] key, int keySize)
    {
        if (key.Length == keySize)
        {
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return null;
    }
}
