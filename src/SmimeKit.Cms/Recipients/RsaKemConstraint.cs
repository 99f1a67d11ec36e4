using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>What a key for RSA-KEM alone fixes by its parameters: kdf, kekLength and wrap of KEMRecipientInfo (RFC 9690 §2.3, §2.4).</summary>
/// <param name="Derivation">The key derivation of the RecipientInfo; that inside RSA-KEM is another matter (R9690-2.2-b).</param>
/// <param name="Wrap">The key wrap, whose key is as long as kekLength says.</param>
internal sealed record RsaKemConstraint(KeyDerivationFunction Derivation, KeyWrapAlgorithm Wrap)
{
    /// <summary>Tells whether a key leaves all choices: those of other kinds, and those without parameters, as it should be (R9690-2.3-a).</summary>
    internal static bool IsAbsent(SubjectPublicKeyInfo key) => key.Algorithm.Oid != Oids.RsaKemKey || key.Algorithm.Parameters.IsEmpty;

    /// <summary>Reads the parameters of a key; null when there are none, or none that are implemented.</summary>
    internal static RsaKemConstraint? Of(SubjectPublicKeyInfo key) =>
        !IsAbsent(key)
        && Der.TryDecode(key.Algorithm.Parameters, GenericHybridParametersAsn.Decode, out GenericHybridParametersAsn? hybrid)
        && hybrid!.Kem.Oid == Oids.KemRsa
        && Der.TryDecode(hybrid.Kem.Parameters, RsaKemParametersAsn.Decode, out RsaKemParametersAsn? kem)
        && KeyDerivationFunction.Resolve(kem!.KeyDerivationFunction) is { } derivation
        && KeyWrapAlgorithm.Resolve(hybrid.Dem, toleratesDeviations: false) is { } wrap
        && wrap.KeySize == kem.KeyLength // R9629-3-f
            ? new RsaKemConstraint(derivation, wrap)
            : null;

    /// <summary>Tells whether a RecipientInfo has the algorithms that the key fixes.</summary>
    internal bool Admits(KeyDerivationFunction derivation, KeyWrapAlgorithm wrap) =>
        derivation.Identifier.IsEquivalentTo(Derivation.Identifier) && wrap == Wrap;
}
