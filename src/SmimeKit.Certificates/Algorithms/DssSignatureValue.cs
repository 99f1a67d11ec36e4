using System.Formats.Asn1;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The signatures of DSA and ECDSA, RFC 3279 §2.2.2 and §2.2.3: <c>SEQUENCE { r INTEGER, s INTEGER }</c> in DER.</summary>
internal static class DssSignatureValue
{
    internal static (BigInteger R, BigInteger S)? TryDecode(ReadOnlySpan<byte> signature) =>
        Der.TryDecode(signature.ToArray(), Read, out (BigInteger, BigInteger) value) ? value : null;

    internal static byte[] Encode(BigInteger r, BigInteger s)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r.ToByteArray());
            writer.WriteInteger(s.ToByteArray());
        }

        return writer.Encode();
    }

    private static (BigInteger, BigInteger) Read(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var r = new BigInteger(fields.ReadIntegerBytes().ToArray());
        var s = new BigInteger(fields.ReadIntegerBytes().ToArray());
        fields.ThrowIfNotEmpty();
        return (r, s);
    }
}
