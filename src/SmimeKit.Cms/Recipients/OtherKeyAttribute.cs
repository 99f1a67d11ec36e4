using System.Formats.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Further data with which a recipient finds a key, RFC 5652 §10.2.7. Reported, never acted on.</summary>
/// <remarks><code>
/// OtherKeyAttribute ::= SEQUENCE {
///     keyAttrId  OBJECT IDENTIFIER,
///     keyAttr    ANY DEFINED BY keyAttrId OPTIONAL }
/// </code></remarks>
public sealed class OtherKeyAttribute
{
    private OtherKeyAttribute(string oid, ReadOnlyMemory<byte> value)
    {
        Oid = oid;
        Value = value;
    }

    /// <summary>Gets the kind of the data as an object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the encoded data, tag included; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Oid;

    internal static OtherKeyAttribute Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var value = new OtherKeyAttribute(fields.ReadObjectIdentifier(), fields.HasData ? fields.ReadEncodedValue() : default);
        fields.ThrowIfNotEmpty();
        return value;
    }
}
