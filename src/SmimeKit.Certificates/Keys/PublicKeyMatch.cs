using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Whether a key object and a certificate hold the same public key, whatever identifier or encoding they use for it.</summary>
internal static class PublicKeyMatch
{
    /// <summary>The key of a certificate as the base library would write it; null for kinds that are not implemented or malformed.</summary>
    internal static byte[]? Normalize(SubjectPublicKeyInfo key)
    {
        using AsymmetricAlgorithm? parsed = key.IsRsa ? key.TryCreateRsa() : key.TryCreateEcdsa();
        return parsed?.ExportSubjectPublicKeyInfo();
    }

    /// <summary>Refuses a key that is not the certificate's.</summary>
    internal static void Require(Certificate certificate, AsymmetricAlgorithm key)
    {
        byte[]? expected = Normalize(certificate.PublicKey);
        if (expected is null || !expected.AsSpan().SequenceEqual(PublicHalf(key)))
        {
            throw new ArgumentException("The private key does not belong to the certificate.", nameof(key));
        }
    }

    /// <summary>Refuses what only makes or only checks signatures where a decryption key is wanted, and the reverse.</summary>
    internal static UnsupportedAlgorithmException WrongUse(SubjectPublicKeyInfo key, string use) =>
        new(key.Algorithm.Oid, $"A key of this kind cannot {use}.");

    private static byte[] PublicHalf(AsymmetricAlgorithm key)
    {
        try
        {
            return key.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException)
        {
            throw KeyFailure.Unusable();
        }
    }
}
