using System.Formats.Asn1;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Types;

/// <summary>One attribute, RFC 5652 §5.3: a type and a set of values, kept as encoded.</summary>
/// <remarks><code>
/// Attribute ::= SEQUENCE {
///     attrType    OBJECT IDENTIFIER,
///     attrValues  SET OF AttributeValue }
/// </code></remarks>
public sealed class CmsAttribute
{
    /// <summary>Initializes an attribute.</summary>
    /// <param name="oid">The type as an object identifier.</param>
    /// <param name="values">The encoded values, tags included; kept, not copied.</param>
    public CmsAttribute(string oid, params IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(oid);
        ArgumentNullException.ThrowIfNull(values);
        Oid = oid;
        Values = values;
    }

    /// <summary>Gets the type as an object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the encoded values, tags included. Most types allow exactly one.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values { get; }

    /// <inheritdoc/>
    public override string ToString() => Oid;

    internal static CmsAttribute Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        string oid = fields.ReadObjectIdentifier();
        AsnReader set = fields.ReadSetOf(skipSortOrderValidation: true);
        fields.ThrowIfNotEmpty();
        var values = new List<ReadOnlyMemory<byte>>();
        while (set.HasData)
        {
            values.Add(set.ReadEncodedValue());
        }

        return new CmsAttribute(oid, values);
    }

    /// <summary>Gets a size that the encoding does not exceed, for identifiers of the usual length.</summary>
    internal int EncodedSize => 64 + Values.Sum(v => v.Length);

    internal byte[] Encode()
    {
        AsnWriter writer = DerEncoding.CreateWriter(EncodedSize);
        Encode(writer);
        return writer.Encode();
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oid);
            using (writer.PushSetOf())
            {
                foreach (ReadOnlyMemory<byte> value in Values)
                {
                    writer.WriteEncodedValue(value.Span);
                }
            }
        }
    }
}
