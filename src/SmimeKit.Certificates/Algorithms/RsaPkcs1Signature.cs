using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>RSASSA-PKCS1-v1_5, RFC 8017 §8.2; identifiers RFC 3370 §3.2 and RFC 5754 §3.2.</summary>
/// <remarks>
/// Parameters NULL on writing, NULL or absent on reading. Verification is the platform's, which rebuilds the whole encoded block
/// and compares it; nothing here parses a DigestInfo.
/// </remarks>
public sealed class RsaPkcs1Signature : SignatureAlgorithm
{
    private RsaPkcs1Signature(string oid, DigestAlgorithm? digest)
        : base(AlgorithmIdentifier.WithNull(oid), digest)
    {
    }

    /// <inheritdoc/>
    public override string Name => "rsa";

    /// <summary>Creates the scheme for signing in CMS: <c>rsaEncryption</c> when the OID of the pair is unknown, else the pair's.</summary>
    /// <param name="digest">The digest.</param>
    /// <returns>The scheme.</returns>
    public static RsaPkcs1Signature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return new RsaPkcs1Signature(CombinedOid(digest), digest);
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(hash);
        return key.Algorithm.Oid == Oids.RsaEncryption
            ? RsaVerification.Verify(key, digest, hash, signature, RSASignaturePadding.Pkcs1)
            : SignatureCheck.UnusableKey; // A certificate of id-RSASSA-PSS is for PSS only, RFC 4055 §1.2.
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (key.KeySize + 7) / 8;
    }

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        if (!identifier.HasNullOrAbsentParameters)
        {
            return null;
        }

        return identifier.Oid switch
        {
            Oids.RsaEncryption => new RsaPkcs1Signature(Oids.RsaEncryption, digest), // RFC 3370 §3.2: any digest
            Oids.Md5WithRsa => new RsaPkcs1Signature(identifier.Oid, DigestAlgorithm.Md5),
            Oids.Sha1WithRsa => new RsaPkcs1Signature(identifier.Oid, DigestAlgorithm.Sha1),
            Oids.Sha256WithRsa => new RsaPkcs1Signature(identifier.Oid, DigestAlgorithm.Sha256),
            Oids.Sha384WithRsa => new RsaPkcs1Signature(identifier.Oid, DigestAlgorithm.Sha384),
            Oids.Sha512WithRsa => new RsaPkcs1Signature(identifier.Oid, DigestAlgorithm.Sha512),
            _ => null,
        };
    }

    private static string CombinedOid(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Sha1 => Oids.Sha1WithRsa,
        Oids.Sha256 => Oids.Sha256WithRsa,
        Oids.Sha384 => Oids.Sha384WithRsa,
        Oids.Sha512 => Oids.Sha512WithRsa,
        _ => Oids.RsaEncryption,
    };
}
