using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>An algorithm and its parameters, RFC 5280 §4.1.1.2.</summary>
/// <remarks><code>
/// AlgorithmIdentifier ::= SEQUENCE {
///     algorithm   OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY algorithm OPTIONAL }
/// </code></remarks>
public sealed class AlgorithmIdentifier
{
    private static readonly byte[] DerNull = [0x05, 0x00];

    /// <summary>Initializes an identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <param name="parameters">The encoded parameters, tag included; empty when they are absent. Not copied.</param>
    public AlgorithmIdentifier(string oid, ReadOnlyMemory<byte> parameters = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(oid);
        Oid = oid;
        Parameters = parameters;
    }

    /// <summary>Gets the object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the encoded parameters, tag included; empty when they are absent.</summary>
    public ReadOnlyMemory<byte> Parameters { get; }

    /// <summary>Gets whether the parameters are absent or NULL: equal for digests and RSA (RFC 5754 §2).</summary>
    public bool HasNullOrAbsentParameters => Parameters.IsEmpty || Parameters.Span.SequenceEqual(DerNull);

    /// <summary>Creates an identifier whose parameters are NULL.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The identifier.</returns>
    public static AlgorithmIdentifier WithNull(string oid) => new(oid, DerNull);

    /// <summary>Tells whether two identifiers mean the same: equal OIDs, and equal parameters with NULL equal to absent.</summary>
    /// <param name="other">The identifier to compare with.</param>
    /// <returns>True when both name the same algorithm with the same parameters (RFC 6211 §3).</returns>
    public bool IsEquivalentTo(AlgorithmIdentifier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Oid == other.Oid
            && ((HasNullOrAbsentParameters && other.HasNullOrAbsentParameters)
                || Parameters.Span.SequenceEqual(other.Parameters.Span));
    }

    /// <summary>Encodes the identifier as DER.</summary>
    /// <returns>A new array.</returns>
    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        Encode(writer);
        return writer.Encode();
    }

    /// <inheritdoc/>
    public override string ToString() => Oid;

    internal static AlgorithmIdentifier Decode(AsnReader reader, Asn1Tag? tag = null)
    {
        AsnReader fields = reader.ReadSequence(tag);
        string oid = fields.ReadObjectIdentifier();
        ReadOnlyMemory<byte> parameters = fields.HasData ? fields.ReadEncodedValue() : default;
        fields.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(oid, parameters);
    }

    internal void Encode(AsnWriter writer, Asn1Tag? tag = null)
    {
        using (writer.PushSequence(tag))
        {
            writer.WriteObjectIdentifier(Oid);
            if (!Parameters.IsEmpty)
            {
                writer.WriteEncodedValue(Parameters.Span);
            }
        }
    }
}
