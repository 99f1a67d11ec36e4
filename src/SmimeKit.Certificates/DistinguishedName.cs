using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A distinguished name, RFC 5280 §4.1.2.4: immutable, kept as DER, decoded when asked.</summary>
public sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private const int MaxTextLength = 4096; // attackers choose names; nobody reads further (quadratic printing, security A4)

    private readonly Lazy<IReadOnlyList<(string Oid, string Value)>> _attributes;

    /// <summary>Initializes a name from its DER.</summary>
    /// <param name="der">The encoding of the RDNSequence, tag included; kept, not copied.</param>
    public DistinguishedName(ReadOnlyMemory<byte> der)
    {
        RawData = der;
        _attributes = new Lazy<IReadOnlyList<(string, string)>>(() => DecodeAttributes());
    }

    /// <summary>Gets the encoding, tag included.</summary>
    public ReadOnlyMemory<byte> RawData { get; }

    /// <summary>Gets whether the name has no attributes.</summary>
    public bool IsEmpty => RawData.Length <= 2;

    /// <summary>Gets the attributes in the order of the encoding; those whose value is not a string are left out.</summary>
    public IReadOnlyList<(string Oid, string Value)> Attributes => _attributes.Value;

    /// <summary>Gets the value of the last common name, or null.</summary>
    public string? CommonName => Attributes.LastOrDefault(a => a.Oid == "2.5.4.3").Value;

    /// <summary>Compares two names: equal encodings, or equal attributes after the folding of RFC 5280 §7.1.</summary>
    /// <param name="other">The name to compare with.</param>
    /// <returns>True when the names are equal.</returns>
    public bool Equals(DistinguishedName? other) =>
        other is not null
        && (RawData.Span.SequenceEqual(other.RawData.Span) || NameComparison.AreEqual(RawData, other.RawData));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    /// <inheritdoc/>
    public override int GetHashCode() => NameComparison.GetHashCode(RawData);

    /// <summary>Formats the name for people, most significant attribute last (RFC 4514), cut at 4096 characters.</summary>
    /// <returns>The text. Not for comparing.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = Attributes.Count - 1; i >= 0 && text.Length < MaxTextLength; i--)
        {
            (string oid, string value) = Attributes[i];
            text.Append(text.Length == 0 ? "" : ",").Append(ShortName(oid)).Append('=');
            Escape(text, value);
        }

        return text.Length > MaxTextLength ? text.ToString(0, MaxTextLength) : text.ToString();
    }

    private static string ShortName(string oid) => oid switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.42" => "GN",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        Oids.EmailAddress => "E",
        _ => oid,
    };

    private static void Escape(StringBuilder text, string value)
    {
        for (int i = 0; i < value.Length && text.Length < MaxTextLength; i++)
        {
            char c = value[i];
            bool edge = i == 0 ? c is ' ' or '#' : i == value.Length - 1 && c == ' ';
            if (char.IsControl(c))
            {
                text.Append('\\').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(edge || c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' ? "\\" : "").Append(c);
            }
        }
    }

    private List<(string, string)> DecodeAttributes() =>
        Der.TryDecode(RawData, NameComparison.ReadAttributes, out List<(string, string)>? attributes, AsnEncodingRules.BER)
            ? attributes!
            : [];
}
