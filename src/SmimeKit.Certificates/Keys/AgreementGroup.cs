using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>What two keys must have in common to agree on a secret: a curve, or the domain parameters of Diffie-Hellman.</summary>
internal abstract class AgreementGroup
{
    /// <summary>Gets the identifier of an originator's key in a message, without parameters: the recipient's certificate has them.</summary>
    internal abstract AlgorithmIdentifier OriginatorAlgorithm { get; }

    /// <summary>Finds the group of a key; null for kinds that are not implemented, and for malformed parameters.</summary>
    internal static AgreementGroup? Of(SubjectPublicKeyInfo key) =>
        key.IsEc ? (NamedCurve.Find(key.CurveOid) is { } curve ? new EllipticGroup(curve, key.Algorithm) : null)
        : key.Algorithm.Oid == Oids.DhPublicNumber ? (DiffieHellmanDomain.TryDecode(key.Algorithm.Parameters) is { } domain ? new DiffieHellmanGroup(domain) : null)
        : MontgomeryGroup.Find(key.Algorithm.Oid);

    /// <summary>Completes another's public key by what is common to the group.</summary>
    /// <param name="algorithm">Its algorithm; parameters that are absent, or NULL, are those of the group.</param>
    /// <param name="key">The octets of its BIT STRING.</param>
    /// <returns>The key, still to be checked by <see cref="AgreementKey.Agree"/>; null when it is of another group or form.</returns>
    internal abstract SubjectPublicKeyInfo? Complete(AlgorithmIdentifier algorithm, ReadOnlySpan<byte> key);

    /// <summary>Completes another's public key; a complete one is returned itself, with what it keeps for the next time.</summary>
    internal SubjectPublicKeyInfo? Complete(SubjectPublicKeyInfo other) =>
        Complete(other.Algorithm, other.Key.Span) is not { } complete ? null
        : complete.RawData.Span.SequenceEqual(other.RawData.Span) ? other
        : complete;

    /// <summary>Makes a fresh key, for one message.</summary>
    internal abstract AgreementKey Generate();
}
