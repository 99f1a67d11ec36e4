using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Text;
using SmimeKit.Cms;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>One BER value in words.</summary>
internal static class ElementText
{
    private const int MaxShown = 24; // octets

    /// <summary>Gets the type: <c>SEQUENCE</c>, <c>[0]</c>.</summary>
    internal static string Type(CmsElement element) => element.TagClass switch
    {
        0 => UniversalName(element.TagNumber),
        1 => FormattableString.Invariant($"[APPLICATION {element.TagNumber}]"),
        2 => FormattableString.Invariant($"[{element.TagNumber}]"),
        _ => FormattableString.Invariant($"[PRIVATE {element.TagNumber}]"),
    };

    /// <summary>Gets the number of contents octets.</summary>
    internal static string Length(CmsElement element) =>
        element.Length is { } length ? length.ToString(CultureInfo.InvariantCulture) : "indefinite";

    /// <summary>Gets the value of a primitive in words; null when there is nothing to say.</summary>
    internal static string? Value(CmsElement element)
    {
        if (element.IsConstructed || element.Length == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> contents = element.Contents.Span;
        bool whole = contents.Length == element.Length;
        return (element.TagClass, element.TagNumber) switch
        {
            (0, 1) when whole => contents[0] == 0 ? "FALSE" : "TRUE",
            (0, 2 or 10) when contents.Length <= 8 && whole => new BigInteger(contents, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
            (0, 6) when whole => DescribeOid(element),
            (0, 12 or 18 or 19 or 20 or 22 or 23 or 24 or 26) => Printable.Of(Encoding.UTF8.GetString(contents)) + (whole ? "" : "…"),
            _ => Hex(contents, whole),
        };
    }

    private static string DescribeOid(CmsElement element)
    {
        byte[] encoded = [0x06, (byte)element.Contents.Length, .. element.Contents.Span];
        try
        {
            string oid = AsnDecoder.ReadObjectIdentifier(encoded, AsnEncodingRules.BER, out _);
            string name = OidNames.Of(oid);
            return name == oid ? oid : $"{oid} {name}";
        }
        catch (AsnContentException)
        {
            return Hex(element.Contents.Span, whole: true);
        }
    }

    private static string Hex(ReadOnlySpan<byte> contents, bool whole)
    {
        int count = Math.Min(contents.Length, MaxShown);
        return Convert.ToHexStringLower(contents[..count]) + (whole && count == contents.Length ? "" : "…");
    }

    private static string UniversalName(int tag) => tag switch
    {
        1 => "BOOLEAN",
        2 => "INTEGER",
        3 => "BIT STRING",
        4 => "OCTET STRING",
        5 => "NULL",
        6 => "OBJECT IDENTIFIER",
        10 => "ENUMERATED",
        12 => "UTF8String",
        16 => "SEQUENCE",
        17 => "SET",
        18 => "NumericString",
        19 => "PrintableString",
        20 => "TeletexString",
        22 => "IA5String",
        23 => "UTCTime",
        24 => "GeneralizedTime",
        26 => "VisibleString",
        28 => "UniversalString",
        30 => "BMPString",
        _ => FormattableString.Invariant($"[UNIVERSAL {tag}]"),
    };
}
