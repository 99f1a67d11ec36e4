using System.Collections.Immutable;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms.KeyDerivationFunctions;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A function that derives a key-encryption key from the secret of a key encapsulation, RFC 9629 §5.</summary>
/// <remarks>A function is a file and a row here: HKDF, RFC 8619 and RFC 9688 §5.1; KMAC, RFC 9688 §5.2; KDF3, RFC 9690 appendix B.1.</remarks>
internal abstract class KeyDerivationFunction
{
    private static readonly ImmutableArray<Func<AlgorithmIdentifier, KeyDerivationFunction?>> _functions =
        [HkdfFunction.TryResolve, KmacFunction.TryResolve, Kdf3Function.TryResolve];

    private protected KeyDerivationFunction(AlgorithmIdentifier identifier, DigestAlgorithm digest)
    {
        Identifier = identifier;
        Digest = digest;
    }

    /// <summary>Gets the identifier as it is written.</summary>
    internal AlgorithmIdentifier Identifier { get; }

    /// <summary>Gets the digest that it is made of, by which a caller chooses it; for KMAC that is SHAKE, whose sponge it shares.</summary>
    internal DigestAlgorithm Digest { get; }

    /// <summary>Resolves an identifier; null when it or its parameters are not implemented.</summary>
    internal static KeyDerivationFunction? Resolve(AlgorithmIdentifier identifier)
    {
        foreach (Func<AlgorithmIdentifier, KeyDerivationFunction?> function in _functions)
        {
            if (function(identifier) is { } resolved)
            {
                return resolved;
            }
        }

        return null;
    }

    /// <summary>Gets the function that goes with a digest: HKDF, and KMAC with SHAKE; null when there is none.</summary>
    internal static KeyDerivationFunction? Find(DigestAlgorithm digest) =>
        (KeyDerivationFunction?)HkdfFunction.Find(digest) ?? KmacFunction.Find(digest);

    /// <summary>Derives a key, which the caller wipes.</summary>
    internal abstract byte[] Derive(byte[] secret, byte[] info, int size);
}
