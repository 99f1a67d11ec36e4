using SmimeKit.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Which attributes a caller may add to a signer. Mistakes are told before anything is written.</summary>
internal static class SignerAttributeRules
{
    // Written by the library (RFC 5652 §11, RFC 6211, RFC 5035), or unsigned by definition (§11.4).
    private static readonly string[] _notTheCallersToSign =
    [
        Oids.ContentType, Oids.MessageDigest, Oids.SigningTime, Oids.Countersignature, Oids.CmsAlgorithmProtection,
        Oids.SigningCertificate, Oids.SigningCertificateV2,
    ];

    // RFC 5652 §11.1-11.3, RFC 6211 §2, RFC 5035 §5.4, RFC 8551 §2.5.2.
    private static readonly string[] _neverUnsigned =
    [
        Oids.ContentType, Oids.MessageDigest, Oids.SigningTime, Oids.CmsAlgorithmProtection, Oids.SigningCertificate,
        Oids.SigningCertificateV2, Oids.SmimeCapabilities, Oids.EncryptionKeyPreference,
    ];

    /// <exception cref="ArgumentException">An attribute is not allowed where it is, or a choice contradicts the content type.</exception>
    internal static void Check(CmsSigner signer, string? contentType)
    {
        if (contentType == SignerVerifier.Countersignature && signer.SignedAttributes.Count > 0)
        {
            throw new ArgumentException("A countersignature signs no further attributes.", nameof(signer)); // R2634-1.3.4-d
        }

        if (!signer.UseSignedAttributes
            && (contentType is not (Oids.Data or SignerVerifier.Countersignature) || signer.SignedAttributes.Count > 0 || signer.SigningTime is not null))
        {
            throw new ArgumentException(
                "Signed attributes are required: the content type is not data, or attributes were given.", nameof(signer));
        }

        Refuse(signer.SignedAttributes, _notTheCallersToSign, "is not the caller's to add");
        CheckUnsigned(signer.UnsignedAttributes);
        if (signer.SignedAttributes.Select(a => a.Oid).Distinct().Count() < signer.SignedAttributes.Count)
        {
            throw new ArgumentException("A type of signed attribute occurs once.", nameof(signer)); // R2634-1.3.4-c, R8551-2.5.2-a
        }
    }

    /// <exception cref="ArgumentException">An attribute is never unsigned, or has no value.</exception>
    internal static void CheckUnsigned(IReadOnlyList<CmsAttribute> attributes) =>
        Refuse(attributes, _neverUnsigned, "is never unsigned");

    private static void Refuse(IReadOnlyList<CmsAttribute> attributes, string[] refused, string why)
    {
        foreach (CmsAttribute attribute in attributes)
        {
            if (refused.Contains(attribute.Oid))
            {
                throw new ArgumentException($"The attribute {attribute.Oid} {why}.", nameof(attributes));
            }

            if (attribute.Values.Count == 0)
            {
                throw new ArgumentException($"The attribute {attribute.Oid} has no value.", nameof(attributes));
            }
        }
    }
}
