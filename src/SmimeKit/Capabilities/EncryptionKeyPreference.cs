using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Capabilities;

/// <summary>
/// The attributes that announce a signer's separate encryption certificate: sMIMEEncryptionKeyPreference (RFC 8551 §2.5.3) and Microsoft's.
/// </summary>
/// <remarks><code>
/// SMIMEEncryptionKeyPreference ::= CHOICE {
///     issuerAndSerialNumber    [0] IssuerAndSerialNumber,
///     recipientKeyId           [1] RecipientKeyIdentifier,
///     subjectAltKeyIdentifier  [2] SubjectKeyIdentifier }
/// </code>
/// Microsoft's attribute (1.3.6.1.4.1.311.16.4) holds a plain IssuerAndSerialNumber.
/// </remarks>
public static class EncryptionKeyPreference
{
    private static readonly Asn1Tag _issuerAndSerialNumber = Der.Context(0);
    private static readonly Asn1Tag _recipientKeyId = Der.Context(1);
    private static readonly Asn1Tag _subjectKeyId = Der.Context(2, constructed: false);

    /// <summary>Makes both attributes for a certificate.</summary>
    /// <param name="certificate">The encryption certificate.</param>
    /// <returns>The attributes.</returns>
    public static IReadOnlyList<CmsAttribute> Create(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return
        [
            new CmsAttribute(Oids.EncryptionKeyPreference, Encode(certificate, _issuerAndSerialNumber)),
            new CmsAttribute(Oids.MicrosoftEncryptionKeyPreference, Encode(certificate, null)),
        ];
    }

    /// <summary>Reads the preference; Microsoft's attribute counts where the standard one is absent.</summary>
    /// <param name="attributes">The signed attributes of a valid signer.</param>
    /// <returns>How the certificate is named, or null when nothing is announced or it is malformed.</returns>
    public static CertificateIdentifier? Find(CmsAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return Find(attributes, Oids.EncryptionKeyPreference, ReadChoice)
            ?? Find(attributes, Oids.MicrosoftEncryptionKeyPreference, r => ReadIssuerAndSerialNumber(r, null));
    }

    private static CertificateIdentifier? Find(CmsAttributes attributes, string oid, Func<AsnReader, CertificateIdentifier?> read) =>
        attributes.FindSingle(oid) is { } value && Der.TryDecode(value, read, out CertificateIdentifier? identifier, AsnEncodingRules.BER)
            ? identifier
            : null;

    private static CertificateIdentifier? ReadChoice(AsnReader reader)
    {
        if (reader.HasTag(_issuerAndSerialNumber))
        {
            return ReadIssuerAndSerialNumber(reader, _issuerAndSerialNumber);
        }

        if (reader.HasTag(_recipientKeyId))
        {
            return new SubjectKeyIdentifier(reader.ReadSequence(_recipientKeyId).ReadOctetString());
        }

        return new SubjectKeyIdentifier(reader.ReadOctetString(_subjectKeyId));
    }

    private static IssuerAndSerialNumber ReadIssuerAndSerialNumber(AsnReader reader, Asn1Tag? tag)
    {
        AsnReader fields = reader.ReadSequence(tag);
        ReadOnlyMemory<byte> issuer = fields.ReadEncodedValue();
        ReadOnlyMemory<byte> serialNumber = fields.ReadIntegerBytes();
        fields.ThrowIfNotEmpty();
        return new IssuerAndSerialNumber(new DistinguishedName(issuer), serialNumber);
    }

    private static byte[] Encode(Certificate certificate, Asn1Tag? tag)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(tag))
        {
            writer.WriteEncodedValue(certificate.Issuer.RawData.Span);
            writer.WriteInteger(certificate.SerialNumber.Span);
        }

        return writer.Encode();
    }
}
