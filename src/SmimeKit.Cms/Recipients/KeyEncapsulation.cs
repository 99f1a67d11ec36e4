using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>The identifiers of key encapsulation mechanisms: ML-KEM, RFC 9936 §2.1; RSA-KEM, RFC 9690 §2.2.</summary>
/// <remarks><code>
/// RsaKemParameters ::= SEQUENCE {
///     keyDerivationFunction  KeyDerivationFunction,
///     keyLength              INTEGER (1..MAX) }
/// </code></remarks>
internal static class KeyEncapsulation
{
    /// <summary>Resolves an identifier for a recipient's key; null when it is not implemented, or not for this key.</summary>
    internal static KeyEncapsulationScheme? Resolve(AlgorithmIdentifier identifier, SubjectPublicKeyInfo key, int kekLength)
    {
        if (identifier.Oid == Oids.KemRsa)
        {
            return key.Algorithm.Oid == Oids.RsaEncryption && ResolveDigest(identifier, kekLength) is { } digest
                ? new KeyEncapsulationScheme.Rsa(digest, kekLength)
                : null;
        }

        // R9936-2.1-a: the parameters are absent. The identifier of the mechanism is that of the key.
        return MLKemParameterSet.Find(identifier.Oid) is { } set && identifier.Parameters.IsEmpty && key.Algorithm.Oid == set.Oid
            ? new KeyEncapsulationScheme.MLKem(set)
            : null;
    }

    // Absent parameters mean KDF3 with SHA-256 (RFC 9690 §2.3); others have to name the same length as the recipient's entry.
    private static DigestAlgorithm? ResolveDigest(AlgorithmIdentifier identifier, int kekLength) =>
        identifier.Parameters.IsEmpty ? DigestAlgorithm.Sha256
        : Der.TryDecode(identifier.Parameters, ReadParameters, out (AlgorithmIdentifier Kdf, int Length) parameters, AsnEncodingRules.BER)
            && parameters.Kdf.Oid == Oids.Kdf3
            && parameters.Length == kekLength
            ? KeyDerivationFunction.Resolve(parameters.Kdf)?.Digest
            : null;

    private static (AlgorithmIdentifier Kdf, int Length) ReadParameters(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier kdf = fields.ReadAlgorithmIdentifier();
        int length = fields.TryReadInt32(out int value) ? value : throw new AsnContentException();
        fields.ThrowIfNotEmpty();
        return (kdf, length);
    }
}
