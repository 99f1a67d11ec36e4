using System.Formats.Asn1;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>X9.42 Diffie-Hellman in one group, RFC 2631. Neither the base library nor any platform has it.</summary>
internal sealed class DiffieHellmanGroup(DiffieHellmanDomain domain) : AgreementGroup
{
    /// <inheritdoc/>
    internal override AlgorithmIdentifier OriginatorAlgorithm { get; } = new(Oids.DhPublicNumber); // R3370-4.1.1-a

    internal DiffieHellmanDomain Domain => domain;

    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo? Complete(AlgorithmIdentifier algorithm, ReadOnlySpan<byte> key)
    {
        bool isSameGroup = algorithm.Oid == Oids.DhPublicNumber
            && (algorithm.HasNullOrAbsentParameters || DiffieHellmanDomain.TryDecode(algorithm.Parameters)?.IsSameAs(domain) == true);
        return isSameGroup && domain.TryDecodePublicKey(key.ToArray()) is { } y ? CreatePublicKey(y) : null;
    }

    /// <inheritdoc/>
    internal override AgreementKey Generate() => DiffieHellmanKey.Generate(this);

    internal SubjectPublicKeyInfo CreatePublicKey(BigInteger y)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(y.ToByteArray());
        return SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oids.DhPublicNumber, domain.Encode()), writer.Encode());
    }
}
