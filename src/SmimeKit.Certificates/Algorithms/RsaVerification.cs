using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>RSA verification by the base library, with its exceptions turned into outcomes.</summary>
internal static class RsaVerification
{
    internal static SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature, RSASignaturePadding padding)
    {
        if (key.RsaPool.Rent() is not { } rsa)
        {
            return SignatureCheck.UnusableKey;
        }

        SignatureCheck result = Verify(rsa, digest, hash, signature, padding);
        key.RsaPool.Return(rsa);
        return result;
    }

    private static SignatureCheck Verify(
        RSA rsa, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature, RSASignaturePadding padding)
    {
        if (digest.Length != hash.Size || signature.Length != (rsa.KeySize + 7) / 8)
        {
            return SignatureCheck.Mismatch;
        }

        try
        {
            return rsa.VerifyHash(digest, signature, hash.HashName, padding) ? SignatureCheck.Match : SignatureCheck.Mismatch;
        }
        catch (CryptographicException)
        {
            return SignatureCheck.Mismatch;
        }
    }
}
