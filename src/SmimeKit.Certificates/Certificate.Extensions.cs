using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <content>The extensions of RFC 5280 §4.2 that S/MIME reads, decoded when asked for.</content>
public sealed partial class Certificate
{
    private static readonly Asn1Tag[] _textAlternatives = [Der.Context(1, false), Der.Context(2, false), Der.Context(6, false)];

    /// <summary>Gets the keyUsage bits, or null when the extension is absent: then every usage is presumed (RFC 8550 §4.4.2).</summary>
    public KeyUsages? KeyUsage => Decode<KeyUsages?>(Oids.KeyUsage, "keyUsage", r => r.ReadNamedBitListValue<KeyUsages>());

    /// <summary>Gets the purposes of extKeyUsage as object identifiers, or null when the extension is absent.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsages => Decode(Oids.ExtendedKeyUsage, "extKeyUsage", ReadOids);

    /// <summary>Gets whether basicConstraints says CA; false when the extension is absent.</summary>
    public bool IsCertificateAuthority => BasicConstraints?.IsCa ?? false;

    /// <summary>Gets the limit on the number of intermediate certificates below this CA, or null when there is none.</summary>
    public int? PathLengthConstraint => BasicConstraints?.PathLength;

    /// <summary>Gets the octets of the subjectKeyIdentifier extension; empty when absent.</summary>
    public ReadOnlyMemory<byte> SubjectKeyIdentifier =>
        Decode<ReadOnlyMemory<byte>?>(Oids.SubjectKeyIdentifier, "subjectKeyIdentifier", r => r.ReadOctetString()) ?? default;

    /// <summary>Gets the keyIdentifier of the authorityKeyIdentifier extension; empty when absent.</summary>
    public ReadOnlyMemory<byte> AuthorityKeyIdentifier =>
        Decode<ReadOnlyMemory<byte>?>(Oids.AuthorityKeyIdentifier, "authorityKeyIdentifier", ReadAuthorityKeyIdentifier) ?? default;

    /// <summary>Gets the names of subjectAltName; empty when the extension is absent.</summary>
    public IReadOnlyList<GeneralName> SubjectAlternativeNames =>
        Decode(Oids.SubjectAltName, "subjectAltName", r => (IReadOnlyList<GeneralName>)ReadGeneralNames(r)) ?? [];

    /// <summary>
    /// Gets the mail addresses: rfc822Name and SmtpUTF8Mailbox of subjectAltName, then the subject's emailAddress attributes
    /// (RFC 8550 §3). Addresses with control characters or blanks are left out: they match nobody.
    /// </summary>
    public IReadOnlyList<string> EmailAddresses
    {
        get
        {
            IEnumerable<string> alternatives = SubjectAlternativeNames
                .Where(n => n.Tag == 1 || n.OtherNameType == Oids.SmtpUtf8Mailbox)
                .Select(n => n.Text ?? "");
            IEnumerable<string> attributes = Subject.Attributes.Where(a => a.Oid == Oids.EmailAddress).Select(a => a.Value);
            return [.. alternatives.Concat(attributes).Where(EmailAddressComparison.IsWellFormed).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Finds an extension.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The first extension with this identifier, or null.</returns>
    public CertificateExtension? FindExtension(string oid) => Extensions.FirstOrDefault(e => e.Oid == oid);

    /// <summary>Tells whether a keyUsage bit is set, or the extension absent (RFC 8550 §4.4.2).</summary>
    /// <param name="anyOf">One or more bits, any of which suffices.</param>
    /// <returns>True when the key may be used so.</returns>
    public bool AllowsKeyUsage(KeyUsages anyOf) => KeyUsage is not { } usage || (usage & anyOf) != 0;

    private (bool IsCa, int? PathLength)? BasicConstraints =>
        Decode<(bool, int?)?>(Oids.BasicConstraints, "basicConstraints", ReadBasicConstraints);

    private T? Decode<T>(string oid, string name, Func<AsnReader, T> decode) =>
        FindExtension(oid) is { } extension ? Der.Decode(extension.Value, name, decode, AsnEncodingRules.BER) : default;

    private static IReadOnlyList<string> ReadOids(AsnReader reader)
    {
        AsnReader list = reader.ReadSequence();
        var oids = new List<string>();
        while (list.HasData)
        {
            oids.Add(list.ReadObjectIdentifier());
        }

        return oids;
    }

    // BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
    private static (bool, int?)? ReadBasicConstraints(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        bool isCa = fields.HasTag(Asn1Tag.Boolean) && fields.ReadBoolean();
        int? pathLength = null;
        if (fields.HasData)
        {
            // A limit beyond int is no limit; a negative one is malformed.
            ReadOnlyMemory<byte> value = fields.ReadIntegerBytes();
            pathLength = (value.Span[0] & 0x80) != 0 ? throw new AsnContentException()
                : value.Length > 4 ? int.MaxValue
                : value.Span.ToArray().Aggregate(0, (sum, octet) => (sum << 8) | octet);
        }

        fields.ThrowIfNotEmpty();
        return (isCa, pathLength);
    }

    // AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] OPTIONAL, … [2] OPTIONAL }
    private static ReadOnlyMemory<byte>? ReadAuthorityKeyIdentifier(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        return fields.HasTag(Der.Context(0, false)) ? fields.ReadOctetString(Der.Context(0, false)) : null;
    }

    private static List<GeneralName> ReadGeneralNames(AsnReader reader)
    {
        AsnReader list = reader.ReadSequence();
        var names = new List<GeneralName>();
        while (list.HasData)
        {
            names.Add(ReadGeneralName(list.ReadEncodedValue()));
        }

        return names;
    }

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
