using System.Collections.Immutable;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>ML-DSA in its pure mode, FIPS 204; keys RFC 9881; use in CMS RFC 9882.</summary>
/// <remarks>Public keys have 1312, 1952 and 2592 bytes, signatures 2420, 3309 and 4627. Signing is hedged (randomised).</remarks>
public sealed class MLDsaSignature : MessageSignature
{
    private readonly int _minimumDigestSize; // bytes, RFC 9882 §3.3

    private MLDsaSignature(string oid, string name, int keySize, int signatureSize, int minimumDigestSize, MLDsaParameters parameters)
        : base(oid, name, keySize, signatureSize)
    {
        _minimumDigestSize = minimumDigestSize;
        Parameters = parameters;
    }

    /// <summary>Gets ML-DSA-44.</summary>
    public static MLDsaSignature MLDsa44 { get; } = new(Oids.MLDsa44, "ml-dsa-44", 1312, 2420, 32, MLDsaParameters.ml_dsa_44);

    /// <summary>Gets ML-DSA-65.</summary>
    public static MLDsaSignature MLDsa65 { get; } = new(Oids.MLDsa65, "ml-dsa-65", 1952, 3309, 48, MLDsaParameters.ml_dsa_65);

    /// <summary>Gets ML-DSA-87.</summary>
    public static MLDsaSignature MLDsa87 { get; } = new(Oids.MLDsa87, "ml-dsa-87", 2592, 4627, 64, MLDsaParameters.ml_dsa_87);

    /// <summary>Gets the parameter sets.</summary>
    public static ImmutableArray<MLDsaSignature> All { get; } = [MLDsa44, MLDsa65, MLDsa87];

    internal MLDsaParameters Parameters { get; }

    /// <inheritdoc/>
    public override bool IsPairedWith(DigestAlgorithm digest, bool signedAttributes)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return !signedAttributes || digest.Size >= _minimumDigestSize; // without attributes it is ignored (R9882-3.3-e)
    }

    /// <inheritdoc/>
    public override DigestAlgorithm ChooseDigest(bool signedAttributes) => DigestAlgorithm.Sha512; // RFC 9882 §3.3

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest) =>
        identifier.Parameters.IsEmpty ? All.FirstOrDefault(s => s.Identifier.Oid == identifier.Oid) : null;

    private protected override SignatureCheck VerifyCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var signer = new MLDsaSigner(Parameters, deterministic: true);
        signer.Init(forSigning: false, MLDsaPublicKeyParameters.FromEncoding(Parameters, key.ToArray()));
        signer.BlockUpdate(message);
        return signer.VerifySignature(signature.ToArray()) ? SignatureCheck.Match : SignatureCheck.Mismatch;
    }
}
