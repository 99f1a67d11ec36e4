using System.Formats.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <summary>DER of single values.</summary>
internal static partial class DerEncoding
{
    private const int MaxUsualOidSize = 32;

    /// <summary>Makes a writer whose buffer has this size to begin with: what is written here is mostly far below the default.</summary>
    internal static AsnWriter CreateWriter(int capacity) => new(AsnEncodingRules.DER, capacity);

    internal static byte[] Oid(string oid)
    {
        AsnWriter writer = CreateWriter(MaxUsualOidSize);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    internal static byte[] OctetString(ReadOnlySpan<byte> octets)
    {
        AsnWriter writer = CreateWriter((int)BerWriter.ValueSize(octets.Length));
        writer.WriteOctetString(octets);
        return writer.Encode();
    }
}
