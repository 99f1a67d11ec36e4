using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>The signing-certificate attributes, RFC 5035: they name the exact certificate that the signer means.</summary>
/// <remarks><code>
/// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies SEQUENCE OF PolicyInformation OPTIONAL }
/// ESSCertIDv2 ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier DEFAULT id-sha256, certHash OCTET STRING, issuerSerial IssuerSerial OPTIONAL }
/// IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber INTEGER }
/// </code></remarks>
internal static class SigningCertificateV2
{
    private static readonly Asn1Tag _directoryName = Der.Context(4);

    internal static void WriteValue(AsnWriter writer, Certificate certificate)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(certificate.Sha256.Span);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                using (writer.PushSequence(_directoryName))
                {
                    writer.WriteEncodedValue(certificate.Issuer.RawData.Span);
                }

                writer.WriteInteger(certificate.SerialNumber.Span);
            }
        }
    }

    /// <summary>Tells whether the attributes, where present, name a certificate; each is judged on its own (RFC 5035 §5.4).</summary>
    internal static bool Names(CmsAttributes attributes, Certificate certificate) =>
        Names(attributes, Oids.SigningCertificateV2, certificate, ReadV2) && Names(attributes, Oids.SigningCertificate, certificate, ReadV1);

    private static bool Names(
        CmsAttributes attributes, string oid, Certificate certificate, Func<AsnReader, (DigestAlgorithm? Digest, byte[] Hash)> read)
    {
        if (!attributes.Contains(oid))
        {
            return true;
        }

        return attributes.FindSingle(oid) is { } value
            && Der.TryDecode(value, r => ReadFirst(r, read), out (DigestAlgorithm? Digest, byte[] Hash) id, AsnEncodingRules.BER)
            && id.Digest is not null
            && CryptographicOperations.FixedTimeEquals(id.Digest.Hash(certificate.RawData.Span), id.Hash);
    }

    // The first entry identifies the signer's certificate (RFC 5035 §5.4.1); further ones limit the path.
    private static (DigestAlgorithm?, byte[]) ReadFirst(AsnReader reader, Func<AsnReader, (DigestAlgorithm?, byte[])> read)
    {
        AsnReader certs = reader.ReadSequence().ReadSequence();
        return read(certs.ReadSequence());
    }

    private static (DigestAlgorithm?, byte[]) ReadV2(AsnReader id)
    {
        DigestAlgorithm? digest = id.HasTag(Asn1Tag.Sequence)
            ? DigestAlgorithm.Find(id.ReadAlgorithmIdentifier())
            : DigestAlgorithm.Sha256;
        return (digest, id.ReadOctetString());
    }

    private static (DigestAlgorithm?, byte[]) ReadV1(AsnReader id) => (DigestAlgorithm.Sha1, id.ReadOctetString());
}
