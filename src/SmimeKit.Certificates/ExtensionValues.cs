using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Readers of extension values, one production of RFC 5280 §4.2.1 a method.</summary>
internal static class ExtensionValues
{
    private static readonly Asn1Tag[] _textAlternatives = [Der.Context(1, false), Der.Context(2, false), Der.Context(6, false)];

    // KeyUsage ::= BIT STRING, bit 0 first. Bits beyond decipherOnly are not defined and mean nothing.
    internal static KeyUsages ReadKeyUsage(AsnReader reader)
    {
        ReadOnlySpan<byte> octets = reader.ReadBitString(out int unused);
        int usage = 0;
        int bits = Math.Min((octets.Length * 8) - unused, 9);
        for (int i = 0; i < bits; i++)
        {
            usage |= (octets[i / 8] & (0x80 >> (i % 8))) != 0 ? 1 << i : 0;
        }

        return (KeyUsages)usage;
    }

    // ExtKeyUsageSyntax ::= SEQUENCE OF OBJECT IDENTIFIER
    internal static IReadOnlyList<string> ReadOids(AsnReader reader)
    {
        AsnReader list = reader.ReadSequence();
        var oids = new List<string>();
        while (list.HasData)
        {
            oids.Add(list.ReadObjectIdentifier());
        }

        return oids.AsReadOnly();
    }

    // BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
    internal static (bool IsCa, int? PathLength) ReadBasicConstraints(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        bool isCa = fields.HasTag(Asn1Tag.Boolean) && fields.ReadBoolean();
        int? pathLength = fields.HasData ? ReadPathLength(fields) : null;
        fields.ThrowIfNotEmpty();
        return (isCa, pathLength);
    }

    // KeyIdentifier ::= OCTET STRING
    internal static ReadOnlyMemory<byte> ReadKeyIdentifier(AsnReader reader) => reader.ReadOctetString();

    // AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] OPTIONAL, … [2] OPTIONAL }
    internal static ReadOnlyMemory<byte> ReadAuthorityKeyIdentifier(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        ReadOnlyMemory<byte> identifier = fields.HasTag(Der.Context(0, false)) ? fields.ReadOctetString(Der.Context(0, false)) : default;
        while (fields.HasData)
        {
            fields.ReadEncodedValue(); // issuer and serial number find nobody here
        }

        return identifier;
    }

    // GeneralNames ::= SEQUENCE OF GeneralName
    internal static IReadOnlyList<GeneralName> ReadGeneralNames(AsnReader reader)
    {
        AsnReader list = reader.ReadSequence();
        var names = new List<GeneralName>();
        while (list.HasData)
        {
            names.Add(ReadGeneralName(list.ReadEncodedValue()));
        }

        return names.AsReadOnly();
    }

    // A limit beyond int is no limit; a negative one is malformed.
    private static int ReadPathLength(AsnReader fields) =>
        fields.PeekContentBytes().Span is [>= 0x80, ..] ? throw new AsnContentException()
            : fields.TryReadInt32(out int value) ? value
            : fields.ReadIntegerBytes().IsEmpty ? 0 : int.MaxValue;

    private static GeneralName ReadGeneralName(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.BER);
        Asn1Tag tag = reader.PeekTag();
        if (Array.Exists(_textAlternatives, t => t.HasSameClassAndValue(tag)))
        {
            string text = reader.ReadCharacterString(UniversalTagNumber.IA5String, tag);
            return new GeneralName(tag.TagValue, encoded, text);
        }

        if (!tag.HasSameClassAndValue(Der.Context(0)))
        {
            return new GeneralName(tag.TagValue, encoded, null);
        }

        // OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
        AsnReader other = reader.ReadSequence(tag);
        string type = other.ReadObjectIdentifier();
        ReadOnlyMemory<byte> value = other.ReadSequence(Der.Context(0)).ReadEncodedValue();
        string? mailbox = type == Oids.SmtpUtf8Mailbox && NameComparison.TryReadString(value, out string? s) ? s : null; // RFC 9598 §3
        return new GeneralName(0, encoded, mailbox) { OtherNameType = type };
    }
}
