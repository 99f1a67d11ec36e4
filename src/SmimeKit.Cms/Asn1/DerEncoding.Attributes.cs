using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <content>
/// DER of a set of attributes, and of parameters, whatever was received: what RFC 5652 §5.4 and §9.2 hash. <c>SET OF SEQUENCE { type OBJECT IDENTIFIER,
/// values SET OF ANY }</c>: both sets are sorted. Sets inside the values keep their order: whether they are SET or SET OF, which sort
/// differently, only the definition of the attribute knows.
/// </content>
internal static partial class DerEncoding
{
    private const int AttributesLevel = 0;
    private const int AttributeValuesLevel = 2;
    private const int UnsortedLevel = AttributeValuesLevel + 1;
    private const int MaxParametersLevel = UnsortedLevel + 20; // those of RSASSA-PSS inside CEK-HKDF would need 9

    /// <summary>Tells whether a set of attributes, under any tag, is DER.</summary>
    internal static bool IsDer(ReadOnlySpan<byte> attributes, int maxDepth) => IsDer(attributes, AttributesLevel, maxDepth);

    /// <summary>Re-encodes a set of attributes as DER under another outermost tag.</summary>
    /// <exception cref="MalformedDataException">The value is not BER.</exception>
    /// <exception cref="LimitExceededException">The values nest too deep.</exception>
    internal static byte[] Reencode(ReadOnlyMemory<byte> ber, Asn1Tag tag, int maxDepth, string fieldPath) =>
        Der.Decode(
            ber,
            fieldPath,
            reader => Wrap(tag, Children(ReadContents(reader.ReadEncodedValue().Span, out _), AttributesLevel, maxDepth)),
            AsnEncodingRules.BER);

    /// <summary>Gets the DER of one value: parameters of an algorithm, which are compared and hashed by their octets.</summary>
    /// <exception cref="AsnContentException">The value is not BER, or nests deeper than any parameters do.</exception>
    internal static ReadOnlyMemory<byte> OfParameters(ReadOnlyMemory<byte> ber)
    {
        if (IsDer(ber.Span, UnsortedLevel, MaxParametersLevel))
        {
            return ber;
        }

        try
        {
            return Encode(ber.Span, UnsortedLevel, MaxParametersLevel);
        }
        catch (LimitExceededException e)
        {
            throw new AsnContentException("The parameters nest too deep.", e);
        }
    }

