using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace SmimeKit.Certificates;

/// <summary>Signs with DSA keys from files, by Bouncy Castle.</summary>
internal sealed class DsaPrivateSigner(DsaPrivateKeyParameters key) : PrivateSigner
{
    private DsaPrivateKeyParameters? _key = key;

    // PKCS #8 of DSA: Dss-Parms in the identifier, INTEGER x in the OCTET STRING (RFC 5958, PKCS #11 §2.2.5).
    internal static DsaPrivateSigner FromMaterial(PrivateKeyMaterial material) =>
        DsaKeys.TryDecodeParameters(material.Parameters) is { } parameters
        && DsaKeys.TryDecodePrivateKey(material.PrivateKeyOctets(), parameters) is { } key
            ? new DsaPrivateSigner(key)
            : throw KeyFailure.Malformed();

    internal override byte[] GetPublicKey()
    {
        DsaPrivateKeyParameters key = GetKey();
        BigInteger y = key.Parameters.G.ModPow(key.X, key.Parameters.P);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(y.ToByteArray());
        return PublicKeyMatch.NormalizeDsa(writer.Encode());
    }

    internal override byte[] Sign(SubjectPublicKeyInfo publicKey, SignatureAlgorithm algorithm, ReadOnlySpan<byte> input) =>
        algorithm is DsaSignature ? DsaSignature.Sign(GetKey(), input, algorithm.Digest!) : throw Unsupported(algorithm);

    // Bouncy Castle's numbers cannot be wiped; they are let go.
    public override void Dispose() => _key = null;

    private DsaPrivateKeyParameters GetKey() => _key ?? throw new ObjectDisposedException(nameof(SigningKey));
}
