using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>An ECDH key on a curve that the platform lacks, by Bouncy Castle. Its numbers cannot be wiped; they are let go.</summary>
internal sealed class ManagedEcdhKey : AgreementKey
{
    private readonly NamedCurve _curve;
    private ECPrivateKeyParameters? _key;

    private ManagedEcdhKey(NamedCurve curve, BigInteger scalar)
    {
        _curve = curve;
        _key = new ECPrivateKeyParameters(scalar, curve.Domain);
    }

    internal static ManagedEcdhKey Generate(NamedCurve curve) =>
        new(curve, BigIntegers.CreateRandomInRange(BigInteger.One, curve.Domain!.N.Subtract(BigInteger.One), new SecureRandom()));

    // ECPrivateKey ::= SEQUENCE { version INTEGER, privateKey OCTET STRING, … }, RFC 5915.
    internal static ManagedEcdhKey FromMaterial(PrivateKeyMaterial material)
    {
        NamedCurve? curve = NamedCurve.Find(material.CurveOid);
        if (curve?.Domain is not { } domain)
        {
            throw KeyFailure.Malformed(); // a curve that every platform has: the key itself was refused
        }

        return Der.TryDecode(material.PrivateKeyOctets(), ReadScalar, out BigInteger? d, AsnEncodingRules.BER) && d!.SignValue > 0 && d.CompareTo(domain.N) < 0
            ? new ManagedEcdhKey(curve, d)
            : throw KeyFailure.Malformed();
    }

    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo GetPublicKey()
    {
        ECPrivateKeyParameters key = GetKey();
        var curve = new AsnWriter(AsnEncodingRules.DER);
        curve.WriteObjectIdentifier(_curve.Oid);
        ECPoint point = key.Parameters.G.Multiply(key.D).Normalize();
        return SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oids.EcPublicKey, curve.Encode()), point.GetEncoded(compressed: false));
    }

    /// <inheritdoc/>
    internal override byte[]? Agree(SubjectPublicKeyInfo other)
    {
        ECPrivateKeyParameters key = GetKey();
        try
        {
            ECDomainParameters domain = key.Parameters;
            var publicKey = new ECPublicKeyParameters(domain.ValidatePublicPoint(domain.Curve.DecodePoint(other.Key.ToArray())), domain);
            var agreement = new ECDHBasicAgreement();
            agreement.Init(key);
            return BigIntegers.AsUnsignedByteArray(_curve.CoordinateSize, agreement.CalculateAgreement(publicKey));
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            return null; // a point that is not on the curve
        }
    }

    public override void Dispose() => _key = null;

    private static BigInteger ReadScalar(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        fields.ReadIntegerBytes();
        return new BigInteger(1, fields.ReadOctetString());
    }

    private ECPrivateKeyParameters GetKey() => _key ?? throw new ObjectDisposedException(nameof(DecryptionKey));
}
