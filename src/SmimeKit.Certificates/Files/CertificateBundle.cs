using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The certificates of a SignedData, RFC 5652 §5.1, without regard to its content and signers: nothing is verified.</summary>
/// <remarks><code>
/// SignedData ::= SEQUENCE {
///     version           INTEGER,
///     digestAlgorithms  SET,
///     encapContentInfo  SEQUENCE,
///     certificates  [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
///     crls          [1] IMPLICIT SET OPTIONAL,
///     signerInfos       SET }
/// </code></remarks>
internal static class CertificateBundle
{
    internal static List<Certificate> Decode(ReadOnlyMemory<byte> contentInfo, int maxCertificates)
    {
        List<byte[]> encoded = Der.Decode(contentInfo, "contentInfo", r => ReadContentInfo(r, maxCertificates), AsnEncodingRules.BER);
        return [.. encoded.Select(c => Certificate.Decode(c))];
    }

    internal static byte[] Encode(IEnumerable<Certificate> certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(Der.Context(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf())
                {
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Data);
                }

                using (writer.PushSetOf(Der.Context(0)))
                {
                    foreach (Certificate certificate in certificates.Distinct())
                    {
                        writer.WriteEncodedValue(certificate.RawData.Span);
                    }
                }

                using (writer.PushSetOf())
                {
                }
            }
        }

        return writer.Encode();
    }

    private static List<byte[]> ReadContentInfo(AsnReader reader, int maxCertificates)
    {
        AsnReader contentInfo = reader.ReadSequence();
        if (contentInfo.ReadObjectIdentifier() != Oids.SignedData)
        {
            throw new AsnContentException();
        }

        AsnReader content = contentInfo.ReadSequence(Der.Context(0));
        AsnReader signedData = content.ReadSequence();
        content.ThrowIfNotEmpty();
        contentInfo.ThrowIfNotEmpty();
        signedData.ReadIntegerBytes();
        signedData.ReadSetOf(skipSortOrderValidation: true);
        signedData.ReadSequence();
        return signedData.HasTag(Der.Context(0))
            ? ReadCertificates(signedData.ReadSetOf(skipSortOrderValidation: true, Der.Context(0)), maxCertificates)
            : [];
    }

    private static List<byte[]> ReadCertificates(AsnReader set, int maxCertificates)
    {
        var certificates = new List<byte[]>();
        while (set.HasData)
        {
            bool isCertificate = set.PeekTag() == Asn1Tag.Sequence; // The tagged choices are not X.509 certificates (R8550-2.2.1-a).
            ReadOnlyMemory<byte> encoded = set.ReadEncodedValue();
            if (isCertificate)
            {
                certificates.Add(encoded.ToArray());
            }

            if (certificates.Count > maxCertificates)
            {
                throw new LimitExceededException(nameof(FileLimits.MaxCertificates), maxCertificates);
            }
        }

        return certificates;
    }
}
