using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>What authenticated attributes must be, RFC 5652 §9.1 and §11, RFC 6211 §3.2.</summary>
internal static class AuthenticatedAttributeRules
{
    /// <summary>Names the rule of their form that the fields around the content break, or null. Nothing here depends on a key.</summary>
    internal static string? FindFault(CmsAttributes attributes, string contentType, bool hasDigestAlgorithm)
    {
        bool hasAttributes = attributes.Count > 0;
        return hasDigestAlgorithm != hasAttributes ? "digest-algorithm-and-attributes" // R3369-9.1-d (CVE-2026-71888)
            : !hasAttributes ? (contentType == Oids.Data ? null : "authenticated-attributes-absent") // R3369-9.1-e
            : attributes.FindSingle(Oids.ContentType) is null ? "content-type-attribute"
            : ReadDigest(attributes) is null ? "message-digest-attribute"
            : attributes.Contains(Oids.CmsAlgorithmProtection) && attributes.FindSingle(Oids.CmsAlgorithmProtection) is null ? "algorithm-protection"
            : null;
    }

    /// <summary>Tells whether the attributes name the content, its type and the algorithms around it.</summary>
    internal static bool Agree(
        CmsAttributes attributes, string contentType, ReadOnlySpan<byte> digest, AlgorithmIdentifier digestAlgorithm, AlgorithmIdentifier mac)
    {
        bool namesType = attributes.FindSingle(Oids.ContentType) is { } value
            && Der.TryDecode(value, r => r.ReadObjectIdentifier(), out string? oid)
            && oid == contentType;
        bool namesContent = CryptographicOperations.FixedTimeEquals(ReadDigest(attributes), digest);
        return namesType & namesContent & AlgorithmProtection.AgreesWithMac(attributes, digestAlgorithm, mac);
    }

    private static byte[]? ReadDigest(CmsAttributes attributes) =>
        attributes.FindSingle(Oids.MessageDigest) is { } value
        && Der.TryDecode(value, r => r.ReadOctetString(), out byte[]? digest, AsnEncodingRules.BER)
            ? digest
            : null;
}
