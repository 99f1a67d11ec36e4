using System.Collections.Immutable;
using System.Security.Cryptography;
using SmimeKit.Asn1;

#pragma warning disable CA1707 // SHA-3 names as those of the base library

namespace SmimeKit.Certificates;

/// <summary>One message digest: identifier, name, size in bytes.</summary>
/// <remarks>
/// References: SHA-1 and MD5, RFC 3370 §2; SHA-2, RFC 5754 §2; SHA-3, RFC 9688 §2; SHAKE, RFC 8702 §3.1 and RFC 8419 §2.3. The base
/// library computes them where it can, Bouncy Castle the others.
/// </remarks>
/// <param name="Oid">The object identifier in dotted form.</param>
/// <param name="Name">The name in the spelling of <c>micalg</c>, RFC 8551 §3.5.3.2: <c>sha-256</c>.</param>
/// <param name="Size">The size of the digest in bytes.</param>
public sealed record DigestAlgorithm(string Oid, string Name, int Size)
{
    private const int ShakeLength = 512; // bits, RFC 8419 §2.3

    /// <summary>Gets MD5. Broken: refused by every policy but legacy.</summary>
    public static DigestAlgorithm Md5 { get; } = new(Oids.Md5, "md5", 16) { HashName = HashAlgorithmName.MD5 };

    /// <summary>Gets SHA-1. Broken for signatures: refused by every policy but legacy.</summary>
    public static DigestAlgorithm Sha1 { get; } = new(Oids.Sha1, "sha-1", 20) { HashName = HashAlgorithmName.SHA1 };

    /// <summary>Gets SHA-224.</summary>
    public static DigestAlgorithm Sha224 { get; } = new(Oids.Sha224, "sha-224", 28);

    /// <summary>Gets SHA-256.</summary>
    public static DigestAlgorithm Sha256 { get; } = new(Oids.Sha256, "sha-256", 32) { HashName = HashAlgorithmName.SHA256 };

    /// <summary>Gets SHA-384.</summary>
    public static DigestAlgorithm Sha384 { get; } = new(Oids.Sha384, "sha-384", 48) { HashName = HashAlgorithmName.SHA384 };

    /// <summary>Gets SHA-512.</summary>
    public static DigestAlgorithm Sha512 { get; } = new(Oids.Sha512, "sha-512", 64) { HashName = HashAlgorithmName.SHA512 };

    /// <summary>Gets SHA3-224.</summary>
    public static DigestAlgorithm Sha3_224 { get; } = Sha3(Oids.Sha3_224, 224, default);

    /// <summary>Gets SHA3-256.</summary>
    public static DigestAlgorithm Sha3_256 { get; } = Sha3(Oids.Sha3_256, 256, HashAlgorithmName.SHA3_256);

    /// <summary>Gets SHA3-384.</summary>
    public static DigestAlgorithm Sha3_384 { get; } = Sha3(Oids.Sha3_384, 384, HashAlgorithmName.SHA3_384);

    /// <summary>Gets SHA3-512.</summary>
    public static DigestAlgorithm Sha3_512 { get; } = Sha3(Oids.Sha3_512, 512, HashAlgorithmName.SHA3_512);

    /// <summary>Gets SHAKE128 with an output of 256 bits (RFC 8702 §3.1).</summary>
    public static DigestAlgorithm Shake128 { get; } = new(Oids.Shake128, "shake128", 32) { NeedsAbsentParameters = true };

    /// <summary>Gets SHAKE256 with an output of 512 bits (RFC 8702 §3.1).</summary>
    public static DigestAlgorithm Shake256 { get; } = new(Oids.Shake256, "shake256", 64) { NeedsAbsentParameters = true };

    /// <summary>Gets SHAKE256 by the identifier that names its length of 512 bits, as signed attributes beside Ed448 have it (RFC 8419 §3.1).</summary>
    public static DigestAlgorithm Shake256Len { get; } = new(Oids.Shake256Len, "shake256", 64) { NeedsAbsentParameters = true };

    /// <summary>Gets the built-in digests, preferred first.</summary>
    public static ImmutableArray<DigestAlgorithm> BuiltIn { get; } =
        [Sha256, Sha384, Sha512, Sha3_256, Sha3_384, Sha3_512, Shake256, Shake256Len, Shake128, Sha224, Sha3_224, Sha1, Md5];

    /// <summary>Gets the digests to compute when a message names none before its content and there is one pass only: those in wide use.</summary>
    public static ImmutableArray<DigestAlgorithm> Usual { get; } = [Sha256, Sha384, Sha512, Sha1, Md5];

    /// <summary>Gets the base library's name of the digest; its <see cref="HashAlgorithmName.Name"/> is null when the base library has none.</summary>
    public HashAlgorithmName HashName { get; private init; }

