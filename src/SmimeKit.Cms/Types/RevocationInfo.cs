using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Types;

/// <summary>RevocationInfoChoice, RFC 5652 §10.2.1, with the other formats of RFC 5940.</summary>
/// <remarks><code>
/// RevocationInfoChoice ::= CHOICE { crl CertificateList, other [1] IMPLICIT OtherRevocationInfoFormat }
/// OtherRevocationInfoFormat ::= SEQUENCE { otherRevInfoFormat OBJECT IDENTIFIER, otherRevInfo ANY DEFINED BY otherRevInfoFormat }
/// </code></remarks>
internal static class RevocationInfo
{
    internal const byte OtherIdentifier = 0xA1;

    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;
    private const byte BitString = 0x03;
    private const byte ObjectIdentifier = 0x06;
    private const int Successful = 0; // OCSPResponseStatus, RFC 6960 §4.2.1

    private static readonly Asn1Tag _other = Der.Context(1);

    /// <summary>Tells from its skeleton whether a value is a CertificateList, RFC 5280 §5.1: nothing inside is decoded.</summary>
    /// <remarks><code>
    /// CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
    /// TBSCertList ::= SEQUENCE { version INTEGER OPTIONAL, signature AlgorithmIdentifier, issuer Name, thisUpdate Time, … }
    /// </code></remarks>
    internal static bool IsCrl(ReadOnlySpan<byte> encoded)
    {
        if (!BerValue.TryRead(encoded, out BerValue list)
            || list.Identifier != Sequence
            || list.Size != encoded.Length
            || !TryTake(list.Content, Sequence, out BerValue toBeSigned, out ReadOnlySpan<byte> rest)
            || !TryTake(rest, Sequence, out BerValue algorithm, out rest)
            || !TryTake(rest, BitString, out _, out _)
            || !StartsWithOid(algorithm))
        {
            return false;
        }

        ReadOnlySpan<byte> fields = toBeSigned.Content;
        _ = TryTake(fields, Integer, out _, out fields);
        return TryTake(fields, Sequence, out BerValue signature, out fields)
            && StartsWithOid(signature)
            && TryTake(fields, Sequence, out _, out fields)
            && BerValue.TryRead(fields, out BerValue time)
            && time.Identifier is (byte)UniversalTagNumber.UtcTime or (byte)UniversalTagNumber.GeneralizedTime;
    }

    /// <summary>Gets the OCSPResponse of an entry, or null: an entry of another format, or a response without an answer (RFC 5940 §3).</summary>
    internal static ReadOnlyMemory<byte>? FindOcspResponse(ReadOnlyMemory<byte> entry) =>
        entry.Span[0] == OtherIdentifier
        && Der.TryDecode(entry, ReadOther, out (string Oid, ReadOnlyMemory<byte> Value) other, AsnEncodingRules.BER)
        && other.Oid == Oids.OcspResponse && IsAnswer(other.Value)
            ? other.Value
            : default(ReadOnlyMemory<byte>?);

    /// <summary>Tells whether a value is an OCSPResponse with an answer: status successful, responseBytes present.</summary>
    internal static bool IsAnswer(ReadOnlyMemory<byte> response) =>
        Der.TryDecode(response, ReadIsAnswer, out bool answer, AsnEncodingRules.BER) && answer;

    /// <summary>Tells whether an entry is of another format than a CRL, whichever.</summary>
    internal static bool IsOther(ReadOnlyMemory<byte> entry) =>
        !entry.IsEmpty && entry.Span[0] == OtherIdentifier && Der.TryDecode(entry, ReadOther, out _, AsnEncodingRules.BER);

    internal static byte[] EncodeOther(string oid, ReadOnlySpan<byte> value)
    {
        AsnWriter writer = DerEncoding.CreateWriter(64 + value.Length);
        using (writer.PushSequence(_other))
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteEncodedValue(value);
        }

        return writer.Encode();
    }

    private static (string Oid, ReadOnlyMemory<byte> Value) ReadOther(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence(_other);
        (string Oid, ReadOnlyMemory<byte> Value) other = (fields.ReadObjectIdentifier(), fields.ReadEncodedValue());
        fields.ThrowIfNotEmpty();
        return other;
    }

    private static bool ReadIsAnswer(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        ReadOnlySpan<byte> status = fields.ReadEnumeratedBytes().Span;
        return status is [Successful] && fields.HasTag(Der.Context(0));
    }

    private static bool TryTake(ReadOnlySpan<byte> source, byte identifier, out BerValue value, out ReadOnlySpan<byte> rest)
    {
        bool taken = BerValue.TryRead(source, out value) && value.Identifier == identifier;
        rest = taken ? source[value.Size..] : source;
        return taken;
    }

    private static bool StartsWithOid(BerValue algorithm) =>
        BerValue.TryRead(algorithm.Content, out BerValue oid) && oid.Identifier == ObjectIdentifier;
}
