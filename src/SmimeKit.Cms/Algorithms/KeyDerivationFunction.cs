using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A function that derives a key-encryption key from the secret of a key encapsulation, RFC 9629 §5.</summary>
/// <remarks>
/// References: HKDF, RFC 8619 §2 and RFC 9688 §5.1, with an empty salt (RFC 9936 §2.2.1) and absent parameters; KDF3, RFC 9690 appendix
/// B.1, whose parameters name the digest. A digest is a row.
/// </remarks>
internal abstract class KeyDerivationFunction
{
    private static readonly ImmutableArray<KeyDerivationFunction> _hkdf =
    [
        new Hkdf(Oids.HkdfSha256, DigestAlgorithm.Sha256),
        new Hkdf(Oids.HkdfSha384, DigestAlgorithm.Sha384),
        new Hkdf(Oids.HkdfSha512, DigestAlgorithm.Sha512),
        new Hkdf(Oids.HkdfSha3_224, DigestAlgorithm.Sha3_224),
        new Hkdf(Oids.HkdfSha3_256, DigestAlgorithm.Sha3_256),
        new Hkdf(Oids.HkdfSha3_384, DigestAlgorithm.Sha3_384),
        new Hkdf(Oids.HkdfSha3_512, DigestAlgorithm.Sha3_512),
    ];

    private KeyDerivationFunction(AlgorithmIdentifier identifier, DigestAlgorithm digest)
    {
        Identifier = identifier;
        Digest = digest;
    }

    /// <summary>Gets the identifier as it is written.</summary>
    internal AlgorithmIdentifier Identifier { get; }

    internal DigestAlgorithm Digest { get; }

    /// <summary>Resolves an identifier; null when it or its parameters are not implemented.</summary>
    internal static KeyDerivationFunction? Resolve(AlgorithmIdentifier identifier) => identifier.Oid == Oids.Kdf3
        ? ResolveKdf3(identifier)
        : _hkdf.FirstOrDefault(f => f.Identifier.Oid == identifier.Oid && identifier.Parameters.IsEmpty); // R9688-5.1-a

    /// <summary>Gets HKDF with a digest; null when there is none.</summary>
    internal static KeyDerivationFunction? FindHkdf(DigestAlgorithm digest) => _hkdf.FirstOrDefault(f => f.Digest == digest);

    /// <summary>Gets KDF3 with a digest.</summary>
    internal static KeyDerivationFunction Kdf3With(DigestAlgorithm digest) => new Concatenation(digest);

    /// <summary>Derives a key, which the caller wipes.</summary>
    internal abstract byte[] Derive(byte[] secret, byte[] info, int size);

    // SHA-1 is there for RFC 5990 and is not to be used (RFC 9690 appendix B.1).
    private static Concatenation? ResolveKdf3(AlgorithmIdentifier identifier) =>
        Der.TryDecode(identifier.Parameters, r => r.ReadAlgorithmIdentifier(), out AlgorithmIdentifier? named, AsnEncodingRules.BER)
        && DigestAlgorithm.Find(named!) is { } digest && digest != DigestAlgorithm.Sha1 && digest != DigestAlgorithm.Md5
            ? new Concatenation(digest)
            : null;

    private sealed class Hkdf(string oid, DigestAlgorithm digest) : KeyDerivationFunction(new AlgorithmIdentifier(oid), digest)
    {
        internal override byte[] Derive(byte[] secret, byte[] info, int size) =>
            Digest.Oid is Oids.Sha256 or Oids.Sha384 or Oids.Sha512
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

    private sealed class Concatenation(DigestAlgorithm digest)
        : KeyDerivationFunction(new AlgorithmIdentifier(Oids.Kdf3, digest.ToIdentifier().Encode()), digest)
    {
        internal override byte[] Derive(byte[] secret, byte[] info, int size) => ConcatenationKdf.Kdf3(Digest, secret, info, size);
    }
}