    /// <summary>Whether NULL parameters deviate from the RFC (RFC 8702 §3.1, RFC 9688 §2); beside the older digests NULL is as good as absent.</summary>
    private bool NeedsAbsentParameters { get; init; }

    /// <summary>Whether the base library computes this digest on this platform and signs such digests with RSA.</summary>
    internal bool IsNative => HashName.Name is not null && (!NeedsAbsentParameters || SHA3_256.IsSupported);

    /// <summary>Finds a digest by its identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The digest, or null when it is not implemented.</returns>
    public static DigestAlgorithm? Find(string oid)
    {
        foreach (DigestAlgorithm digest in BuiltIn)
        {
            if (digest.Oid == oid)
            {
                return digest;
            }
        }

        return null;
    }

    /// <summary>Finds a digest by its identifier and refuses parameters other than absent, NULL, and the length of <see cref="Shake256Len"/>.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <returns>The digest, or null when it is not implemented or its parameters are malformed.</returns>
    public static DigestAlgorithm? Find(AlgorithmIdentifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        bool fits = identifier.Oid == Oids.Shake256Len ? HasShakeLength(identifier) : identifier.HasNullOrAbsentParameters;
        return fits ? Find(identifier.Oid) : null;
    }

    /// <summary>Finds a digest by its <c>micalg</c> spelling, hyphenated or not, in any case.</summary>
    /// <param name="micalg">The spelling: <c>sha-256</c>, <c>SHA256</c>, <c>rsa-md5</c>.</param>
    /// <returns>The digest, or null when the spelling names none.</returns>
    public static DigestAlgorithm? FindByMicalg(string micalg)
    {
        ArgumentNullException.ThrowIfNull(micalg);
        string bare = micalg.Trim().Replace("-", "", StringComparison.Ordinal);
        bare = bare.StartsWith("rsa", StringComparison.OrdinalIgnoreCase) ? bare[3..] : bare; // rsa-md5, RFC 3851 §3.4.3.2
        foreach (DigestAlgorithm digest in BuiltIn)
        {
            if (digest.Name.Replace("-", "", StringComparison.Ordinal).Equals(bare, StringComparison.OrdinalIgnoreCase))
            {
                return digest;
            }
        }

        return null;
    }

    /// <summary>Gets the identifier as it is written: parameters absent but for MD5 (NULL) and <see cref="Shake256Len"/> (the length).</summary>
    /// <returns>The identifier.</returns>
    public AlgorithmIdentifier ToIdentifier() => Oid switch
    {
        Oids.Md5 => AlgorithmIdentifier.WithNull(Oid),
        Oids.Shake256Len => new AlgorithmIdentifier(Oid, new byte[] { 0x02, 0x02, ShakeLength >> 8, ShakeLength & 0xFF }),
        _ => new AlgorithmIdentifier(Oid),
    };

    /// <summary>Tells whether the parameters of an identifier of this digest are among those that its RFC admits.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <returns>False for NULL with SHA-3 and SHAKE, which software writes nevertheless.</returns>
    public bool HasProperParameters(AlgorithmIdentifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return !NeedsAbsentParameters || Oid == Oids.Shake256Len || identifier.Parameters.IsEmpty;
    }

    /// <summary>Tells whether two digests give the same octets: the same digest, or SHAKE256 by both its identifiers.</summary>
    /// <param name="other">The digest to compare with.</param>
    /// <returns>True when the output is the same for all data.</returns>
    public bool HasSameOutput(DigestAlgorithm other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Oid == other.Oid || (Name == other.Name && Size == other.Size);
    }

    /// <summary>Starts a digest of data that comes in parts.</summary>
    /// <returns>The computation, which the caller disposes.</returns>
    public IncrementalDigest CreateIncremental() => IncrementalDigest.Create(this);

    /// <summary>Computes the digest of data in one call.</summary>
    /// <param name="data">The data.</param>
    /// <returns>The digest.</returns>
    public byte[] Hash(ReadOnlySpan<byte> data)
    {
        if (IsNative)
        {
            return CryptographicOperations.HashData(HashName, data);
        }

        using IncrementalDigest digest = CreateIncremental();
        digest.Append(data);
        return digest.GetDigest();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static DigestAlgorithm Sha3(string oid, int bits, HashAlgorithmName name) =>
        new(oid, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sha3-{bits}"), bits / 8)
        {
            HashName = name,
            NeedsAbsentParameters = true,
        };

    private static bool HasShakeLength(AlgorithmIdentifier identifier) =>
        Der.TryDecode(identifier.Parameters, r => r.TryReadInt32(out int length) ? length : 0, out int bits) && bits == ShakeLength;
}
