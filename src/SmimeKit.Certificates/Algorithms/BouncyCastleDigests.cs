using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Bouncy Castle's digests, for the constructions that the base library lacks.</summary>
internal static class BouncyCastleDigests
{
    internal static IDigest Create(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Md5 => new MD5Digest(),
        Oids.Sha1 => new Sha1Digest(),
        Oids.Sha256 => new Sha256Digest(),
        Oids.Sha384 => new Sha384Digest(),
        Oids.Sha512 => new Sha512Digest(),
        _ => throw new UnsupportedAlgorithmException(digest.Oid, $"The digest {digest.Name} is not supported here."),
    };
}
