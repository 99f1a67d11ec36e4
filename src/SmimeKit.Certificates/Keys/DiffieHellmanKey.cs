using System.Formats.Asn1;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A key of X9.42 Diffie-Hellman, over Bouncy Castle's integers. They cannot be wiped; they are let go.</summary>
/// <remarks><code>
/// DHPrivateKey ::= INTEGER  -- inside the privateKey of PKCS #8, with the domain parameters beside it
/// </code></remarks>
internal sealed class DiffieHellmanKey : AgreementKey
{
    private const int BlindingBits = 64;
    private const int PrimeCertainty = 64;

    private readonly DiffieHellmanGroup _group;
    private BigInteger? _x;

    private DiffieHellmanKey(DiffieHellmanGroup group, BigInteger x)
    {
        _group = group;
        _x = x;
    }

    /// <summary>Makes a fresh key: 2..q-2 (R2631-2.2-a).</summary>
    /// <exception cref="ArgumentException">The generator does not generate the group.</exception>
    internal static DiffieHellmanKey Generate(DiffieHellmanGroup group)
    {
        DiffieHellmanDomain domain = group.Domain;
        return domain.HasOrderQ(domain.G)
            ? new DiffieHellmanKey(group, BigIntegers.CreateRandomInRange(BigInteger.Two, domain.Q.Subtract(BigInteger.Two), new SecureRandom()))
            : throw new ArgumentException("The domain parameters of the recipient's key are not sound.", nameof(group));
    }

    internal static DiffieHellmanKey FromMaterial(PrivateKeyMaterial material)
    {
        DiffieHellmanDomain? domain = DiffieHellmanDomain.TryDecode(material.Parameters);
        bool isSound = domain is not null && domain.Q.IsProbablePrime(PrimeCertainty) && domain.HasOrderQ(domain.G);
        return isSound
            && Der.TryDecode(material.PrivateKeyOctets(), DiffieHellmanDomain.ReadNumber, out BigInteger? x, AsnEncodingRules.BER)
            && x!.SignValue > 0 && x.CompareTo(domain!.Q) < 0
            ? new DiffieHellmanKey(new DiffieHellmanGroup(domain), x)
            : throw KeyFailure.Malformed();
    }

    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo GetPublicKey() => _group.CreatePublicKey(_group.Domain.G.ModPow(BlindedX(), _group.Domain.P));

    /// <inheritdoc/>
    internal override byte[]? Agree(SubjectPublicKeyInfo other)
    {
        DiffieHellmanDomain domain = _group.Domain;
        return domain.TryDecodePublicKey(other.Key) is { } y && domain.HasOrderQ(y)
            ? BigIntegers.AsUnsignedByteArray(domain.Size, y.ModPow(BlindedX(), domain.P)) // R2631-2.1.1-a
            : null;
    }

    public override void Dispose() => _x = null;

    // Another exponent with the same result each time: the time that the power takes tells nothing about the key.
    private BigInteger BlindedX()
    {
        BigInteger x = _x ?? throw new ObjectDisposedException(nameof(DecryptionKey));
        return x.Add(_group.Domain.Q.Multiply(new BigInteger(BlindingBits, new SecureRandom())));
    }
}
