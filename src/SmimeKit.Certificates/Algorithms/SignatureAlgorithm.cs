using System.Collections.Immutable;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A signature scheme with everything that its identifier fixes. Shared by certificates, CRLs and CMS.</summary>
/// <remarks>One family a file: <see cref="RsaPkcs1Signature"/>, <see cref="RsaPssSignature"/>, <see cref="EcdsaSignature"/>.</remarks>
public abstract class SignatureAlgorithm
{
    private protected SignatureAlgorithm(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        Identifier = identifier;
        Digest = digest;
    }

    /// <summary>Gets the identifier, as written.</summary>
    public AlgorithmIdentifier Identifier { get; }

    /// <summary>Gets the digest that the identifier fixes; null for <c>rsaEncryption</c>, which leaves it to the context.</summary>
    public DigestAlgorithm? Digest { get; }

    /// <summary>Gets the name of the scheme in lower case: <c>rsa</c>, <c>rsa-pss</c>, <c>ecdsa</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Resolves an identifier.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <param name="digest">The digest named beside it (SignerInfo.digestAlgorithm), or null in a certificate.</param>
    /// <returns>The scheme, or null when the OID or its parameters are not implemented.</returns>
    public static SignatureAlgorithm? Resolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        foreach (Func<AlgorithmIdentifier, DigestAlgorithm?, SignatureAlgorithm?> family in Families)
        {
            if (family(identifier, digest) is { } algorithm)
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>Chooses the scheme to sign with for a key: the key decides (see the requirements on generation).</summary>
    /// <param name="key">The signer's public key.</param>
    /// <param name="digest">The digest, or null for the one that suits the key.</param>
    /// <param name="pss">Whether an RSA key signs with RSASSA-PSS.</param>
    /// <returns>The scheme, or null when the kind of key is not implemented.</returns>
    public static SignatureAlgorithm? ForKey(SubjectPublicKeyInfo key, DigestAlgorithm? digest = null, bool pss = false)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm.Oid switch
        {
            Oids.RsassaPss => RsaPssSignature.Create(digest ?? DigestAlgorithm.Sha256),
            Oids.RsaEncryption when pss => RsaPssSignature.Create(digest ?? DigestAlgorithm.Sha256),
            Oids.RsaEncryption => RsaPkcs1Signature.Create(digest ?? DigestAlgorithm.Sha256),
            Oids.EcPublicKey => EcdsaSignature.Create(digest ?? EcdsaSignature.SuitableDigest(key)), // RFC 5753 §8
            _ => null,
        };
    }

    /// <summary>Checks a signature over a digest.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="digest">The digest of what was signed.</param>
    /// <param name="hash">The digest's algorithm.</param>
    /// <param name="signature">The signature octets.</param>
    /// <returns>The outcome; never an exception for any input.</returns>
    public abstract SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature);

    /// <summary>Gets the size of a signature made with a key, in bytes, when it is the same for all signatures.</summary>
    /// <param name="key">The public key of the signer.</param>
    /// <returns>The size, or null when signatures differ in size (ECDSA).</returns>
    public abstract int? GetFixedSize(SubjectPublicKeyInfo key);

    /// <inheritdoc/>
    public override string ToString() => Digest is null ? Name : $"{Name} with {Digest.Name}";

    private static readonly ImmutableArray<Func<AlgorithmIdentifier, DigestAlgorithm?, SignatureAlgorithm?>> Families =
        [RsaPkcs1Signature.TryResolve, RsaPssSignature.TryResolve, EcdsaSignature.TryResolve];
}
