using System.Formats.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Asn1;

/// <summary>Reads and writes AlgorithmIdentifier inside the structures of CMS, RFC 5652 §10.1.</summary>
internal static class AlgorithmIdentifierCoding
{
    /// <summary>Reads an identifier. Its parameters come in DER, also where the message has BER: they mean the same, and are compared by octets.</summary>
    internal static AlgorithmIdentifier ReadAlgorithmIdentifier(this AsnReader reader, Asn1Tag? tag = null)
    {
        AsnReader fields = reader.ReadSequence(tag);
        string oid = fields.ReadObjectIdentifier();
        ReadOnlyMemory<byte> parameters = fields.HasData ? DerEncoding.OfParameters(fields.ReadEncodedValue()) : default;
        fields.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(oid, parameters);
    }

    internal static void WriteAlgorithmIdentifier(this AsnWriter writer, AlgorithmIdentifier identifier, Asn1Tag? tag = null)
    {
        using (writer.PushSequence(tag))
        {
            writer.WriteObjectIdentifier(identifier.Oid);
            if (!identifier.Parameters.IsEmpty)
            {
                writer.WriteEncodedValue(identifier.Parameters.Span);
            }
        }
    }
}
