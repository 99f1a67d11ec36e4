using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

#pragma warning disable CA1707 // SHA-3 names as those of the base library

namespace SmimeKit.Cms.Algorithms;

/// <summary>HMAC, RFC 2104, with any digest.</summary>
/// <remarks>
/// References: SHA-1, RFC 3370 §6.1; SHA-2, RFC 4231 §3.1 and RFC 8018 §B.1.2; SHA-3, RFC 9688 §4. Keys are of any size, those made as long as
/// the digest; the code is the whole digest (R3370-6.1-e). Parameters are absent or NULL.
/// </remarks>
internal sealed class HmacAlgorithm : MacAlgorithm
{
    private readonly DigestAlgorithm _digest;
    private readonly Func<IDigest> _managed;
    private readonly bool _writesNull;

    private HmacAlgorithm(string oid, string name, DigestAlgorithm digest, Func<IDigest> managed, bool writesNull = false)
        : base(oid, name, digest.Size, digest.Size)
    {
        _digest = digest;
        _managed = managed;
        _writesNull = writesNull;
    }

    internal static HmacAlgorithm Sha1 { get; } = new(Oids.HmacSha1, "HMAC-SHA-1", DigestAlgorithm.Sha1, () => new Sha1Digest());

    internal static HmacAlgorithm Sha224 { get; } =
        new(Oids.HmacWithSha224, "HMAC-SHA-224", DigestAlgorithm.Sha224, () => new Sha224Digest(), writesNull: true);

    internal static HmacAlgorithm Sha256 { get; } =
        new(Oids.HmacWithSha256, "HMAC-SHA-256", DigestAlgorithm.Sha256, () => new Sha256Digest(), writesNull: true);

    internal static HmacAlgorithm Sha384 { get; } =
        new(Oids.HmacWithSha384, "HMAC-SHA-384", DigestAlgorithm.Sha384, () => new Sha384Digest(), writesNull: true);

    internal static HmacAlgorithm Sha512 { get; } =
        new(Oids.HmacWithSha512, "HMAC-SHA-512", DigestAlgorithm.Sha512, () => new Sha512Digest(), writesNull: true);

    internal static HmacAlgorithm Sha3_224 { get; } =
        new(Oids.HmacWithSha3_224, "HMAC-SHA3-224", DigestAlgorithm.Sha3_224, () => new Sha3Digest(224));

    internal static HmacAlgorithm Sha3_256 { get; } =
        new(Oids.HmacWithSha3_256, "HMAC-SHA3-256", DigestAlgorithm.Sha3_256, () => new Sha3Digest(256));

    internal static HmacAlgorithm Sha3_384 { get; } =
        new(Oids.HmacWithSha3_384, "HMAC-SHA3-384", DigestAlgorithm.Sha3_384, () => new Sha3Digest(384));

    internal static HmacAlgorithm Sha3_512 { get; } =
        new(Oids.HmacWithSha3_512, "HMAC-SHA3-512", DigestAlgorithm.Sha3_512, () => new Sha3Digest(512));

    /// <inheritdoc/>
    internal override bool TakesAnyKeySize => true;

    /// <summary>Gets the identifier of PKCS #5: two of them stand for HMAC with SHA-1, and either is found in either place.</summary>
    private protected override string? Alias => Oid == Oids.HmacSha1 ? Oids.HmacWithSha1 : null;

    /// <inheritdoc/>
    internal override AlgorithmIdentifier CreateIdentifier() => _writesNull ? AlgorithmIdentifier.WithNull(Oid) : new AlgorithmIdentifier(Oid);

    /// <inheritdoc/>
    internal override int ReadSize(AlgorithmIdentifier identifier) => identifier.HasNullOrAbsentParameters ? Size : throw WrongParameters(); // R3370-6.1-d

    /// <inheritdoc/>
    internal override IncrementalMac Create(byte[] key, AlgorithmIdentifier identifier) =>
        _digest.HashName.Name is not null && (!Name.StartsWith("HMAC-SHA3", StringComparison.Ordinal) || HMACSHA3_256.IsSupported)
            ? new IncrementalMac.Native(IncrementalHash.CreateHMAC(_digest.HashName, key))
            : CreateManaged(key);

    /// <summary>Begins a computation by Bouncy Castle.</summary>
    internal IncrementalMac CreateManaged(byte[] key)
    {
        var mac = new HMac(_managed());
        mac.Init(new KeyParameter(key));
        return new IncrementalMac.Managed(mac);
    }
}
