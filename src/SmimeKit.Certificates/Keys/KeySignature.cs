using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Makes signatures with key objects of the base library, and turns their errors into ours.</summary>
internal static class KeySignature
{
    internal static byte[] Sign(
        AsymmetricAlgorithm key, SubjectPublicKeyInfo publicKey, SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        try
        {
            return (algorithm, key) switch
            {
                (RsaPkcs1Signature, RSA rsa) when publicKey.Algorithm.Oid == Oids.RsaEncryption => // RFC 4055 §1.2
                    SignRsa(rsa, algorithm.Digest!, digest, RSASignaturePadding.Pkcs1),
                (RsaPssSignature pss, RSA rsa) when pss.Allows(publicKey) && pss.IsWrittenForm =>
                    SignRsa(rsa, algorithm.Digest!, digest, RSASignaturePadding.Pss),
                (EcdsaSignature, ECDsa ecdsa) => ecdsa.SignHash(digest.ToArray(), DSASignatureFormat.Rfc3279DerSequence),
                _ => throw Unsupported(algorithm),
            };
        }
        catch (CryptographicException)
        {
            throw KeyFailure.Unusable();
        }
        catch (NotSupportedException)
        {
            throw Unsupported(algorithm);
        }
    }

    private static byte[] SignRsa(RSA rsa, DigestAlgorithm hash, ReadOnlySpan<byte> digest, RSASignaturePadding padding)
    {
        byte[] signature = new byte[(rsa.KeySize + 7) / 8];
        return rsa.TrySignHash(digest, signature, hash.HashName, padding, out int written) && written == signature.Length
            ? signature
            : throw KeyFailure.Unusable();
    }

    private static UnsupportedAlgorithmException Unsupported(SignatureAlgorithm algorithm) =>
        new(algorithm.Identifier.Oid, "The private key cannot sign with this scheme.");
}
