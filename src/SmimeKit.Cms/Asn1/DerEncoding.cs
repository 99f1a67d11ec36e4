using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <summary>DER from BER (what RFC 5652 §5.4 wants hashed, whatever was received) and from single values.</summary>
internal static class DerEncoding
{
    /// <summary>Re-encodes one value under another outermost tag.</summary>
    /// <exception cref="MalformedDataException">The value is not BER.</exception>
    internal static byte[] Reencode(ReadOnlyMemory<byte> ber, Asn1Tag tag, int maxDepth, string fieldPath) =>
        Der.Decode(ber, fieldPath, reader => Reencode(reader, tag, maxDepth), AsnEncodingRules.BER);

    internal static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    internal static byte[] OctetString(ReadOnlySpan<byte> octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(octets);
        return writer.Encode();
    }

    private static byte[] Reencode(AsnReader reader, Asn1Tag tag, int maxDepth)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        AsnReader members = reader.ReadSetOf(skipSortOrderValidation: true, reader.PeekTag());
        using (writer.PushSetOf(tag))
        {
            while (members.HasData)
            {
                Copy(members, writer, maxDepth - 1);
            }
        }

        return writer.Encode();
    }

    private static void Copy(AsnReader reader, AsnWriter writer, int depth)
    {
        if (depth <= 0)
        {
            throw new LimitExceededException(BerTokenizer.DepthLimit, depth);
        }

        Asn1Tag tag = reader.PeekTag();
        if (tag.TagClass == TagClass.Universal && TryCopyNormalized(reader, writer, (UniversalTagNumber)tag.TagValue))
        {
            return;
        }

        if (!tag.IsConstructed)
        {
            writer.WriteEncodedValue(Definite(reader.ReadEncodedValue()));
            return;
        }

        bool isSet = tag.HasSameClassAndValue(Asn1Tag.SetOf);
        AsnReader members = isSet ? reader.ReadSetOf(skipSortOrderValidation: true) : reader.ReadSequence(tag);
        using (isSet ? writer.PushSetOf() : writer.PushSequence(tag))
        {
            while (members.HasData)
            {
                Copy(members, writer, depth - 1);
            }
        }
    }

    // The types whose BER leaves a choice of encodings beyond the length octets.
    private static bool TryCopyNormalized(AsnReader reader, AsnWriter writer, UniversalTagNumber type)
    {
        switch (type)
        {
            case UniversalTagNumber.Boolean:
                writer.WriteBoolean(reader.ReadBoolean());
                return true;
            case UniversalTagNumber.OctetString:
                writer.WriteOctetString(reader.ReadOctetString());
                return true;
            case UniversalTagNumber.BitString:
                byte[] bits = reader.ReadBitString(out int unused);
                writer.WriteBitString(bits, unused);
                return true;
            default:
                return false;
        }
    }

    // Primitive contents are kept octet for octet; only a non-minimal length is rewritten.
    private static byte[] Definite(ReadOnlyMemory<byte> encoded)
    {
        _ = AsnDecoder.ReadEncodedValue(encoded.Span, AsnEncodingRules.BER, out int contentOffset, out int contentLength, out _);
        ReadOnlySpan<byte> contents = encoded.Span.Slice(contentOffset, contentLength);
        byte identifier = encoded.Span[0];
        return contentLength < 0x80
            ? [identifier, (byte)contentLength, .. contents]
            : contentLength <= 0xFF ? [identifier, 0x81, (byte)contentLength, .. contents]
            : contentLength <= 0xFFFF ? [identifier, 0x82, (byte)(contentLength >> 8), (byte)contentLength, .. contents]
            : [identifier, 0x83, (byte)(contentLength >> 16), (byte)(contentLength >> 8), (byte)contentLength, .. contents];
    }
}
