using System.Collections.Immutable;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>ECDSA on named curves, RFC 5480, RFC 5758, RFC 8702 §3.2.2 and RFC 9688 §3.2; use in CMS RFC 5753 §2.</summary>
/// <remarks>
/// Parameters are absent on writing; NULL is read and told (<see cref="SignatureAlgorithm.HasDeviatingParameters"/>). The signature is
/// DER ECDSA-Sig-Value, with r and s in 1..n-1. The base library computes on the curves that the platform has, Bouncy Castle on the
/// others.
/// </remarks>
public sealed class EcdsaSignature : SignatureAlgorithm
{
    private const int MaxSignatureSize = 256; // two 66-byte integers and their headers need 139

    private static readonly ImmutableArray<(DigestAlgorithm Digest, string Oid)> _pairs =
    [
        (DigestAlgorithm.Sha256, Oids.EcdsaWithSha256), (DigestAlgorithm.Sha384, Oids.EcdsaWithSha384),
        (DigestAlgorithm.Sha512, Oids.EcdsaWithSha512), (DigestAlgorithm.Sha224, Oids.EcdsaWithSha224),
        (DigestAlgorithm.Sha1, Oids.EcdsaWithSha1),
        (DigestAlgorithm.Sha3_224, Oids.EcdsaWithSha3_224), (DigestAlgorithm.Sha3_256, Oids.EcdsaWithSha3_256),
        (DigestAlgorithm.Sha3_384, Oids.EcdsaWithSha3_384), (DigestAlgorithm.Sha3_512, Oids.EcdsaWithSha3_512),
        (DigestAlgorithm.Shake128, Oids.EcdsaWithShake128), (DigestAlgorithm.Shake256, Oids.EcdsaWithShake256),
    ];

    private EcdsaSignature(string oid, DigestAlgorithm digest)
        : base(new AlgorithmIdentifier(oid), digest)
    {
    }

    /// <inheritdoc/>
    public override string Name => "ecdsa";

    /// <summary>Creates the scheme for a digest.</summary>
    /// <param name="digest">SHA-1, SHA-2, SHA-3 or SHAKE.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="UnsupportedAlgorithmException">No RFC pairs an identifier with the digest.</exception>
    public static EcdsaSignature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        string oid = _pairs.FindOid(digest)
            ?? throw new UnsupportedAlgorithmException(digest.Oid, $"ECDSA is not paired with {digest.Name}.");
        return new EcdsaSignature(oid, digest);
    }

    /// <inheritdoc/>
    public override bool Fits(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.IsEc;
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(hash);
        if (input.Length != hash.Size || signature.Length > MaxSignatureSize || hash != Digest || !DssSignatureValue.IsStrict(signature))
        {
            return SignatureCheck.Mismatch;
        }

        if (key.EcdsaPool.Rent() is not { } ecdsa)
        {
            return ManagedEcdsa.Verify(key, input, signature);
        }

        try
        {
            return ecdsa.VerifyHash(input, signature, DSASignatureFormat.Rfc3279DerSequence)
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

    internal static SignatureAlgorithm? TryChoose(SubjectPublicKeyInfo key, DigestAlgorithm? digest, bool pss) =>
        key.IsEc ? Create(digest ?? SuitableDigest(key)) : null; // RFC 5753 §8

    internal static DigestAlgorithm SuitableDigest(SubjectPublicKeyInfo key) => key.KeySize switch
    {
        <= 256 => DigestAlgorithm.Sha256,
        <= 384 => DigestAlgorithm.Sha384,
        _ => DigestAlgorithm.Sha512,
    };

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest) =>
        identifier.HasNullOrAbsentParameters && _pairs.FindDigest(identifier.Oid) is { } named
            ? new EcdsaSignature(identifier.Oid, named) { HasDeviatingParameters = !identifier.Parameters.IsEmpty } // R5754-3.3-a
            : null;
}
