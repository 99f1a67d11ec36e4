using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Opens the private key behind a certificate of the base library.</summary>
internal static class X509PrivateKey
{
    internal static AsymmetricAlgorithm Open(
        X509Certificate2 certificate, Certificate parsed, Func<X509Certificate2, AsymmetricAlgorithm?> openEc, string use)
    {
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        }

        try
        {
            AsymmetricAlgorithm? key = parsed.PublicKey.Algorithm.Oid switch
            {
                Oids.RsaEncryption or Oids.RsassaPss or Oids.RsaesOaep => certificate.GetRSAPrivateKey(),
                Oids.EcPublicKey => openEc(certificate),
                _ => null,
            };
            return key ?? throw PublicKeyMatch.WrongUse(parsed.PublicKey, use);
        }
        catch (CryptographicException)
        {
            throw KeyFailure.Unusable();
        }
    }
}
