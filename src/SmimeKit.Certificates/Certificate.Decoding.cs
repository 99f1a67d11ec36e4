using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <content>The wire form, RFC 5280 §4.1.</content>
public sealed partial class Certificate
{
    private const int MaxExtensions = 100; // certificates in the field have fewer than 20

    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
    private static Fields ReadFields(AsnReader reader)
    {
        AsnReader certificate = reader.ReadSequence();
        ReadOnlyMemory<byte> tbs = certificate.PeekEncodedValue();
        Fields fields = ReadTbs(certificate.ReadSequence());
        fields.Tbs = tbs;
        fields.SignatureAlgorithm = AlgorithmIdentifier.Decode(certificate);
        fields.Signature = certificate.ReadBitString(out int unused);
        certificate.ThrowIfNotEmpty();
        return unused == 0 ? fields : throw new AsnContentException();
    }

    // TBSCertificate ::= SEQUENCE { version [0] DEFAULT v1, serialNumber, signature, issuer, validity, subject,
    //     subjectPublicKeyInfo, issuerUniqueID [1] OPTIONAL, subjectUniqueID [2] OPTIONAL, extensions [3] OPTIONAL }
    private static Fields ReadTbs(AsnReader tbs)
    {
        var fields = new Fields { Version = 1 };
        if (tbs.HasTag(Der.Context(0)))
        {
            AsnReader version = tbs.ReadSequence(Der.Context(0));
            fields.Version = version.TryReadInt32(out int value) && value is >= 0 and <= 2 ? value + 1 : throw new AsnContentException();
            version.ThrowIfNotEmpty();
        }

        fields.SerialNumber = tbs.ReadIntegerBytes();
        fields.TbsSignatureAlgorithm = AlgorithmIdentifier.Decode(tbs);
        fields.Issuer = new DistinguishedName(ReadName(tbs));
        AsnReader validity = tbs.ReadSequence();
        fields.NotBefore = ReadTime(validity);
        fields.NotAfter = ReadTime(validity);
        validity.ThrowIfNotEmpty();
        fields.Subject = new DistinguishedName(ReadName(tbs));
        fields.PublicKey = SubjectPublicKeyInfo.Decode(tbs);
        SkipUniqueIdentifier(tbs, 1);
        SkipUniqueIdentifier(tbs, 2);
        fields.Extensions = tbs.HasTag(Der.Context(3)) ? ReadExtensions(tbs.ReadSequence(Der.Context(3))) : [];
        tbs.ThrowIfNotEmpty();
        return fields;
    }

    private static ReadOnlyMemory<byte> ReadName(AsnReader tbs)
    {
        ReadOnlyMemory<byte> name = tbs.PeekEncodedValue();
        tbs.ReadSequence();
        return name;
    }

    private static void SkipUniqueIdentifier(AsnReader tbs, int number)
    {
        if (tbs.HasTag(Der.Context(number, constructed: false)))
        {
            tbs.ReadEncodedValue();
        }
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
            ? reader.ReadUtcTime(twoDigitYearMax: 2049) // RFC 5280 §4.1.2.5.1
            : reader.ReadGeneralizedTime();

    private static List<CertificateExtension> ReadExtensions(AsnReader outer)
    {
        AsnReader list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var extensions = new List<CertificateExtension>();
        while (list.HasData)
        {
            AsnReader extension = list.ReadSequence();
            string oid = extension.ReadObjectIdentifier();
            bool critical = extension.HasTag(Asn1Tag.Boolean) && extension.ReadBoolean();
            extensions.Add(new CertificateExtension(oid, critical, extension.ReadOctetString()));
            extension.ThrowIfNotEmpty();
            if (extensions.Count > MaxExtensions)
            {
                throw new LimitExceededException(nameof(MaxExtensions), MaxExtensions);
            }
        }

        return extensions;
    }

    private sealed class Fields
    {
        internal ReadOnlyMemory<byte> Tbs { get; set; }

        internal int Version { get; set; }

        internal ReadOnlyMemory<byte> SerialNumber { get; set; }

        internal AlgorithmIdentifier TbsSignatureAlgorithm { get; set; } = null!;

        internal DistinguishedName Issuer { get; set; } = null!;

        internal DateTimeOffset NotBefore { get; set; }

        internal DateTimeOffset NotAfter { get; set; }

        internal DistinguishedName Subject { get; set; } = null!;

        internal SubjectPublicKeyInfo PublicKey { get; set; } = null!;

        internal IReadOnlyList<CertificateExtension> Extensions { get; set; } = [];

        internal AlgorithmIdentifier SignatureAlgorithm { get; set; } = null!;

        internal ReadOnlyMemory<byte> Signature { get; set; }
    }
}
