using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>Public keys that are traps. Nobody has their private halves.</summary>
public static class TrapKeys
{
    /// <summary>An RSA key with a random modulus.</summary>
    public static PublicKey Rsa(int bits, byte[]? exponent = null, bool odd = true)
    {
        byte[] modulus = RandomNumberGenerator.GetBytes(bits / 8);
        modulus[0] |= 0x80;
        modulus[^1] = (byte)(odd ? modulus[^1] | 1 : modulus[^1] & 0xFE);
        return Rsa(modulus, exponent ?? [1, 0, 1]);
    }

    /// <summary>An RSA key of these numbers.</summary>
    public static PublicKey Rsa(byte[] modulus, byte[] exponent)
    {
        byte[] key = Asn.Sequence(
            Asn.Write(w => w.WriteIntegerUnsigned(modulus)), Asn.Write(w => w.WriteIntegerUnsigned(exponent)));
        return Any(Asn.Algorithm("1.2.840.113549.1.1.1", [5, 0]), key);
    }

    /// <summary>A key of any algorithm.</summary>
    public static PublicKey Any(byte[] algorithm, byte[] key) =>
        PublicKey.CreateFromSubjectPublicKeyInfo(Asn.Sequence(algorithm, Asn.Tagged(0x03, [0], key)), out _);
}
