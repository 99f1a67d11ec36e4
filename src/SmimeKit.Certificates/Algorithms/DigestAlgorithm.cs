using System.Collections.Immutable;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>One message digest: identifier, name, size in bytes.</summary>
/// <remarks>
/// References: SHA-1 and MD5, RFC 3370 §2; SHA-2, RFC 5754 §2. Parameters are written absent and read absent or NULL.
/// </remarks>
/// <param name="Oid">The object identifier in dotted form.</param>
/// <param name="Name">The name in the spelling of <c>micalg</c>, RFC 8551 §3.5.3.2: <c>sha-256</c>.</param>
/// <param name="Size">The size of the digest in bytes.</param>
public sealed record DigestAlgorithm(string Oid, string Name, int Size)
{
    /// <summary>Gets MD5. Broken: refused by every policy but legacy.</summary>
    public static DigestAlgorithm Md5 { get; } = new(Oids.Md5, "md5", 16) { HashName = HashAlgorithmName.MD5 };

    /// <summary>Gets SHA-1. Broken for signatures: refused by every policy but legacy.</summary>
    public static DigestAlgorithm Sha1 { get; } = new(Oids.Sha1, "sha-1", 20) { HashName = HashAlgorithmName.SHA1 };

    /// <summary>Gets SHA-256.</summary>
    public static DigestAlgorithm Sha256 { get; } = new(Oids.Sha256, "sha-256", 32) { HashName = HashAlgorithmName.SHA256 };

    /// <summary>Gets SHA-384.</summary>
    public static DigestAlgorithm Sha384 { get; } = new(Oids.Sha384, "sha-384", 48) { HashName = HashAlgorithmName.SHA384 };

    /// <summary>Gets SHA-512.</summary>
    public static DigestAlgorithm Sha512 { get; } = new(Oids.Sha512, "sha-512", 64) { HashName = HashAlgorithmName.SHA512 };

    /// <summary>Gets the built-in digests, preferred first.</summary>
    public static ImmutableArray<DigestAlgorithm> BuiltIn { get; } = [Sha256, Sha384, Sha512, Sha1, Md5];

    /// <summary>Gets the base library's name of the digest.</summary>
    public HashAlgorithmName HashName { get; private init; }

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

    /// <summary>Finds a digest by its identifier and refuses parameters other than absent and NULL.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <returns>The digest, or null when it is not implemented or its parameters are malformed.</returns>
    public static DigestAlgorithm? Find(AlgorithmIdentifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return identifier.HasNullOrAbsentParameters ? Find(identifier.Oid) : null;
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

    /// <summary>Gets the identifier as it is written: parameters absent (RFC 5754 §2).</summary>
    /// <returns>The identifier.</returns>
    public AlgorithmIdentifier ToIdentifier() =>
        ReferenceEquals(this, Md5) ? AlgorithmIdentifier.WithNull(Oid) : new AlgorithmIdentifier(Oid);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Computes the digest of data in one call.</summary>
    /// <param name="data">The data.</param>
    /// <returns>The digest.</returns>
    public byte[] Hash(ReadOnlySpan<byte> data) => CryptographicOperations.HashData(HashName, data);
}
