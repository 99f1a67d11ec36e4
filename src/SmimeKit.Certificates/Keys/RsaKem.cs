using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace SmimeKit.Certificates;

/// <summary>RSA-KEM, RFC 9690 appendix A. The base library has no RSA without padding, so Bouncy Castle computes.</summary>
internal static class RsaKem
{
    /// <summary>Makes a secret and its ciphertext for a public key.</summary>
    internal static byte[] Encapsulate(RsaKeyParameters key, KeyEncapsulationScheme.Rsa scheme, out byte[] ciphertext)
    {
        int size = (key.Modulus.BitLength + 7) / 8;
        BigInteger z = BigIntegers.CreateRandomInRange(BigInteger.Zero, key.Modulus.Subtract(BigInteger.One), new SecureRandom()); // R9629-7-a
        byte[] encoded = BigIntegers.AsUnsignedByteArray(size, z);
        try
        {
            ciphertext = BigIntegers.AsUnsignedByteArray(size, z.ModPow(key.Exponent, key.Modulus));
            return ConcatenationKdf.Kdf3(scheme.Digest, encoded, [], scheme.SecretSize); // R9690-3-b: z itself is no key
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    /// <summary>Recovers the secret; null when the ciphertext is not of the size of the modulus, or not below it (R9690-3-a).</summary>
    internal static byte[]? Decapsulate(RsaPrivateNumbers numbers, KeyEncapsulationScheme.Rsa scheme, ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length != numbers.ModulusSize)
        {
            return null;
        }

        RsaPrivateCrtKeyParameters key = numbers.ToBouncyCastle();
        var c = new BigInteger(1, ciphertext);
        if (c.CompareTo(key.Modulus) >= 0)
        {
            return null;
        }

        var engine = new RsaBlindedEngine();
        engine.Init(forEncryption: false, key);
        byte[] input = BigIntegers.AsUnsignedByteArray(numbers.ModulusSize, c);
        byte[] z = engine.ProcessBlock(input, 0, input.Length);
        byte[] encoded = new byte[numbers.ModulusSize];
        z.CopyTo(encoded, encoded.Length - z.Length);
        try
        {
            return ConcatenationKdf.Kdf3(scheme.Digest, encoded, [], scheme.SecretSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(z);
            CryptographicOperations.ZeroMemory(encoded);
        }
    }
}
