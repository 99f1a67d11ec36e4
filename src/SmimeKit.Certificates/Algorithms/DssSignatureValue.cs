using System.Formats.Asn1;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The signatures of DSA and ECDSA, RFC 3279 §2.2.2 and §2.2.3: <c>SEQUENCE { r INTEGER, s INTEGER }</c> in DER.</summary>
internal static class DssSignatureValue
{
    internal static (BigInteger R, BigInteger S)? TryDecode(ReadOnlySpan<byte> signature) =>
        Der.TryDecode(signature.ToArray(), Read, out (BigInteger, BigInteger) value) ? value : null;

    /// <summary>Whether a signature is DER with positive integers: what parses for the platform is more.</summary>
    internal static bool IsStrict(ReadOnlySpan<byte> signature)
    {
        try
        {
            AsnDecoder.ReadSequence(signature, AsnEncodingRules.DER, out int offset, out int length, out int consumed);
            ReadOnlySpan<byte> values = signature.Slice(offset, length);
            ReadOnlySpan<byte> r = AsnDecoder.ReadIntegerBytes(values, AsnEncodingRules.DER, out int first);
            ReadOnlySpan<byte> s = AsnDecoder.ReadIntegerBytes(values[first..], AsnEncodingRules.DER, out int second);
            return consumed == signature.Length && first + second == length && r[0] < 0x80 && s[0] < 0x80;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

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
