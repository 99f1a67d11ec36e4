using System.Formats.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <summary>CMSVersion, RFC 5652 §10.2.5: an unbounded INTEGER that explains and does not decide.</summary>
internal static class CmsVersion
{
    /// <summary>Reads a version; -1 stands for those outside of 32 bits.</summary>
    internal static int Read(AsnReader reader)
    {
        if (reader.TryReadInt32(out int value))
        {
            return value;
        }

        reader.ReadIntegerBytes();
        return -1;
    }

    internal static byte[] Encode(int version)
    {
        AsnWriter writer = DerEncoding.CreateWriter(8);
        writer.WriteInteger(version);
        return writer.Encode();
    }
}
