using System.Collections;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Types;

/// <summary>A set of attributes in the order received. Unknown types are kept as they are.</summary>
public sealed class CmsAttributes : IReadOnlyList<CmsAttribute>
{
    private readonly IReadOnlyList<CmsAttribute> _attributes;

    /// <summary>Initializes a set.</summary>
    /// <param name="attributes">The attributes; kept, not copied.</param>
    public CmsAttributes(IReadOnlyList<CmsAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        _attributes = attributes;
    }

    /// <summary>Gets the set without attributes.</summary>
    public static CmsAttributes Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _attributes.Count;

    /// <inheritdoc/>
    public CmsAttribute this[int index] => _attributes[index];

    /// <summary>Finds the attributes of one type.</summary>
    /// <param name="oid">The type as an object identifier.</param>
    /// <returns>All of them; more than one is legal for a few types only.</returns>
    public IEnumerable<CmsAttribute> OfType(string oid) => _attributes.Where(a => a.Oid == oid);

    /// <summary>Tells whether there is an attribute of a type.</summary>
    /// <param name="oid">The type as an object identifier.</param>
    /// <returns>True when there is at least one.</returns>
    public bool Contains(string oid)
    {
        foreach (CmsAttribute attribute in _attributes)
        {
            if (attribute.Oid == oid)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the value of a type that RFC 5652 §11 allows once, with one value.</summary>
    /// <param name="oid">The type as an object identifier.</param>
    /// <returns>The encoded value, or null when the type is absent, repeated, or has not exactly one value.</returns>
    public ReadOnlyMemory<byte>? FindSingle(string oid)
    {
        CmsAttribute? found = null;
        foreach (CmsAttribute attribute in _attributes)
        {
            if (attribute.Oid == oid)
            {
                if (found is not null)
                {
                    return null;
                }

                found = attribute;
            }
        }

        // Spelled out: a bare null would become an empty value, for arrays convert to memory.
        return found is { Values.Count: 1 } ? found.Values[0] : default(ReadOnlyMemory<byte>?);
    }

    /// <inheritdoc/>
    public IEnumerator<CmsAttribute> GetEnumerator() => _attributes.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads SET OF Attribute under a tag; an empty set is malformed (RFC 5652 §5.3: SIZE (1..MAX)).</summary>
    internal static CmsAttributes Decode(AsnReader reader, Asn1Tag tag)
    {
        AsnReader set = reader.ReadSetOf(skipSortOrderValidation: true, tag);
        var attributes = new List<CmsAttribute>();
        while (set.HasData)
        {
            attributes.Add(CmsAttribute.Decode(set));
        }

        return attributes.Count > 0 ? new CmsAttributes(attributes) : throw new AsnContentException();
    }

    /// <summary>Encodes as DER: sorted, definite, under the tag given (0x31 for what is hashed).</summary>
    internal byte[] Encode(Asn1Tag tag)
    {
        AsnWriter writer = DerEncoding.CreateWriter(16 + _attributes.Sum(a => a.EncodedSize));
        using (writer.PushSetOf(tag))
        {
            foreach (CmsAttribute attribute in _attributes)
            {
                attribute.Encode(writer);
            }
        }

        return writer.Encode();
    }

    /// <summary>Tells whether octets are DER SET OF Attribute with content type and message digest: a signature without attributes over them
    /// may be one with attributes over other content (attribute forgery).</summary>
    internal static bool LooksLikeSignedAttributes(ReadOnlyMemory<byte> content) =>
        !content.IsEmpty
        && Der.TryDecode(content, r => Decode(r, Asn1Tag.SetOf), out CmsAttributes? set, AsnEncodingRules.BER)
        && set!.Contains(Oids.ContentType) && set.Contains(Oids.MessageDigest);
}
