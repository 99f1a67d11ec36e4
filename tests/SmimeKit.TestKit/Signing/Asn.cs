using System.Formats.Asn1;

namespace SmimeKit.TestKit.Signing;

/// <summary>Encodings for forgeries, spelled short.</summary>
public static class Asn
{
    public static byte[] Write(Action<AsnWriter> write, AsnEncodingRules rules = AsnEncodingRules.DER)
    {
        var writer = new AsnWriter(rules);
        write(writer);
        return writer.Encode();
    }

    public static byte[] Oid(string oid) => Write(w => w.WriteObjectIdentifier(oid));

    public static byte[] OctetString(byte[] octets) => Write(w => w.WriteOctetString(octets));

    public static byte[] Number(long value) => Write(w => w.WriteInteger(value));

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A value of definite length with the parts as contents, unsorted whatever the tag.</summary>
    public static byte[] Tagged(byte identifier, params IEnumerable<byte[]> parts)
    {
        byte[] contents = [.. parts.SelectMany(p => p)];
        return contents.Length switch
        {
            < 0x80 => [identifier, (byte)contents.Length, .. contents],
            < 0x100 => [identifier, 0x81, (byte)contents.Length, .. contents],
            < 0x10000 => [identifier, 0x82, (byte)(contents.Length >> 8), (byte)contents.Length, .. contents],
            _ => [identifier, 0x83, (byte)(contents.Length >> 16), (byte)(contents.Length >> 8), (byte)contents.Length, .. contents],
        };
    }

    public static byte[] Sequence(params IEnumerable<byte[]> parts) => Tagged(0x30, parts);

    public static byte[] Set(params IEnumerable<byte[]> parts) => Tagged(0x31, parts);

    /// <summary>DER SET OF.</summary>
    public static byte[] SortedSet(params IEnumerable<byte[]> parts) =>
        Set(parts.OrderBy(p => p, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))));

    public static byte[] Algorithm(string oid, params IEnumerable<byte[]> parameters) => Sequence([Oid(oid), .. parameters]);

    public static byte[] Text(string text) => Write(w => w.WriteCharacterString(UniversalTagNumber.UTF8String, text));

    /// <summary>What has the skeleton of a CertificateList, with an issuer as given to make it differ from others.</summary>
    public static byte[] Crl(params byte[] issuer) => Sequence(
        Sequence(Number(1), Algorithm("1.2.840.113549.1.1.11"), Sequence(Set(Sequence(Oid("2.5.4.3"), Text(Convert.ToHexString(issuer))))), Write(w => w.WriteUtcTime(DateTimeOffset.UnixEpoch))),
        Algorithm("1.2.840.113549.1.1.11"),
        [0x03, 0x01, 0x00]);
}
