using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>
/// Signs with key objects of the base library, and turns their errors into ours. RSA keys that came from a file keep their numbers for the
/// forms that the base library lacks.
/// </summary>
internal sealed class NativePrivateSigner(AsymmetricAlgorithm key, bool ownsKey, RsaPrivateNumbers? numbers = null) : PrivateSigner
{
    internal static NativePrivateSigner FromRsa(PrivateKeyMaterial material)
    {
        RSA rsa = material.CreateRsa();
        return new NativePrivateSigner(rsa, ownsKey: true, new RsaPrivateNumbers(material.CopyRsaPrivateKey(), (rsa.KeySize + 7) / 8));
    }

    internal override byte[] GetPublicKey() => PublicKeyMatch.PublicHalf(key);

    internal override byte[] Sign(SubjectPublicKeyInfo publicKey, SignatureAlgorithm algorithm, ReadOnlySpan<byte> input)
    {
        if (!algorithm.Fits(publicKey))
        {
            throw Unsupported(algorithm); // among others: a certificate of id-RSASSA-PSS is for PSS only, RFC 4055 §1.2
        }

        try
        {
            return (algorithm, key) switch
            {
                (RsaPkcs1Signature { Digest.IsNative: true }, RSA rsa) => SignRsa(rsa, algorithm.Digest, input, RSASignaturePadding.Pkcs1),
                (RsaPkcs1Signature { Digest: { } digest }, RSA) when numbers is not null => RsaEncodedBlock.Sign(numbers, input, digest),
                (RsaPssSignature { IsNative: true }, RSA rsa) => SignRsa(rsa, algorithm.Digest!, input, RSASignaturePadding.Pss),
                (RsaPssSignature pss, RSA) when numbers is not null => pss.Sign(numbers, input),
                (EcdsaSignature, ECDsa ecdsa) => ecdsa.SignHash(input.ToArray(), DSASignatureFormat.Rfc3279DerSequence),
                _ => throw Unsupported(algorithm),
            };
        }
        catch (Exception e) when (e is CryptographicException or Org.BouncyCastle.Crypto.CryptoException or ArgumentException)
        {
            throw KeyFailure.Unusable();
        }
        catch (NotSupportedException)
        {
            throw Unsupported(algorithm);
        }
    }

    public override void Dispose()
    {
        numbers?.Dispose();
        if (ownsKey)
        {
            key.Dispose();
        }
    }

    private static byte[] SignRsa(RSA rsa, DigestAlgorithm hash, ReadOnlySpan<byte> digest, RSASignaturePadding padding)
    {
        byte[] signature = new byte[(rsa.KeySize + 7) / 8];
        return rsa.TrySignHash(digest, signature, hash.HashName, padding, out int written) && written == signature.Length
            ? signature
            : throw KeyFailure.Unusable();
    }
}
