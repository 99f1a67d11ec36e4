using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms.KeyDerivationFunctions;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>The identifiers of key encapsulation mechanisms: ML-KEM, RFC 9936 §2.1; RSA-KEM, RFC 9690 §2.2.</summary>
internal static class KeyEncapsulation
{
    /// <summary>Resolves an identifier for a recipient's key; null when it is not implemented, or not for this key.</summary>
    internal static KeyEncapsulationScheme? Resolve(AlgorithmIdentifier identifier, SubjectPublicKeyInfo key, int kekLength)
    {
        if (identifier.Oid == Oids.KemRsa)
        {
            return key.Algorithm.Oid is Oids.RsaEncryption or Oids.RsaKemKey && ResolveDigest(identifier, kekLength) is { } digest
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
        : Der.TryDecode(identifier.Parameters, RsaKemParametersAsn.Decode, out RsaKemParametersAsn? parameters, AsnEncodingRules.BER)
            && parameters!.KeyLength == kekLength
            ? Kdf3Function.TryResolve(parameters.KeyDerivationFunction)?.Digest
            : null;
}
