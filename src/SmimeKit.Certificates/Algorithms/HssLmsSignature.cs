using Org.BouncyCastle.Pqc.Crypto.Lms;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>HSS/LMS, RFC 8554 with the parameter sets of NIST SP 800-208; use in CMS RFC 9708, in certificates RFC 9802.</summary>
/// <remarks>
/// <para>
/// Signatures are verified. Nothing here signs: a key is used up leaf by leaf, and one leaf used twice gives forgeries away, so its state has to
/// outlive crashes, copies and restored backups. A signer that keeps it (a device) is plugged in as an <see cref="ISigningKey"/>, which promises
/// to use no leaf again (RFC 9708 §6).
/// </para>
/// <para>
/// Public keys have 52 or 60 bytes, signatures from 1 KiB to 75 KiB; a signature of eight levels costs some 70 000 hashes to verify. The identifier
/// names no parameters: those are in the key. Bouncy Castle computes.
/// </para>
/// </remarks>
public sealed class HssLmsSignature : SignatureAlgorithm
{
    private readonly DigestAlgorithm? _tree; // null when no key has told it yet

    private HssLmsSignature(DigestAlgorithm? tree)
        : base(new AlgorithmIdentifier(Oids.HssLms), null) => _tree = tree;

    /// <inheritdoc/>
    public override string Name => "hss-lms";

    /// <inheritdoc/>
    public override bool SignsMessage => true;

    /// <inheritdoc/>
    public override bool Fits(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return HssPublicKey.TryDecode(key) is not null;
    }

    /// <inheritdoc/>
    public override SignatureAlgorithm Specialize(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return HssPublicKey.TryDecode(key) is { } hss ? new HssLmsSignature(hss.Top.Parameters.Digest) : this;
    }

    /// <inheritdoc/>
    public override bool IsPairedWith(DigestAlgorithm digest, bool signedAttributes)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return _tree is null ? digest == DigestAlgorithm.Sha256 || digest == DigestAlgorithm.Shake256 : digest == _tree; // R9708-5-a
    }

    /// <inheritdoc/>
    public override DigestAlgorithm ChooseDigest(bool signedAttributes) => _tree ?? DigestAlgorithm.Sha256;

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (HssPublicKey.TryDecode(key) is not { } hss)
        {
            return SignatureCheck.UnusableKey;
        }

        if (!hss.FitsSignature(signature))
        {
            return SignatureCheck.Mismatch;
        }

        var verifier = new HssSigner();
        verifier.Init(forSigning: false, HssPublicKeyParameters.GetInstance(hss.Octets.ToArray()));
        return verifier.VerifySignature(input.ToArray(), signature.ToArray()) ? SignatureCheck.Match : SignatureCheck.Mismatch;
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key) => HssPublicKey.TryDecode(key) is { Levels: 1 } hss
        ? sizeof(uint) + hss.Top.Parameters.SignatureSize
        : null; // the parameters of lower trees are in the signature

    internal static SignatureAlgorithm? TryChoose(SubjectPublicKeyInfo key, DigestAlgorithm? digest, bool pss) =>
        key.Algorithm.Oid == Oids.HssLms ? new HssLmsSignature(null).Specialize(key) : null;

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest) =>
        identifier.Oid == Oids.HssLms && identifier.Parameters.IsEmpty ? new HssLmsSignature(null) : null;
}
