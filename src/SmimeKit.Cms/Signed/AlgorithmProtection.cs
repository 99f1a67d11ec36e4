using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>The CMSAlgorithmProtection attribute, RFC 6211: binds the algorithm identifiers of a SignerInfo to its signature.</summary>
/// <remarks><code>
/// CMSAlgorithmProtection ::= SEQUENCE {
///     digestAlgorithm     DigestAlgorithmIdentifier,
///     signatureAlgorithm  [1] SignatureAlgorithmIdentifier OPTIONAL,
///     macAlgorithm        [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// </code></remarks>
internal static class AlgorithmProtection
{
    private static readonly Asn1Tag _signatureAlgorithm = Der.Context(1);

    internal static void WriteValue(AsnWriter writer, AlgorithmIdentifier digest, AlgorithmIdentifier signature)
    {
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(digest);
            writer.WriteAlgorithmIdentifier(signature, _signatureAlgorithm);
        }
    }

    /// <summary>Tells whether the attribute, where present, agrees with the identifiers beside it (RFC 6211 §3.1).</summary>
    internal static bool Agrees(CmsAttributes attributes, AlgorithmIdentifier digest, AlgorithmIdentifier signature)
    {
        if (!attributes.Contains(Oids.CmsAlgorithmProtection))
        {
            return true;
        }

        return attributes.FindSingle(Oids.CmsAlgorithmProtection) is { } value
            && Der.TryDecode(value, Read, out (AlgorithmIdentifier Digest, AlgorithmIdentifier Signature) protectedBy, AsnEncodingRules.BER)
            && protectedBy.Digest.IsEquivalentTo(digest)
            && IsSame(protectedBy.Signature, signature);
    }

    // RFC 6211 §3: what is compared is the meaning, so a default may be spelled out in one place and left out in the other.
    private static bool IsSame(AlgorithmIdentifier left, AlgorithmIdentifier right) =>
        left.IsEquivalentTo(right)
        || (SignatureAlgorithm.Resolve(left) is RsaPssSignature one && SignatureAlgorithm.Resolve(right) is RsaPssSignature other
            && one.Digest == other.Digest && one.MgfDigest == other.MgfDigest && one.SaltLength == other.SaltLength);

    // Exactly one of [1] and [2] is present, and in SignedData it is [1] (RFC 6211 §2).
    private static (AlgorithmIdentifier Digest, AlgorithmIdentifier Signature) Read(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier digest = fields.ReadAlgorithmIdentifier();
        AlgorithmIdentifier signature = fields.ReadAlgorithmIdentifier(_signatureAlgorithm);
        fields.ThrowIfNotEmpty();
        return (digest, signature);
    }
}
