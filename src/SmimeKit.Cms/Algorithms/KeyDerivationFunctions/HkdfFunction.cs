using System.Collections.Immutable;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.KeyDerivationFunctions;

/// <summary>HKDF, RFC 8619 §2 and RFC 9688 §5.1, with an empty salt (RFC 9936 §2.2.1) and absent parameters. A digest is a row.</summary>
internal sealed class HkdfFunction : KeyDerivationFunction
{
    private static readonly ImmutableArray<HkdfFunction> _all =
    [
        new(Oids.HkdfSha256, DigestAlgorithm.Sha256),
        new(Oids.HkdfSha384, DigestAlgorithm.Sha384),
        new(Oids.HkdfSha512, DigestAlgorithm.Sha512),
        new(Oids.HkdfSha3_224, DigestAlgorithm.Sha3_224),
        new(Oids.HkdfSha3_256, DigestAlgorithm.Sha3_256),
        new(Oids.HkdfSha3_384, DigestAlgorithm.Sha3_384),
        new(Oids.HkdfSha3_512, DigestAlgorithm.Sha3_512),
    ];

    private HkdfFunction(string oid, DigestAlgorithm digest)
        : base(new AlgorithmIdentifier(oid), digest)
    {
    }

    internal static HkdfFunction? TryResolve(AlgorithmIdentifier identifier) =>
        _all.FirstOrDefault(f => f.Identifier.Oid == identifier.Oid && identifier.Parameters.IsEmpty); // R9688-5.1-a

    internal static new HkdfFunction? Find(DigestAlgorithm digest) => _all.FirstOrDefault(f => f.Digest == digest);

    internal override byte[] Derive(byte[] secret, byte[] info, int size) => Digest.Oid is Oids.Sha256 or Oids.Sha384 or Oids.Sha512
        ? HKDF.DeriveKey(Digest.HashName, secret, size, salt: [], info)
        : DeriveManaged(secret, info, size);

    // The base library has SHA-3 on some platforms only.
    private byte[] DeriveManaged(byte[] secret, byte[] info, int size)
    {
        var generator = new HkdfBytesGenerator(BouncyCastleDigests.Create(Digest));
        generator.Init(new HkdfParameters(secret, [], info));
        byte[] key = new byte[size];
        generator.GenerateBytes(key, 0, size);
        return key;
    }
}
