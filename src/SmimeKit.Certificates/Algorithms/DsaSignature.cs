using System.Collections.Immutable;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>DSA, FIPS 186-4; identifiers RFC 3370 §3.1 and RFC 5754 §3.1. Obsolete (FIPS 186-5): for reading archives.</summary>
/// <remarks>
/// Parameters are absent on writing; NULL is read and told. The signature is DER Dss-Sig-Value. Keys may leave out their domain
/// parameters and inherit those of their issuer (RFC 3279 §2.3.2): see <see cref="SubjectPublicKeyInfo.InheritsParameters"/>.
/// </remarks>
public sealed class DsaSignature : SignatureAlgorithm
{
    private const int MaxSignatureSize = 128; // two integers of 32 bytes and their headers need 72

    private static readonly ImmutableArray<(DigestAlgorithm Digest, string Oid)> _pairs =
    [
        (DigestAlgorithm.Sha256, Oids.DsaWithSha256), (DigestAlgorithm.Sha224, Oids.DsaWithSha224), (DigestAlgorithm.Sha1, Oids.DsaWithSha1),
    ];

    private DsaSignature(string oid, DigestAlgorithm digest)
        : base(new AlgorithmIdentifier(oid), digest)
    {
    }

    /// <inheritdoc/>
    public override string Name => "dsa";

    /// <summary>Creates the scheme for a digest.</summary>
    /// <param name="digest">SHA-1, SHA-224 or SHA-256.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="UnsupportedAlgorithmException">RFC 3370 and RFC 5754 pair no identifier with the digest.</exception>
    public static DsaSignature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        string oid = _pairs.FindOid(digest)
            ?? throw new UnsupportedAlgorithmException(digest.Oid, $"DSA is not paired with {digest.Name}.");
        return new DsaSignature(oid, digest);
    }

    /// <inheritdoc/>
    public override bool Fits(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm.Oid == Oids.Dsa;
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(hash);
        if (key.TryGetDsaKey() is not { } parameters)
        {
            return SignatureCheck.UnusableKey;
        }

        if (input.Length != hash.Size || hash != Digest || signature.Length > MaxSignatureSize
            || DssSignatureValue.TryDecode(signature) is not var (r, s))
        {
            return SignatureCheck.Mismatch;
        }

        try
        {
            var signer = new DsaSigner();
            signer.Init(forSigning: false, parameters);
            return signer.VerifySignature(input.ToArray(), r, s) ? SignatureCheck.Match : SignatureCheck.Mismatch;
        }
        catch (ArithmeticException)
        {
            return SignatureCheck.Mismatch; // parameters that are no primes
        }
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key) => null;

    internal static byte[] Sign(DsaPrivateKeyParameters key, ReadOnlySpan<byte> digest, DigestAlgorithm hash)
    {
        var signer = new DsaSigner(new HMacDsaKCalculator(BouncyCastleDigests.Create(hash))); // RFC 6979: no bad randomness
        signer.Init(forSigning: true, key);
        BigInteger[] values = signer.GenerateSignature(digest.ToArray());
        return DssSignatureValue.Encode(values[0], values[1]);
    }

    internal static SignatureAlgorithm? TryChoose(SubjectPublicKeyInfo key, DigestAlgorithm? digest, bool pss) =>
        key.Algorithm.Oid == Oids.Dsa ? Create(digest ?? DigestAlgorithm.Sha256) : null;

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest) =>
        identifier.HasNullOrAbsentParameters && _pairs.FindDigest(identifier.Oid) is { } named
            ? new DsaSignature(identifier.Oid, named) { HasDeviatingParameters = !identifier.Parameters.IsEmpty } // R3370-3.1-e
            : null;
}
