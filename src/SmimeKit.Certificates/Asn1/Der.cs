using System.Formats.Asn1;

namespace SmimeKit.Asn1;

/// <summary>The one place where ASN.1 errors of the base library become <see cref="MalformedDataException"/>.</summary>
internal static class Der
{
    /// <summary>Decodes one whole value and refuses trailing bytes.</summary>
    internal static T Decode<T>(
        ReadOnlyMemory<byte> encoded,
        string fieldPath,
        Func<AsnReader, T> decode,
        AsnEncodingRules rules = AsnEncodingRules.DER,
        long offset = -1)
    {
        try
        {
            var reader = new AsnReader(encoded, rules);
            T value = decode(reader);
            reader.ThrowIfNotEmpty();
            return value;
        }
        catch (AsnContentException)
        {
            throw Malformed(fieldPath, offset);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or FormatException)
        {
            // Out-of-range dates and string octets surface as these from the base library.
            throw Malformed(fieldPath, offset);
        }
    }

    /// <summary>Decodes one whole value, or says that it does not decode.</summary>
    internal static bool TryDecode<T>(
        ReadOnlyMemory<byte> encoded,
        Func<AsnReader, T> decode,
        out T? value,
        AsnEncodingRules rules = AsnEncodingRules.DER)
    {
        try
        {
            value = Decode(encoded, "", decode, rules);
            return true;
        }
        catch (MalformedDataException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Decodes optional contents: null when the reader is at its end or at another tag.</summary>
    internal static bool HasTag(this AsnReader reader, Asn1Tag tag) =>
        reader.HasData && reader.PeekTag().HasSameClassAndValue(tag);

    /// <summary>The context-specific tag of one number.</summary>
    internal static Asn1Tag Context(int number, bool constructed = true) =>
        new(TagClass.ContextSpecific, number, constructed);

    private static MalformedDataException Malformed(string fieldPath, long offset) =>
        new("asn1-malformed", "The ASN.1 value is malformed", offset, fieldPath.Length == 0 ? null : fieldPath);
}
