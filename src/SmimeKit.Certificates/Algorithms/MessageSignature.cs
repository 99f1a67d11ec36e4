using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>A scheme whose key, identifier and sizes are one, and that signs the message itself: EdDSA, ML-DSA, SLH-DSA.</summary>
/// <remarks>Parameters are absent in keys and in signatures. The context string is empty; the pre-hash modes are not used in CMS.</remarks>
public abstract class MessageSignature : SignatureAlgorithm
{
    private protected MessageSignature(string oid, string name, int keySize, int signatureSize)
        : base(new AlgorithmIdentifier(oid), null)
    {
        Name = name;
        PublicKeySize = keySize;
        SignatureSize = signatureSize;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool SignsMessage => true;

    /// <summary>Gets the size of a public key in bytes.</summary>
    public int PublicKeySize { get; }

    /// <summary>Gets the size of a signature in bytes.</summary>
    public int SignatureSize { get; }

    /// <inheritdoc/>
    public override bool Fits(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm.Oid == Identifier.Oid && key.Algorithm.Parameters.IsEmpty && key.Key.Length == PublicKeySize;
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        if (!Fits(key))
        {
            return SignatureCheck.UnusableKey;
        }

        try
        {
            return signature.Length == SignatureSize ? VerifyCore(key.Key.Span, input, signature) : SignatureCheck.Mismatch;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Org.BouncyCastle.Crypto.CryptoException)
        {
            return SignatureCheck.UnusableKey; // no key in spite of its length
        }
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key) => SignatureSize;

    private protected abstract SignatureCheck VerifyCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    internal static SignatureAlgorithm? TryChoose(SubjectPublicKeyInfo key, DigestAlgorithm? digest, bool pss) => Find(key.Algorithm.Oid);

    internal static MessageSignature? Find(string oid)
    {
        foreach (MessageSignature scheme in _all)
        {
            if (scheme.Identifier.Oid == oid)
            {
                return scheme;
            }
        }

        return null;
    }

    private static readonly ImmutableArray<MessageSignature> _all =
        [EdDsaSignature.Ed25519, EdDsaSignature.Ed448, .. MLDsaSignature.All, .. SlhDsaSignature.All];
}