    private static bool IsDer(ReadOnlySpan<byte> value, int level, int maxDepth)
    {
        if (level >= maxDepth
            || !AsnDecoder.TryReadEncodedValue(
                value, AsnEncodingRules.DER, out Asn1Tag tag, out int start, out int length, out int size)
            || size != value.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> contents = value.Slice(start, length);
        if (!tag.IsConstructed)
        {
            return IsNormal(tag, contents);
        }

        return !IsString(tag) && AreDer(contents, level, maxDepth);
    }

    private static bool AreDer(ReadOnlySpan<byte> contents, int level, int maxDepth)
    {
        ReadOnlySpan<byte> previous = default;
        while (!contents.IsEmpty)
        {
            if (!AsnDecoder.TryReadEncodedValue(contents, AsnEncodingRules.DER, out _, out _, out _, out int size)
                || !IsDer(contents[..size], level + 1, maxDepth)
                || (IsSorted(level) && previous.SequenceCompareTo(contents[..size]) > 0))
            {
                return false;
            }

            previous = contents[..size];
            contents = contents[size..];
        }

        return true;
    }

    private static bool IsSorted(int level) => level is AttributesLevel or AttributeValuesLevel;

    // X.690 §11.1, §11.2: the primitive types whose contents leave a choice in BER.
    private static bool IsNormal(Asn1Tag tag, ReadOnlySpan<byte> contents) =>
        tag.TagClass != TagClass.Universal || (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.Boolean => contents is [0x00] or [0xFF],
            UniversalTagNumber.BitString => contents is [0, ..] or [> 0 and < 8, _, ..]
                && (contents[^1] & ((1 << contents[0]) - 1)) == 0,
            _ => true,
        };

    private static bool IsString(Asn1Tag tag) =>
        tag.TagClass == TagClass.Universal
        && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.OctetString or UniversalTagNumber.BitString
            or UniversalTagNumber.UTF8String or (>= UniversalTagNumber.NumericString and <= UniversalTagNumber.BMPString);

    private static byte[] Encode(ReadOnlySpan<byte> encoded, int level, int maxDepth)
    {
        if (level >= maxDepth)
        {
            throw new LimitExceededException(BerTokenizer.DepthLimit, maxDepth);
        }

        ReadOnlySpan<byte> contents = ReadContents(encoded, out Asn1Tag tag);
        if (tag.TagClass == TagClass.Universal && Normalize(encoded, tag) is { } normalized)
        {
            return Wrap(new Asn1Tag(tag.TagClass, tag.TagValue), [normalized]);
        }

        return Wrap(tag, tag.IsConstructed ? Children(contents, level, maxDepth) : [contents.ToArray()]);
    }

    private static List<byte[]> Children(ReadOnlySpan<byte> contents, int level, int maxDepth)
    {
        var children = new List<byte[]>();
        while (!contents.IsEmpty)
        {
            _ = AsnDecoder.ReadEncodedValue(contents, AsnEncodingRules.BER, out _, out _, out int size);
            children.Add(Encode(contents[..size], level + 1, maxDepth));
            contents = contents[size..];
        }

        if (IsSorted(level))
        {
            children.Sort((left, right) => left.AsSpan().SequenceCompareTo(right)); // X.690 §11.6
        }

        return children;
    }

    // The contents octets of the types whose BER leaves a choice beyond the length octets; null for the others.
    private static byte[]? Normalize(ReadOnlySpan<byte> encoded, Asn1Tag tag)
    {
        switch ((UniversalTagNumber)tag.TagValue)
        {
            case UniversalTagNumber.Boolean:
                return [AsnDecoder.ReadBoolean(encoded, AsnEncodingRules.BER, out _) ? (byte)0xFF : (byte)0];
            case UniversalTagNumber.OctetString:
                return AsnDecoder.ReadOctetString(encoded, AsnEncodingRules.BER, out _);
            case UniversalTagNumber.BitString:
                byte[] bits = AsnDecoder.ReadBitString(encoded, AsnEncodingRules.BER, out int unused, out _);
                return [(byte)unused, .. bits];
            default:
                return IsString(tag) && tag.IsConstructed ? JoinSegments(encoded, tag) : null;
        }
    }

    private static byte[] JoinSegments(ReadOnlySpan<byte> encoded, Asn1Tag tag)
    {
        byte[] joined = new byte[encoded.Length];
        return AsnDecoder.TryReadCharacterStringBytes(encoded, joined, AsnEncodingRules.BER, tag, out _, out int count)
            ? joined[..count]
            : throw new AsnContentException();
    }

    private static ReadOnlySpan<byte> ReadContents(ReadOnlySpan<byte> encoded, out Asn1Tag tag)
    {
        tag = AsnDecoder.ReadEncodedValue(encoded, AsnEncodingRules.BER, out int start, out int length, out _);
        return encoded.Slice(start, length);
    }

    private static byte[] Wrap(Asn1Tag tag, List<byte[]> parts)
    {
        int length = parts.Sum(part => part.Length);
        int identifierSize = tag.CalculateEncodedSize();
        byte[] value = new byte[identifierSize - 1 + BerWriter.ValueSize(length)];
        tag.Encode(value);
        int start = value.Length - length;
        BerWriter.WriteLength(value.AsSpan(identifierSize, start - identifierSize), length);
        foreach (byte[] part in parts)
        {
            part.CopyTo(value, start);
            start += part.Length;
        }

        return value;
    }
}
