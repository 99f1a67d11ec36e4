using System.Formats.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <summary>One BER value in a buffer that holds all of it: a view, for searches that must not allocate.</summary>
internal readonly ref struct BerValue
{
    private const byte Constructed = 0x20;

    private BerValue(ReadOnlySpan<byte> source, int contentStart, int contentLength, int size)
    {
        Identifier = source[0];
        ContentStart = contentStart;
        Content = source.Slice(contentStart, contentLength);
        Encoded = source[..size];
    }

    /// <summary>Gets the identifier octet; 0 for a default value.</summary>
    internal byte Identifier { get; }

    internal int ContentStart { get; }

    internal ReadOnlySpan<byte> Content { get; }

    internal ReadOnlySpan<byte> Encoded { get; }

    internal int Size => Encoded.Length;

    /// <summary>Gets the octets of an OCTET STRING under any tag, its segments joined (X.690 §8.7.3); empty when it is none.</summary>
    internal ReadOnlySpan<byte> Octets => (Identifier & Constructed) == 0 ? Content : JoinSegments(Encoded);

    /// <summary>Reads the value at the start of a buffer; false when there is none or it is not whole.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out BerValue value)
    {
        // Definite lengths, all that a search meets as a rule, are read at once; the base library knows the rest.
        if (source is [byte identifier, byte first, ..] && (identifier & 0x1F) != 0x1F && first != 0x80 && first <= 0x83)
        {
            int count = first < 0x80 ? 0 : first & 0x7F;
            if (source.Length < 2 + count)
            {
                value = default;
                return false;
            }

            int length = first < 0x80 ? first : 0;
            for (int i = 0; i < count; i++)
            {
                length = (length << 8) | source[2 + i];
            }

            bool fits = length <= source.Length - 2 - count;
            value = fits ? new BerValue(source, 2 + count, length, 2 + count + length) : default;
            return fits;
        }

        return TryReadAny(source, out value);
    }

    private static ReadOnlySpan<byte> JoinSegments(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return Asn1Tag.TryDecode(encoded, out Asn1Tag tag, out _) && (tag.TagClass != TagClass.Universal || tag == Asn1Tag.ConstructedOctetString)
                ? AsnDecoder.ReadOctetString(encoded, AsnEncodingRules.BER, out _, tag)
                : [];
        }
        catch (AsnContentException)
        {
            return [];
        }
    }

    private static bool TryReadAny(ReadOnlySpan<byte> source, out BerValue value)
    {
        try
        {
            bool read = AsnDecoder.TryReadEncodedValue(source, AsnEncodingRules.BER, out _, out int start, out int contents, out int size);
            value = read ? new BerValue(source, start, contents, size) : default;
            return read;
        }
        catch (AsnContentException)
        {
            value = default; // a value inside one of indefinite length is not sound
            return false;
        }
    }
}
