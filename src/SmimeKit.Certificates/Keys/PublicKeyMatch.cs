using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Whether a key object and a certificate hold the same public key, whatever identifier or encoding they use for it.</summary>
internal static class PublicKeyMatch
{
    /// <summary>
    /// The key of a certificate as the base library would write it, without parameters where they may be inherited; null for kinds that
    /// are not implemented or malformed.
    /// </summary>
    internal static byte[]? Normalize(SubjectPublicKeyInfo key)
    {
        if (key.IsDsa)
        {
            return NormalizeDsa(key.Key.Span);
        }

        if (MLKemParameterSet.Find(key.Algorithm.Oid) is { } set)
        {
            return set.Fits(key) ? key.RawData.ToArray() : null;
        }

        if (key.IsDiffieHellman || MontgomeryGroup.Find(key.Algorithm.Oid) is not null)
        {
            return AgreementGroup.Of(key)?.Complete(key.Algorithm, key.Key.Span)?.RawData.ToArray();
        }

        if (!key.IsRsa && !key.IsEc)
        {
            return MessageSignature.Find(key.Algorithm.Oid)?.Fits(key) == true ? key.RawData.ToArray() : null;
        }

        using AsymmetricAlgorithm? parsed = key.IsRsa ? key.TryCreateRsa() : key.TryCreateEcdsa();
        return parsed?.ExportSubjectPublicKeyInfo() ?? (NamedCurve.Find(key.CurveOid)?.Domain is null ? null : key.RawData.ToArray());
    }

    /// <summary>A DSA key without its parameters.</summary>
    internal static byte[] NormalizeDsa(ReadOnlySpan<byte> key) =>
        SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oids.Dsa), key).RawData.ToArray();

    /// <summary>Refuses a key that is not the certificate's.</summary>
    internal static void Require(Certificate certificate, AsymmetricAlgorithm key) => Require(certificate, PublicHalf(key));

    /// <summary>Refuses a key that is not the certificate's.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="key">The public half of the key, normalized.</param>
    internal static void Require(Certificate certificate, ReadOnlySpan<byte> key)
    {
        byte[]? expected = Normalize(certificate.PublicKey);
        if (expected is null || !expected.AsSpan().SequenceEqual(key))
        {
            throw new ArgumentException("The private key does not belong to the certificate.", nameof(key));
        }
    }

    /// <summary>Refuses what only makes or only checks signatures where a decryption key is wanted, and the reverse.</summary>
    internal static UnsupportedAlgorithmException WrongUse(SubjectPublicKeyInfo key, string use) =>
        new(key.Algorithm.Oid, $"A key of this kind cannot {use}.");

    internal static byte[] PublicHalf(AsymmetricAlgorithm key)
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
