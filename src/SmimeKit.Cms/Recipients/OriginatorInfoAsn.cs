using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>OriginatorInfo</c>, RFC 5652 §6.1, and what it means for the version around it.</summary>
/// <remarks><code>
/// OriginatorInfo ::= SEQUENCE {
///     certs  [0] IMPLICIT CertificateSet OPTIONAL,
///     crls   [1] IMPLICIT RevocationInfoChoices OPTIONAL }
/// </code></remarks>
internal static class OriginatorInfoAsn
{
    private const byte AttributeCertificateV2 = 0xA2;
    private const byte OtherCertificate = 0xA3;
    private const byte OtherRevocationInfo = 0xA1;

    internal static bool IsEmpty(CarriedCertificates value) =>
        value.Certificates.Count + value.OtherCertificates.Count + value.Crls.Count + value.OtherRevocationInfo.Count == 0;

    internal static bool HasOther(CarriedCertificates value) =>
        HasTag(value.OtherCertificates, OtherCertificate) || HasTag(value.OtherRevocationInfo, OtherRevocationInfo);

    internal static bool HasAttributeCertificateV2(CarriedCertificates value) => HasTag(value.OtherCertificates, AttributeCertificateV2);

    /// <summary>Encodes the value under its tag [0]; empty when there is nothing to carry.</summary>
    internal static byte[] Encode(CarriedCertificates value)
    {
        if (IsEmpty(value))
        {
            return [];
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Der.Context(0)))
        {
            EncodeSet(writer, 0, [.. value.Certificates.Select(c => c.RawData), .. value.OtherCertificates]);
            EncodeSet(writer, 1, [.. value.Crls, .. value.OtherRevocationInfo]);
        }

        return writer.Encode();
    }

    private static void EncodeSet(AsnWriter writer, int number, List<ReadOnlyMemory<byte>> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        using (writer.PushSetOf(Der.Context(number)))
        {
            members.ForEach(member => writer.WriteEncodedValue(member.Span));
        }
    }

    private static bool HasTag(IReadOnlyList<ReadOnlyMemory<byte>> values, byte identifier) =>
        values.Any(v => !v.IsEmpty && v.Span[0] == identifier);
}
