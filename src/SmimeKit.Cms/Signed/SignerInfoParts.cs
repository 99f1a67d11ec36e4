using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Signed;

/// <summary>A SignerInfo cut in two: what is never touched, and the unsigned attributes, each as encoded.</summary>
/// <param name="Fixed">Everything up to and with the signature, as received.</param>
/// <param name="UnsignedAttributes">The encoded attributes.</param>
internal sealed record SignerInfoParts(IReadOnlyList<ReadOnlyMemory<byte>> Fixed, IReadOnlyList<ReadOnlyMemory<byte>> UnsignedAttributes)
{
    private const byte Sequence = 0x30;
    private const byte UnsignedAttributesSet = 0xA1;

    private static readonly Asn1Tag _unsignedAttributes = Der.Context(1);

    internal static SignerInfoParts Split(ReadOnlyMemory<byte> signerInfo) =>
        Der.Decode(signerInfo, "signerInfos", Read, AsnEncodingRules.BER);

    internal byte[] Join()
    {
        if (UnsignedAttributes.Count == 0)
        {
            return EncodedSet.Encode(Sequence, Fixed); // R3369-5.3-l: no empty set
        }

        return EncodedSet.Encode(Sequence, [.. Fixed, EncodedSet.Encode(UnsignedAttributesSet, UnsignedAttributes)]);
    }

    private static SignerInfoParts Read(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var parts = new List<ReadOnlyMemory<byte>>();
        var attributes = new List<ReadOnlyMemory<byte>>();
        bool signed = false;
        while (fields.HasData)
        {
            if (signed && fields.HasTag(_unsignedAttributes))
            {
                AsnReader set = fields.ReadSetOf(skipSortOrderValidation: true, _unsignedAttributes);
                while (set.HasData)
                {
                    attributes.Add(set.ReadEncodedValue());
                }

                break;
            }

            // The signature is the only octet string of the universal class among the fields (RFC 5652 §5.3).
            signed |= fields.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString);
            parts.Add(fields.ReadEncodedValue());
        }

        fields.ThrowIfNotEmpty();
        return new SignerInfoParts(parts, attributes);
    }
}
