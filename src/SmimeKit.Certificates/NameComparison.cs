using System.Formats.Asn1;
using System.Text;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Equality of distinguished names, RFC 5280 §7.1: string types do not matter, nor case, nor runs of blanks.</summary>
internal static class NameComparison
{
    // Walks both names together: names under one CA differ late, in one RDN, and only that one is folded.
    internal static bool AreEqual(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        try
        {
            AsnReader a = new AsnReader(left, AsnEncodingRules.BER).ReadSequence();
            AsnReader b = new AsnReader(right, AsnEncodingRules.BER).ReadSequence();
            while (a.HasData && b.HasData)
            {
                ReadOnlyMemory<byte> x = a.ReadEncodedValue();
                ReadOnlyMemory<byte> y = b.ReadEncodedValue();
                if (!x.Span.SequenceEqual(y.Span) && !RdnsAreEqual(x, y))
                {
                    return false;
                }
            }

            return !a.HasData && !b.HasData;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    internal static int GetHashCode(ReadOnlyMemory<byte> name) =>
        TryCanonicalize(name, out string? text) ? string.GetHashCode(text, StringComparison.Ordinal) : name.Length;

    /// <summary>Whether <paramref name="name"/> lies in the subtree of <paramref name="subtree"/> (RFC 5280 §4.2.1.10, directoryName).</summary>
    internal static bool IsWithin(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> subtree) =>
        TryCanonicalize(name, out string? a) && TryCanonicalize(subtree, out string? b) && a!.StartsWith(b!, StringComparison.Ordinal);

    internal static List<(string Oid, string Value)> ReadAttributes(AsnReader reader)
    {
        var attributes = new List<(string, string)>();
        AsnReader rdns = reader.ReadSequence();
        while (rdns.HasData)
        {
            AsnReader rdn = rdns.ReadSetOf(skipSortOrderValidation: true);
            while (rdn.HasData)
            {
                AsnReader attribute = rdn.ReadSequence();
                string oid = attribute.ReadObjectIdentifier();
                if (TryReadString(attribute.ReadEncodedValue(), out string? value))
                {
                    attributes.Add((oid, value!));
                }
            }
        }

        return attributes;
    }

    /// <summary>Reads a character string of any of the types found in names.</summary>
    internal static bool TryReadString(ReadOnlyMemory<byte> encoded, out string? value)
    {
        value = null;
        if (encoded.IsEmpty || (encoded.Span[0] & 0xC0) != 0)
        {
            return false;
        }

        var tag = (UniversalTagNumber)(encoded.Span[0] & 0x1F);
        if (tag == UniversalTagNumber.TeletexString)
        {
            // T.61 in certificates is Latin-1 in practice.
            return Der.TryDecode(encoded, r => Encoding.Latin1.GetString(r.PeekContentBytes().Span) + Skip(r), out value, AsnEncodingRules.BER);
        }

        if (tag is UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString
            or UniversalTagNumber.NumericString)
        {
            // "@", "&" and "*" in a PrintableString are forbidden and frequent: any ASCII is read.
            return Der.TryDecode(encoded, r => ReadAscii(r, tag), out value, AsnEncodingRules.BER);
        }

        return tag is UniversalTagNumber.UTF8String or UniversalTagNumber.BMPString
            && Der.TryDecode(encoded, r => r.ReadCharacterString(tag), out value, AsnEncodingRules.BER);

        static string ReadAscii(AsnReader r, UniversalTagNumber tag) =>
            !r.PeekTag().IsConstructed && Ascii.IsValid(r.PeekContentBytes().Span)
                ? Encoding.ASCII.GetString(r.PeekContentBytes().Span) + Skip(r)
                : r.ReadCharacterString(tag);

        static string Skip(AsnReader r)
        {
            r.ReadEncodedValue();
            return "";
        }
    }

    /// <summary>The form in which equal names are equal texts; null when the name does not decode.</summary>
    internal static bool TryCanonicalize(ReadOnlyMemory<byte> name, out string? text) =>
        Der.TryDecode(name, Canonicalize, out text, AsnEncodingRules.BER);

    private static bool RdnsAreEqual(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) =>
        AsciiRdnComparison.TryCompare(left.Span, right.Span) ?? string.Equals(
            CanonicalizeRdn(new AsnReader(left, AsnEncodingRules.BER)),
            CanonicalizeRdn(new AsnReader(right, AsnEncodingRules.BER)),
            StringComparison.Ordinal);

    private static string Canonicalize(AsnReader reader)
    {
        var text = new StringBuilder();
        AsnReader rdns = reader.ReadSequence();
        while (rdns.HasData)
        {
            text.Append(CanonicalizeRdn(rdns)).Append('\n');
        }

        return text.ToString();
    }

    // One line an RDN, its attributes sorted: RDNs are sets.
    private static string CanonicalizeRdn(AsnReader rdns)
    {
        var parts = new List<string>(1);
        AsnReader rdn = rdns.ReadSetOf(skipSortOrderValidation: true);
        while (rdn.HasData)
        {
            AsnReader attribute = rdn.ReadSequence();
            string oid = attribute.ReadObjectIdentifier();
            ReadOnlyMemory<byte> value = attribute.ReadEncodedValue();
            parts.Add(oid + "=" + (TryReadString(value, out string? s) ? "s" + Fold(s!) : "x" + Convert.ToHexString(value.Span)));
        }

        parts.Sort(StringComparer.Ordinal);
        return parts.Count == 1 ? parts[0] : string.Join('\t', parts);
    }

    // Tabs and line breaks inside values become blanks here, so '\t' separates attributes and '\n' RDNs without ambiguity.
    private static string Fold(string value)
    {
        var folded = new StringBuilder(value.Length);
        foreach (char c in value)
        {
            bool blank = char.IsWhiteSpace(c);
            if (blank && (folded.Length == 0 || folded[^1] == ' '))
            {
                continue;
            }

            folded.Append(blank ? ' ' : char.ToLowerInvariant(c));
        }

        return folded.ToString().TrimEnd(' ');
    }
}
