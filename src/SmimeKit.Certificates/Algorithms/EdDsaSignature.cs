using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Ed25519 and Ed448 in their pure modes, RFC 8032; keys RFC 8410; use in CMS RFC 8419.</summary>
/// <remarks>
/// Public keys have 32 and 57 bytes, signatures 64 and 114. NULL parameters of a signature are read and told. Bouncy Castle computes:
/// the base library has neither.
/// </remarks>
public sealed class EdDsaSignature : MessageSignature
{
    private EdDsaSignature(string oid, string name, int keySize, int signatureSize)
        : base(oid, name, keySize, signatureSize)
    {
    }

    /// <summary>Gets Ed25519.</summary>
    public static EdDsaSignature Ed25519 { get; } = Create25519(deviates: false);

    /// <summary>Gets Ed448.</summary>
    public static EdDsaSignature Ed448 { get; } = Create448(deviates: false);

    private bool Is25519 => Identifier.Oid == Oids.Ed25519;

    /// <inheritdoc/>
    public override bool IsPairedWith(DigestAlgorithm digest, bool signedAttributes) => digest == ChooseDigest(signedAttributes);

    /// <inheritdoc/>
    public override DigestAlgorithm ChooseDigest(bool signedAttributes) => Is25519 ? DigestAlgorithm.Sha512
        : signedAttributes ? DigestAlgorithm.Shake256Len // RFC 8419 §3.1
        : DigestAlgorithm.Shake256; // RFC 8419 §3.2

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest) =>
        !identifier.HasNullOrAbsentParameters ? null : (identifier.Oid, identifier.Parameters.IsEmpty) switch
        {
            (Oids.Ed25519, true) => Ed25519,
            (Oids.Ed448, true) => Ed448,
            (Oids.Ed25519, false) => Create25519(deviates: true),
            (Oids.Ed448, false) => Create448(deviates: true),
            _ => null,
        };

    private protected override SignatureCheck VerifyCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        bool valid = Is25519
            ? Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Verify(signature, key, message)
            : Org.BouncyCastle.Math.EC.Rfc8032.Ed448.Verify(signature, key, [], message);
        return valid ? SignatureCheck.Match : SignatureCheck.Mismatch;
    }

    private static EdDsaSignature Create25519(bool deviates) =>
        new(Oids.Ed25519, "ed25519", 32, 64) { HasDeviatingParameters = deviates };

    private static EdDsaSignature Create448(bool deviates) =>
        new(Oids.Ed448, "ed448", 57, 114) { HasDeviatingParameters = deviates };
}
