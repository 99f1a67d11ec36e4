using System.Formats.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Asn1;

/// <summary>Wire form of <c>AlgorithmIdentifier</c>, RFC 5280 §4.1.1.2.</summary>
internal static class AlgorithmIdentifierAsn
{
    internal static AlgorithmIdentifier Decode(AsnReader reader, Asn1Tag? tag = null)
    {
        AsnReader fields = reader.ReadSequence(tag);
        string oid = fields.ReadObjectIdentifier();
        ReadOnlyMemory<byte> parameters = fields.HasData ? fields.ReadEncodedValue() : default;
        fields.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(oid, parameters);
    }

    internal static void Encode(AsnWriter writer, AlgorithmIdentifier value, Asn1Tag? tag = null)
    {
        using (writer.PushSequence(tag))
        {
            writer.WriteObjectIdentifier(value.Oid);
            if (!value.Parameters.IsEmpty)
            {
                writer.WriteEncodedValue(value.Parameters.Span);
            }
        }
    }
}
