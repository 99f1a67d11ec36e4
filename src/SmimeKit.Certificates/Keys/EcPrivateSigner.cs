using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Signs with EC keys from files on curves that the platform lacks, by Bouncy Castle.</summary>
internal sealed class EcPrivateSigner(ECPrivateKeyParameters key, string curveOid) : PrivateSigner
{
    private ECPrivateKeyParameters? _key = key;

    // ECPrivateKey ::= SEQUENCE { version INTEGER, privateKey OCTET STRING, … }, RFC 5915.
    internal static EcPrivateSigner FromMaterial(PrivateKeyMaterial material)
    {
        if (NamedCurve.Find(material.CurveOid)?.Domain is not { } domain)
        {
            throw KeyFailure.Malformed(); // a curve that every platform has: the key itself was refused
        }

        ReadOnlyMemory<byte> octets = material.PrivateKeyOctets();
        return Der.TryDecode(octets, ReadScalar, out BigInteger? d, AsnEncodingRules.BER) && d!.SignValue > 0 && d.CompareTo(domain.N) < 0
            ? new EcPrivateSigner(new ECPrivateKeyParameters(d, domain), material.CurveOid!)
            : throw KeyFailure.Malformed();
    }

    internal override byte[] GetPublicKey()
    {
        ECPrivateKeyParameters key = GetKey();
        byte[] point = key.Parameters.G.Multiply(key.D).Normalize().GetEncoded(compressed: false);
        var curve = new AsnWriter(AsnEncodingRules.DER);
        curve.WriteObjectIdentifier(curveOid);
        return SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oids.EcPublicKey, curve.Encode()), point).RawData.ToArray();
    }

    internal override byte[] Sign(SubjectPublicKeyInfo publicKey, SignatureAlgorithm algorithm, ReadOnlySpan<byte> input) =>
        algorithm is EcdsaSignature ? ManagedEcdsa.Sign(GetKey(), input, algorithm.Digest!) : throw Unsupported(algorithm);

    // Bouncy Castle's numbers cannot be wiped; they are let go.
    public override void Dispose() => _key = null;

    private static BigInteger ReadScalar(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        fields.ReadIntegerBytes();
        return new BigInteger(1, fields.ReadOctetString());
    }

    private ECPrivateKeyParameters GetKey() => _key ?? throw new ObjectDisposedException(nameof(SigningKey));
}
