using System.Collections.Immutable;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>RSASSA-PKCS1-v1_5, RFC 8017 §8.2; identifiers RFC 3370 §3.2, RFC 5754 §3.2 and RFC 9688 §3.1.</summary>
/// <remarks>
/// Parameters NULL on writing, NULL or absent on reading. Verification rebuilds the whole encoded block and compares it, be it in the
/// base library or, for digests that the base library lacks, here; nothing parses a DigestInfo.
/// </remarks>
public sealed class RsaPkcs1Signature : SignatureAlgorithm
{
    private static readonly ImmutableArray<(DigestAlgorithm Digest, string Oid)> _pairs =
    [
        (DigestAlgorithm.Sha256, Oids.Sha256WithRsa), (DigestAlgorithm.Sha384, Oids.Sha384WithRsa), (DigestAlgorithm.Sha512, Oids.Sha512WithRsa),
        (DigestAlgorithm.Sha224, Oids.Sha224WithRsa), (DigestAlgorithm.Sha1, Oids.Sha1WithRsa), (DigestAlgorithm.Md5, Oids.Md5WithRsa),
        (DigestAlgorithm.Sha3_224, Oids.Sha3_224WithRsa), (DigestAlgorithm.Sha3_256, Oids.Sha3_256WithRsa),
        (DigestAlgorithm.Sha3_384, Oids.Sha3_384WithRsa), (DigestAlgorithm.Sha3_512, Oids.Sha3_512WithRsa),
    ];

    private RsaPkcs1Signature(string oid, DigestAlgorithm? digest)
        : base(AlgorithmIdentifier.WithNull(oid), digest)
    {
    }

    /// <inheritdoc/>
    public override string Name => "rsa";

    /// <summary>Creates the scheme for a digest, with the identifier that names both.</summary>
    /// <param name="digest">The digest.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="UnsupportedAlgorithmException">No RFC pairs the digest with the scheme (SHAKE).</exception>
    public static RsaPkcs1Signature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        string oid = _pairs.FindOid(digest)
            ?? throw new UnsupportedAlgorithmException(digest.Oid, $"RSASSA-PKCS1-v1_5 is not paired with {digest.Name}.");
        return new RsaPkcs1Signature(oid, digest);
    }

    /// <inheritdoc/>
    public override bool Fits(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm.Oid == Oids.RsaEncryption; // A certificate of id-RSASSA-PSS is for PSS only, RFC 4055 §1.2.
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return !Fits(key) ? SignatureCheck.UnusableKey
            : _pairs.FindOid(hash) is null ? SignatureCheck.Mismatch // rsaEncryption beside a digest that has no DigestInfo
            : hash.IsNative ? RsaVerification.Verify(key, input, hash, signature, RSASignaturePadding.Pkcs1)
            : RsaEncodedBlock.Verify(key, input, hash, signature);
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (key.KeySize + 7) / 8;
    }

    internal static SignatureAlgorithm? TryChoose(SubjectPublicKeyInfo key, DigestAlgorithm? digest, bool pss) =>
        key.Algorithm.Oid == Oids.RsaEncryption ? Create(digest ?? DigestAlgorithm.Sha256) : null;

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        if (!identifier.HasNullOrAbsentParameters)
        {
            return null;
        }

        return identifier.Oid == Oids.RsaEncryption ? new RsaPkcs1Signature(Oids.RsaEncryption, digest) // RFC 3370 §3.2: any digest
            : _pairs.FindDigest(identifier.Oid) is { } named ? new RsaPkcs1Signature(identifier.Oid, named)
            : null;
    }
}
