using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace SmimeKit.Certificates;

/// <summary>ECDSA by Bouncy Castle, on curves that the platform lacks: the Brainpool ones (RFC 5639) on some.</summary>
internal static class ManagedEcdsa
{
    internal static SignatureCheck Verify(SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (TryDecode(key) is not { } parameters)
        {
            return SignatureCheck.UnusableKey;
        }

        if (DssSignatureValue.TryDecode(signature) is not var (r, s))
        {
            return SignatureCheck.Mismatch;
        }

        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, parameters);
        return signer.VerifySignature(digest.ToArray(), r, s) ? SignatureCheck.Match : SignatureCheck.Mismatch;
    }

    internal static byte[] Sign(ECPrivateKeyParameters key, ReadOnlySpan<byte> digest, DigestAlgorithm hash)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(BouncyCastleDigests.Create(hash))); // RFC 6979: no bad randomness
        signer.Init(forSigning: true, key);
        BigInteger[] values = signer.GenerateSignature(digest.ToArray());
        return DssSignatureValue.Encode(values[0], values[1]);
    }

    private static ECPublicKeyParameters? TryDecode(SubjectPublicKeyInfo key)
    {
        if (NamedCurve.Find(key.CurveOid)?.Domain is not { } domain)
        {
            return null;
        }

        try
        {
            return new ECPublicKeyParameters(domain.ValidatePublicPoint(domain.Curve.DecodePoint(key.Key.ToArray())), domain);
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            return null; // a point that is not on the curve
        }
    }
}
