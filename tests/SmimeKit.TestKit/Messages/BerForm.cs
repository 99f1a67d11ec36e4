using System.Formats.Asn1;

namespace SmimeKit.TestKit.Messages;

/// <summary>The same message in other BER, X.690 §8: what RFC 5652 wants in DER (signed and authenticated attributes, certificates) stays.</summary>
public static class BerForm
{
    private static readonly Asn1Tag _signedAttributes = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Gives every constructed value an indefinite length, and every OCTET STRING segments inside segments when asked for.</summary>
    public static byte[] Of(byte[] message, bool segments) => Rewrite(message, [], segments);

    private static byte[] Rewrite(ReadOnlySpan<byte> value, Asn1Tag[] around, bool segments)
    {
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(value, AsnEncodingRules.BER, out int start, out int length, out int size);
        ReadOnlySpan<byte> contents = value.Slice(start, length);
        if (IsDer(tag, around))
        {
            return value[..size].ToArray();
        }

        if (tag == Asn1Tag.PrimitiveOctetString && segments)
        {
            int half = contents.Length / 2;
            return [0x24, 0x80, .. Segment(contents[..half]), 0x24, 0x80, .. Segment(contents[half..]), 0x04, 0x00, 0, 0, 0, 0];
        }

        if (!tag.IsConstructed)
        {
            return value[..size].ToArray();
        }

        var rewritten = new List<byte> { value[0], 0x80 };
        while (!contents.IsEmpty)
        {
            _ = AsnDecoder.ReadEncodedValue(contents, AsnEncodingRules.BER, out _, out _, out int next);
            rewritten.AddRange(Rewrite(contents[..next], [.. around, tag], segments));
            contents = contents[next..];
        }

        return [.. rewritten, 0, 0];
    }

    // Certificates, CRLs and attributes are fields of the content type itself, signed attributes one of each SignerInfo.
    private static bool IsDer(Asn1Tag tag, Asn1Tag[] around) =>
        (around.Length == 3 && tag.TagClass == TagClass.ContextSpecific && tag.IsConstructed)
        || (around.Length == 5 && tag == _signedAttributes && around[3] == Asn1Tag.SetOf && around[4] == Asn1Tag.Sequence);

    private static byte[] Segment(ReadOnlySpan<byte> octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(octets);
        return writer.Encode();
    }
}
