using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>A signature scheme with everything that its identifier fixes. Shared by certificates, CRLs and CMS.</summary>
/// <remarks>
/// One family a file: <see cref="RsaPkcs1Signature"/>, <see cref="RsaPssSignature"/>, <see cref="EcdsaSignature"/>,
/// <see cref="DsaSignature"/>, <see cref="EdDsaSignature"/>, <see cref="MLDsaSignature"/>, <see cref="SlhDsaSignature"/>.
/// </remarks>
public abstract class SignatureAlgorithm
{
    private protected SignatureAlgorithm(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        Identifier = identifier;
        Digest = digest;
    }

    /// <summary>Gets the identifier, as written.</summary>
    public AlgorithmIdentifier Identifier { get; }

    /// <summary>
    /// Gets the digest that the identifier fixes; null for <c>rsaEncryption</c>, which leaves it to the context, and for schemes that sign
    /// the message itself.
    /// </summary>
    public DigestAlgorithm? Digest { get; }

    /// <summary>Gets the name of the scheme in lower case: <c>rsa</c>, <c>rsa-pss</c>, <c>ecdsa</c>, <c>ed25519</c>, <c>ml-dsa-65</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Gets whether the scheme signs the message itself and not its digest (EdDSA, ML-DSA and SLH-DSA in their pure modes, HSS/LMS). Signers and
    /// verifiers then need all of the message at once: with signed attributes it is their DER, without them it is the content.
    /// </summary>
    public virtual bool SignsMessage => false;

    /// <summary>Gets whether the parameters of the identifier as read were NULL where the RFC wants them absent, which some software writes.</summary>
    public bool HasDeviatingParameters { get; private protected init; }

    /// <summary>Resolves an identifier.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <param name="digest">The digest named beside it (SignerInfo.digestAlgorithm), or null in a certificate.</param>
    /// <returns>The scheme, or null when the OID or its parameters are not implemented.</returns>
    public static SignatureAlgorithm? Resolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        foreach (Func<AlgorithmIdentifier, DigestAlgorithm?, SignatureAlgorithm?> family in _families)
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
    /// <param name="digest">The digest, or null for the one that suits the key; it has no part in schemes that sign the message itself.</param>
    /// <param name="pss">Whether an RSA key signs with RSASSA-PSS.</param>
    /// <returns>The scheme, or null when the kind of key is not implemented.</returns>
    /// <exception cref="UnsupportedAlgorithmException">No identifier pairs the kind of key with the digest.</exception>
    public static SignatureAlgorithm? ForKey(SubjectPublicKeyInfo key, DigestAlgorithm? digest = null, bool pss = false)
    {
        ArgumentNullException.ThrowIfNull(key);
        foreach (Func<SubjectPublicKeyInfo, DigestAlgorithm?, bool, SignatureAlgorithm?> family in _choices)
        {
            if (family(key, digest, pss) is { } algorithm)
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>Tells whether keys of this kind, with the restrictions in their parameters, are for this scheme.</summary>
    /// <param name="key">The public key.</param>
    /// <returns>False when <see cref="Verify"/> would answer <see cref="SignatureCheck.UnusableKey"/> for the kind of key.</returns>
    public abstract bool Fits(SubjectPublicKeyInfo key);

    /// <summary>Tells whether the RFC of the scheme admits a digest of the content beside it in a SignerInfo.</summary>
    /// <param name="digest">SignerInfo.digestAlgorithm.</param>
    /// <param name="signedAttributes">Whether there are signed attributes, which hold that digest.</param>
    /// <returns>
    /// For schemes that sign a digest, whether it is theirs: any other makes the signature invalid. For those that sign the message, whether
    /// the digest is the prescribed one or strong enough: others are a deviation (RFC 8419 §3.1, RFC 9882 §3.3, RFC 9814 §4, RFC 9708 §5).
    /// </returns>
    public virtual bool IsPairedWith(DigestAlgorithm digest, bool signedAttributes)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return digest == Digest;
    }

    /// <summary>Gets the scheme as it is with a key that alone says what the identifier leaves open: the hash function of HSS/LMS.</summary>
    /// <param name="key">The public key.</param>
    /// <returns>The scheme; the same one when the identifier says all, or when the key does not fit.</returns>
    public virtual SignatureAlgorithm Specialize(SubjectPublicKeyInfo key) => this;

    /// <summary>Chooses the digest to name beside the scheme in a SignerInfo.</summary>
    /// <param name="signedAttributes">Whether there are signed attributes.</param>
    /// <returns>The digest.</returns>
    public virtual DigestAlgorithm ChooseDigest(bool signedAttributes) => Digest ?? DigestAlgorithm.Sha256;

    /// <summary>Checks a signature.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="input">The digest of what was signed; the message itself when <see cref="SignsMessage"/> is set.</param>
    /// <param name="hash">The digest's algorithm; ignored when <see cref="SignsMessage"/> is set.</param>
    /// <param name="signature">The signature octets.</param>
    /// <returns>The outcome; never an exception for any input.</returns>
    public abstract SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature);

    /// <summary>Checks a signature over a message, which is digested when the scheme signs digests.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="message">The message.</param>
    /// <param name="signature">The signature octets.</param>
    /// <returns>The outcome; <see cref="SignatureCheck.UnusableKey"/> also for <c>rsaEncryption</c>, which names no digest.</returns>
    public SignatureCheck VerifyMessage(SubjectPublicKeyInfo key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        SignsMessage ? Verify(key, message, DigestAlgorithm.Sha512, signature)
        : Digest is null ? SignatureCheck.UnusableKey
        : Verify(key, Digest.Hash(message), Digest, signature);

    /// <summary>Gets what a key signs for a message: its digest, or the message itself when <see cref="SignsMessage"/> is set.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The input of <see cref="ISigningKey.SignAsync"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme names no digest.</exception>
    public ReadOnlyMemory<byte> GetInput(ReadOnlyMemory<byte> message) =>
        SignsMessage ? message : (Digest ?? throw new InvalidOperationException("The scheme names no digest.")).Hash(message.Span);

    /// <summary>Gets the size of a signature made with a key, in bytes, when it is the same for all signatures.</summary>
    /// <param name="key">The public key of the signer.</param>
    /// <returns>The size, or null when signatures differ in size (DSA, ECDSA).</returns>
    public abstract int? GetFixedSize(SubjectPublicKeyInfo key);

    /// <inheritdoc/>
    public override string ToString() => Digest is null ? Name : $"{Name} with {Digest.Name}";

    private static readonly ImmutableArray<Func<AlgorithmIdentifier, DigestAlgorithm?, SignatureAlgorithm?>> _families =
    [
        RsaPkcs1Signature.TryResolve, RsaPssSignature.TryResolve, EcdsaSignature.TryResolve, DsaSignature.TryResolve,
        EdDsaSignature.TryResolve, MLDsaSignature.TryResolve, SlhDsaSignature.TryResolve, HssLmsSignature.TryResolve,
    ];

    private static readonly ImmutableArray<Func<SubjectPublicKeyInfo, DigestAlgorithm?, bool, SignatureAlgorithm?>> _choices =
    [
        RsaPssSignature.TryChoose, RsaPkcs1Signature.TryChoose, EcdsaSignature.TryChoose, DsaSignature.TryChoose,
        MessageSignature.TryChoose, HssLmsSignature.TryChoose,
    ];
}
