using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Bouncy Castle's digests, for those and for the constructions that the base library lacks.</summary>
internal static class BouncyCastleDigests
{
    internal static IDigest Create(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Md5 => new MD5Digest(),
        Oids.Sha1 => new Sha1Digest(),
        Oids.Sha224 => new Sha224Digest(),
        Oids.Sha256 => new Sha256Digest(),
        Oids.Sha384 => new Sha384Digest(),
        Oids.Sha512 => new Sha512Digest(),
        Oids.Sha3_224 => new Sha3Digest(224),
        Oids.Sha3_256 => new Sha3Digest(256),
        Oids.Sha3_384 => new Sha3Digest(384),
        Oids.Sha3_512 => new Sha3Digest(512),
        Oids.Shake128 => new ShakeDigest(128),
        Oids.Shake256 or Oids.Shake256Len => new ShakeDigest(256),
        _ => throw new UnsupportedAlgorithmException(digest.Oid, $"The digest {digest.Name} is not supported here."),
    };
}
