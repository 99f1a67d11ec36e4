using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Types;

/// <summary>How a message names a certificate: SignerIdentifier and RecipientIdentifier, RFC 5652 §5.3 and §6.2.1.</summary>
/// <remarks><code>
/// CHOICE { issuerAndSerialNumber IssuerAndSerialNumber, subjectKeyIdentifier [0] SubjectKeyIdentifier }
/// </code></remarks>
public abstract class CertificateIdentifier
{
    private protected CertificateIdentifier()
    {
    }

    /// <summary>Tells whether a certificate is named by this identifier. Several different certificates may be.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>True when it matches.</returns>
    public abstract bool Matches(Certificate certificate);

    internal static CertificateIdentifier Decode(AsnReader reader) =>
        reader.HasTag(SubjectKeyIdentifier.Tag)
            ? new SubjectKeyIdentifier(reader.ReadOctetString(SubjectKeyIdentifier.Tag))
            : IssuerAndSerialNumber.DecodeFields(reader);

    internal abstract void Encode(AsnWriter writer);
}
