using SmimeKit.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>What a SignedData of PKCS #7 1.5 (RFC 2315 §9) can hold.</summary>
internal static class Pkcs7Rules
{
    private const byte OctetStringConstructed = 0x24;
    private const byte HighTag = 0x1F;

    /// <summary>Refuses options that PKCS #7 has no place for.</summary>
    internal static void Check(SignedDataWriterOptions options)
    {
        if (options.IsDetached || options.Signers.Count == 0)
        {
            throw new ArgumentException("Without content in the message there is no form of it to choose.", nameof(options));
        }

        if (options.OtherCertificates.Count > 0 || options.OtherRevocationInfo.Count > 0)
        {
            throw new ArgumentException("PKCS #7 carries certificates and CRLs of X.509 alone (RFC 2315 §6.6).", nameof(options));
        }

        if (options.Signers.Any(s => s.UseSubjectKeyIdentifier))
        {
            throw new ArgumentException("PKCS #7 names signers by issuer and serial number alone (RFC 2315 §9.2).", nameof(options));
        }
    }

    /// <summary>Tells whether a value with this identifier octet can be content of a type.</summary>
    /// <remarks>
    /// Data is an OCTET STRING (RFC 2315 §8), and those are in one piece in DER: segments would be digested with their headers here and
    /// without them by a reader of CMS.
    /// </remarks>
    internal static bool Admits(string contentType, byte identifier) => contentType == Oids.Data
        ? identifier == EncapsulatedContent.OctetString
        : identifier != OctetStringConstructed && (identifier & HighTag) != HighTag; // no reader of the spine knows tags above 30
}
