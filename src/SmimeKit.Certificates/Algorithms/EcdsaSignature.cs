using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>ECDSA on named curves, RFC 5480 and RFC 5758; use in CMS RFC 5753 §2.</summary>
/// <remarks>Parameters are absent on writing and on reading. The signature is DER ECDSA-Sig-Value; the platform refuses r, s outside 1..n-1.</remarks>
public sealed class EcdsaSignature : SignatureAlgorithm
{
    private const int MaxSignatureSize = 256; // two 66-byte integers and their headers need 139

    private EcdsaSignature(string oid, DigestAlgorithm? digest)
        : base(new AlgorithmIdentifier(oid), digest)
    {
    }

    /// <inheritdoc/>
    public override string Name => "ecdsa";

    /// <summary>Creates the scheme for a digest.</summary>
    /// <param name="digest">SHA-1 or SHA-2.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="UnsupportedAlgorithmException">RFC 5758 pairs no identifier with the digest.</exception>
    public static EcdsaSignature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        string oid = digest.Oid switch
        {
            Oids.Sha1 => Oids.EcdsaWithSha1,
            Oids.Sha256 => Oids.EcdsaWithSha256,
            Oids.Sha384 => Oids.EcdsaWithSha384,
            Oids.Sha512 => Oids.EcdsaWithSha512,
            _ => throw new UnsupportedAlgorithmException(digest.Oid, $"ECDSA is not paired with {digest.Name}."),
        };
        return new EcdsaSignature(oid, digest);
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(hash);
        if (digest.Length != hash.Size || signature.Length > MaxSignatureSize || (Digest is not null && hash != Digest))
        {
            return SignatureCheck.Mismatch;
        }

        if (key.EcdsaPool.Rent() is not { } ecdsa)
        {
            return SignatureCheck.UnusableKey;
        }

        try
        {
            return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence)
                ? SignatureCheck.Match
                : SignatureCheck.Mismatch;
        }
        catch (CryptographicException)
        {
            return SignatureCheck.Mismatch;
        }
        finally
        {
            key.EcdsaPool.Return(ecdsa);
        }
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key) => null;

    internal static DigestAlgorithm SuitableDigest(SubjectPublicKeyInfo key) => key.KeySize switch
    {
        <= 256 => DigestAlgorithm.Sha256,
        <= 384 => DigestAlgorithm.Sha384,
        _ => DigestAlgorithm.Sha512,
    };

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        if (!identifier.HasNullOrAbsentParameters)
        {
            return null;
        }

        return identifier.Oid switch
        {
            Oids.EcdsaWithSha1 => new EcdsaSignature(identifier.Oid, DigestAlgorithm.Sha1),
            Oids.EcdsaWithSha256 => new EcdsaSignature(identifier.Oid, DigestAlgorithm.Sha256),
            Oids.EcdsaWithSha384 => new EcdsaSignature(identifier.Oid, DigestAlgorithm.Sha384),
            Oids.EcdsaWithSha512 => new EcdsaSignature(identifier.Oid, DigestAlgorithm.Sha512),
            _ => null,
        };
    }
}
