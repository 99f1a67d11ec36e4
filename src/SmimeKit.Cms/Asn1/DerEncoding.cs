using System.Formats.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <summary>DER of single values.</summary>
internal static partial class DerEncoding
{
    internal static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    internal static byte[] OctetString(ReadOnlySpan<byte> octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(octets);
        return writer.Encode();
    }
}
