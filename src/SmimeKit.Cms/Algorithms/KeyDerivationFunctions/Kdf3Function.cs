using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms.KeyDerivationFunctions;

/// <summary>KDF3, RFC 9690 appendix B.1, whose parameters name the digest.</summary>
internal sealed class Kdf3Function(DigestAlgorithm digest)
    : KeyDerivationFunction(new AlgorithmIdentifier(Oids.Kdf3, digest.ToIdentifier().Encode()), digest)
{
    // SHA-1 is there for RFC 5990 and is not to be used (RFC 9690 appendix B.1).
    internal static Kdf3Function? TryResolve(AlgorithmIdentifier identifier) => identifier.Oid == Oids.Kdf3
        && Der.TryDecode(identifier.Parameters, r => r.ReadAlgorithmIdentifier(), out AlgorithmIdentifier? named, AsnEncodingRules.BER)
        && DigestAlgorithm.Find(named!) is { } digest && digest != DigestAlgorithm.Sha1 && digest != DigestAlgorithm.Md5
            ? new Kdf3Function(digest)
            : null;

    internal override byte[] Derive(byte[] secret, byte[] info, int size) => ConcatenationKdf.Kdf3(Digest, secret, info, size);
}
