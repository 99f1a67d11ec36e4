using Org.BouncyCastle.Math.EC.Rfc7748;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>X25519 and X448, RFC 7748, with the keys of RFC 8410, as RFC 8418 uses them. The base library has neither.</summary>
internal sealed class MontgomeryGroup : AgreementGroup
{
    private const byte OctetString = 0x04;

    private static readonly MontgomeryGroup _x25519 = new(Oids.X25519, X25519.PointSize);
    private static readonly MontgomeryGroup _x448 = new(Oids.X448, X448.PointSize);

    private MontgomeryGroup(string oid, int size)
    {
        OriginatorAlgorithm = new AlgorithmIdentifier(oid); // R8410-3-a: no parameters anywhere
        Size = size;
    }

    /// <inheritdoc/>
    internal override AlgorithmIdentifier OriginatorAlgorithm { get; }

    /// <summary>Gets the size in bytes of keys, public and private, and of secrets.</summary>
    internal int Size { get; }

    /// <summary>Finds the group of an identifier; null for all others.</summary>
    internal static MontgomeryGroup? Find(string oid) => oid switch
    {
        Oids.X25519 => _x25519,
        Oids.X448 => _x448,
        _ => null,
    };

    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo? Complete(AlgorithmIdentifier algorithm, ReadOnlySpan<byte> key)
    {
        if (key.Length == Size + 2 && key[0] == OctetString && key[1] == Size)
        {
            key = key[2..]; // R8418-3.2-b: the text can be read so that an OCTET STRING is inside
        }

        return algorithm.Oid == OriginatorAlgorithm.Oid && algorithm.Parameters.IsEmpty && key.Length == Size
            ? SubjectPublicKeyInfo.Create(OriginatorAlgorithm, key)
            : null;
    }

    /// <inheritdoc/>
    internal override AgreementKey Generate() => MontgomeryKey.Generate(this);

    /// <summary>Multiplies the base point.</summary>
    internal byte[] DerivePublicKey(byte[] scalar)
    {
        byte[] key = new byte[Size];
        if (this == _x25519)
        {
            X25519.ScalarMultBase(scalar, 0, key, 0);
        }
        else
        {
            X448.ScalarMultBase(scalar, 0, key, 0);
        }

        return key;
    }

    /// <summary>Multiplies a point; false when the result is all zeros, which it is for points of small order (R8418-2-b).</summary>
    internal bool TryAgree(byte[] scalar, byte[] point, byte[] secret) => this == _x25519
        ? X25519.CalculateAgreement(scalar, 0, point, 0, secret, 0)
        : X448.CalculateAgreement(scalar, 0, point, 0, secret, 0);
}
