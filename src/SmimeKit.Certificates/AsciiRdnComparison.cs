using System.Formats.Asn1;
using System.Text;

namespace SmimeKit.Certificates;

/// <summary>The common case of <see cref="NameComparison"/>, without allocation: RDNs of one attribute with an ASCII string.</summary>
internal static class AsciiRdnComparison
{
    private const byte Constructed = 0x20;

    /// <summary>Compares two encoded RDNs; null when they are not of the common case.</summary>
    /// <exception cref="AsnContentException">One of them is malformed.</exception>
    internal static bool? TryCompare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (!TryReadSingle(left, out ReadOnlySpan<byte> leftType, out ReadOnlySpan<byte> leftValue)
            || !TryReadSingle(right, out ReadOnlySpan<byte> rightType, out ReadOnlySpan<byte> rightValue))
        {
            return null;
        }

        if (!leftType.SequenceEqual(rightType))
        {
            return false;
        }

        return TryReadAscii(leftValue, out ReadOnlySpan<byte> a) && TryReadAscii(rightValue, out ReadOnlySpan<byte> b)
            ? FoldedEquals(a, b)
            : null;
    }

    // RelativeDistinguishedName ::= SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }, here with one element.
    private static bool TryReadSingle(ReadOnlySpan<byte> rdn, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> value)
    {
        AsnDecoder.ReadSetOf(rdn, AsnEncodingRules.BER, out int offset, out int length, out _, skipSortOrderValidation: true);
        ReadOnlySpan<byte> set = rdn.Slice(offset, length);
        AsnDecoder.ReadSequence(set, AsnEncodingRules.BER, out offset, out length, out int consumed);
        ReadOnlySpan<byte> attribute = set.Slice(offset, length);
        AsnDecoder.ReadEncodedValue(attribute, AsnEncodingRules.BER, out _, out _, out int typeLength);
        type = attribute[..typeLength];
        value = attribute[typeLength..];
        return consumed == set.Length;
    }

    private static bool TryReadAscii(ReadOnlySpan<byte> encoded, out ReadOnlySpan<byte> text)
    {
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(encoded, AsnEncodingRules.BER, out int offset, out int length, out int consumed);
        text = encoded.Slice(offset, length);
        return (encoded[0] & Constructed) == 0 && consumed == encoded.Length && tag.TagClass == TagClass.Universal
            && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
                or UniversalTagNumber.IA5String
            && Ascii.IsValid(text);
    }

    // The folding of NameComparison, on ASCII: outer blanks go, runs of blanks are one, case does not matter.
    private static bool FoldedEquals(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        a = a[Ascii.Trim(a)];
        b = b[Ascii.Trim(b)];
        int i = 0;
        int j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (Next(a, ref i) != Next(b, ref j))
            {
                return false;
            }
        }

        return i == a.Length && j == b.Length;
    }

    private static byte Next(ReadOnlySpan<byte> text, ref int position)
    {
        byte octet = text[position++];
        if (!IsBlank(octet))
        {
            return octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        }

        while (position < text.Length && IsBlank(text[position]))
        {
            position++;
        }

        return (byte)' ';
    }

    private static bool IsBlank(byte octet) => octet is (byte)' ' or (>= 9 and <= 13);
}
