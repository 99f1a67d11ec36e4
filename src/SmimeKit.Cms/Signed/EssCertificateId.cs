using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Signed;

/// <summary>One certificate by its hash: ESSCertID and ESSCertIDv2, RFC 5035 §5.4.1.1 and §5.4.2.1.</summary>
/// <remarks><code>
/// ESSCertIDv2 ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier DEFAULT id-sha256, certHash OCTET STRING, issuerSerial IssuerSerial OPTIONAL }
/// ESSCertID ::= SEQUENCE { certHash OCTET STRING, issuerSerial IssuerSerial OPTIONAL }
/// IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber CertificateSerialNumber }
/// </code></remarks>
public sealed class EssCertificateId
{
    private static readonly Asn1Tag _directoryName = Der.Context(4);

    private EssCertificateId(AlgorithmIdentifier hashAlgorithm, ReadOnlyMemory<byte> hash)
    {
        HashAlgorithm = hashAlgorithm;
        Hash = hash;
    }

    /// <summary>Gets the digest algorithm; SHA-1 for the first version.</summary>
    public AlgorithmIdentifier HashAlgorithm { get; }

    /// <summary>Gets the hash of the whole certificate, signature included.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Gets the issuer; null when none is named.</summary>
    public DistinguishedName? Issuer { get; private init; }

    /// <summary>Gets the content octets of the serial number; empty when none is named.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; private init; }

    /// <summary>Tells whether a certificate is the one named: its hash, and issuer and serial number where they are given.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>True when it is; false also for a hash that is not implemented.</returns>
    public bool Matches(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return DigestAlgorithm.Find(HashAlgorithm) is { } digest
            && CryptographicOperations.FixedTimeEquals(digest.Hash(certificate.RawData.Span), Hash.Span)
            && (Issuer is null || (Issuer.Equals(certificate.Issuer) && SerialNumber.Span.SequenceEqual(certificate.SerialNumber.Span)));
    }

    internal static EssCertificateId Decode(AsnReader reader, bool version1)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier hashAlgorithm = version1 ? DigestAlgorithm.Sha1.ToIdentifier()
            : fields.HasTag(Asn1Tag.Sequence) ? fields.ReadAlgorithmIdentifier()
            : DigestAlgorithm.Sha256.ToIdentifier();
        byte[] hash = fields.ReadOctetString();
        (DistinguishedName? issuer, ReadOnlyMemory<byte> serialNumber) = fields.HasData ? ReadIssuerSerial(fields) : default;
        fields.ThrowIfNotEmpty();
        return new EssCertificateId(hashAlgorithm, hash) { Issuer = issuer, SerialNumber = serialNumber };
    }

    /// <summary>Writes ESSCertIDv2, or ESSCertID for SHA-1.</summary>
    internal static void Encode(AsnWriter writer, Certificate certificate, DigestAlgorithm digest)
    {
        using (writer.PushSequence())
        {
            if (digest != DigestAlgorithm.Sha1 && digest != DigestAlgorithm.Sha256)
            {
                writer.WriteAlgorithmIdentifier(digest.ToIdentifier()); // DER leaves the default out (R5035-5.4.1.1-a)
            }

            writer.WriteOctetString(digest == DigestAlgorithm.Sha256 ? certificate.Sha256.Span : digest.Hash(certificate.RawData.Span));
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

    // For public-key certificates the issuer is exactly one directoryName (R5035-5.4.1.1-b).
    private static (DistinguishedName Issuer, ReadOnlyMemory<byte> SerialNumber) ReadIssuerSerial(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AsnReader names = fields.ReadSequence();
        AsnReader name = names.ReadSequence(_directoryName);
        var issuer = new DistinguishedName(name.ReadEncodedValue());
        name.ThrowIfNotEmpty();
        names.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> serialNumber = fields.ReadIntegerBytes();
        fields.ThrowIfNotEmpty();
        return (issuer, serialNumber);
    }
}
