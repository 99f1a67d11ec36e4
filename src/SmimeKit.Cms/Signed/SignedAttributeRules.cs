using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>What the attributes of a SignerInfo must be, whatever they say: RFC 5652 §11, RFC 6211, RFC 5035, RFC 8551 §2.5.</summary>
internal static class SignedAttributeRules
{
    // Attributes that are signed or nothing. Their unsigned copies are never read.
    private static readonly string[] _signedOnly =
    [
        Oids.ContentType, Oids.MessageDigest, Oids.SigningTime, Oids.CmsAlgorithmProtection, Oids.EncryptionKeyPreference,
        Oids.MicrosoftEncryptionKeyPreference,
    ];

    // Those for which an unsigned copy spoils the signature: R5035-5.4.1-e, R8551-2.5.2-a.
    private static readonly string[] _signedOrFault = [Oids.SigningCertificate, Oids.SigningCertificateV2, Oids.SmimeCapabilities];

    // Attributes that occur once, with one value, when they occur.
    private static readonly (string Oid, string Fault)[] _single =
    [
        (Oids.SigningTime, "signing-time-attribute"),              // R3369-11.3-g
        (Oids.SmimeCapabilities, "capabilities-attribute"),        // R8551-2.5.2-a
        (Oids.EncryptionKeyPreference, "key-preference-attribute"),
        (Oids.SigningCertificate, "signing-certificate"),          // R5035-5.4.1-e
        (Oids.SigningCertificateV2, "signing-certificate"),
        (Oids.CmsAlgorithmProtection, "algorithm-protection"),
    ];

    /// <summary>Names the rule that the signed attributes break, or null.</summary>
    /// <param name="attributes">The signed attributes.</param>
    /// <param name="encapsulatedContentType">The type of the content; null in a countersignature, whose content has none (RFC 5652 §11.4).</param>
    /// <param name="digest">The digest algorithm of the SignerInfo.</param>
    /// <param name="signature">The signature algorithm of the SignerInfo.</param>
    internal static string? FindFault(
        CmsAttributes attributes, string? encapsulatedContentType, AlgorithmIdentifier digest, AlgorithmIdentifier signature)
    {
        if (attributes.Count == 0)
        {
            return "signed-attributes"; // R3369-5.3-l: present and empty, or not readable
        }

        if (encapsulatedContentType is not null && FindContentTypeFault(attributes, encapsulatedContentType) is { } fault)
        {
            return fault;
        }

        if (attributes.FindSingle(Oids.MessageDigest) is not { } messageDigest || !IsOctetString(messageDigest))
        {
            return "message-digest-attribute";
        }

        return FindRepetition(attributes)
            ?? (HasUnreadableTime(attributes) ? "signing-time-attribute" : null)
            ?? (AlgorithmProtection.Agrees(attributes, digest, signature) ? null : "algorithm-protection"); // RFC 6211 §3.1
    }

    /// <summary>Names the rule that the unsigned attributes break, or null.</summary>
    internal static string? FindUnsignedFault(CmsAttributes attributes) =>
        Contains(attributes, _signedOrFault) ? "misplaced-attribute" : null;

    /// <summary>Tells whether an attribute is in the wrong one of the two sets, where that does no harm.</summary>
    internal static bool HasMisplaced(CmsAttributes signed, CmsAttributes unsigned) =>
        Contains(unsigned, _signedOnly) || Contains(signed, [Oids.Countersignature]); // R3369-11.4-a

    // RFC 5652 §11.1, §11.2: present, once, with one value of the right type.
    private static string? FindContentTypeFault(CmsAttributes attributes, string encapsulatedContentType)
    {
        if (attributes.FindSingle(Oids.ContentType) is not { } contentType
            || !Der.TryDecode(contentType, r => r.ReadObjectIdentifier(), out string? oid, AsnEncodingRules.BER))
        {
            return "content-type-attribute";
        }

        return oid == encapsulatedContentType ? null : "content-type-mismatch"; // RFC 5652 §5.6
    }

    private static bool IsOctetString(ReadOnlyMemory<byte> value) =>
        Der.TryDecode(value, r => r.ReadOctetString(), out _, AsnEncodingRules.BER);

    private static string? FindRepetition(CmsAttributes attributes)
    {
        foreach ((string oid, string fault) in _single)
        {
            if (attributes.Contains(oid) && attributes.FindSingle(oid) is null)
            {
                return fault;
            }
        }

        return null;
    }

    private static bool HasUnreadableTime(CmsAttributes attributes) =>
        attributes.Contains(Oids.SigningTime) && SigningTime.Find(attributes) is null;

    private static bool Contains(CmsAttributes attributes, string[] oids) => Array.Exists(oids, attributes.Contains);
}
