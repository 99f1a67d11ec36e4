using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Types;

/// <summary>
/// The CMSAlgorithmProtection attribute, RFC 6211: binds the algorithm identifiers of a SignerInfo to its signature, and those of an
/// AuthenticatedData to its MAC.
/// </summary>
/// <remarks><code>
/// CMSAlgorithmProtection ::= SEQUENCE {
///     digestAlgorithm     DigestAlgorithmIdentifier,
///     signatureAlgorithm  [1] SignatureAlgorithmIdentifier OPTIONAL,
///     macAlgorithm        [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// </code></remarks>
internal static class AlgorithmProtection
{
    private static readonly Asn1Tag _signatureAlgorithm = Der.Context(1);
    private static readonly Asn1Tag _macAlgorithm = Der.Context(2);

    /// <summary>Writes the value for a SignerInfo.</summary>
    internal static void WriteValue(AsnWriter writer, AlgorithmIdentifier digest, AlgorithmIdentifier signature) =>
        WriteValue(writer, digest, signature, _signatureAlgorithm);

    /// <summary>Writes the value for an AuthenticatedData.</summary>
    internal static void WriteMacValue(AsnWriter writer, AlgorithmIdentifier digest, AlgorithmIdentifier mac) =>
        WriteValue(writer, digest, mac, _macAlgorithm);

    /// <summary>Tells whether the attribute, where present, agrees with the identifiers of the SignerInfo around it (RFC 6211 §3.1).</summary>
    internal static bool Agrees(CmsAttributes attributes, AlgorithmIdentifier digest, AlgorithmIdentifier signature) =>
        Find(attributes, _signatureAlgorithm, out (AlgorithmIdentifier Digest, AlgorithmIdentifier Other) protectedBy)
        && (protectedBy.Digest is null || (protectedBy.Digest.IsEquivalentTo(digest) && IsSame(protectedBy.Other, signature)));

    /// <summary>Tells whether the attribute, where present, agrees with the identifiers of the AuthenticatedData around it (RFC 6211 §3.2).</summary>
    internal static bool AgreesWithMac(CmsAttributes attributes, AlgorithmIdentifier digest, AlgorithmIdentifier mac) =>
        Find(attributes, _macAlgorithm, out (AlgorithmIdentifier Digest, AlgorithmIdentifier Other) protectedBy)
        && (protectedBy.Digest is null || (protectedBy.Digest.IsEquivalentTo(digest) && protectedBy.Other.IsEquivalentTo(mac)));

    private static void WriteValue(AsnWriter writer, AlgorithmIdentifier digest, AlgorithmIdentifier other, Asn1Tag tag)
    {
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(digest);
            writer.WriteAlgorithmIdentifier(other, tag);
        }
    }

    // True without a value when the attribute is absent (RFC 6211 §3: no error), false when it is repeated or not readable.
    private static bool Find(
        CmsAttributes attributes, Asn1Tag tag, out (AlgorithmIdentifier Digest, AlgorithmIdentifier Other) value)
    {
        value = default;
        return !attributes.Contains(Oids.CmsAlgorithmProtection)
            || (attributes.FindSingle(Oids.CmsAlgorithmProtection) is { } encoded
                && Der.TryDecode(encoded, reader => Read(reader, tag), out value, AsnEncodingRules.BER));
    }

    // RFC 6211 §3: what is compared is the meaning, so a default may be spelled out in one place and left out in the other.
    private static bool IsSame(AlgorithmIdentifier left, AlgorithmIdentifier right) =>
        left.IsEquivalentTo(right)
        || (SignatureAlgorithm.Resolve(left) is RsaPssSignature one && SignatureAlgorithm.Resolve(right) is RsaPssSignature other
            && one.Digest == other.Digest && one.MgfDigest == other.MgfDigest && one.SaltLength == other.SaltLength);

    // Exactly one of [1] and [2] is present: [1] in SignedData, [2] in AuthenticatedData (RFC 6211 §2).
    private static (AlgorithmIdentifier Digest, AlgorithmIdentifier Other) Read(AsnReader reader, Asn1Tag tag)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier digest = fields.ReadAlgorithmIdentifier();
        AlgorithmIdentifier other = fields.ReadAlgorithmIdentifier(tag);
        fields.ThrowIfNotEmpty();
        return (digest, other);
    }
}
