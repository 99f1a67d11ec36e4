using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>A SignedData put together by hand: every part may be replaced by something wrong.</summary>
public sealed record ForgedMessage
{
    public const string Data = "1.2.840.113549.1.7.1";
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string TstInfo = "1.2.840.113549.1.9.16.1.4";

    private static readonly byte[] _text = "content\r\n"u8.ToArray();

    public static byte[] Text => [.. _text];

    public string ContentType { get; init; } = Data;

    /// <summary>Gets what is signed.</summary>
    public byte[] SignedContent { get; init; } = Text;

    /// <summary>Gets the encoded eContent, its explicit tag included; null for that of the signed content, empty for none.</summary>
    public byte[]? EContent { get; init; }

    public byte[] Version { get; init; } = Asn.Number(1);

    public IEnumerable<byte[]>? DigestAlgorithms { get; init; }

    public IReadOnlyList<ForgedSigner> Signers { get; init; } = [new ForgedSigner()];

    /// <summary>Gets the encoded certificates; null for those of the signers, empty for no set.</summary>
    public IReadOnlyList<byte[]>? Certificates { get; init; }

    public IReadOnlyList<byte[]> Crls { get; init; } = [];

    public static implicit operator byte[](ForgedMessage message) => message.Encode();

    public byte[] Encode() => Asn.Sequence(
        Asn.Oid(SignedData),
        Asn.Tagged(0xA0, Asn.Sequence(
            Version,
            Asn.Set(DigestAlgorithms ?? Signers.Select(s => s.DigestIdentifier).DistinctBy(Convert.ToHexString)),
            Asn.Sequence(Asn.Oid(ContentType), EContent ?? Asn.Tagged(0xA0, Asn.OctetString(SignedContent))),
            Optional(0xA0, Certificates ?? [.. Signers.Select(s => s.Identity.Certificate.RawData.ToArray())]),
            Optional(0xA1, Crls),
            Asn.Set(Signers.Select(s => s.Encode(this))))));

    private static byte[] Optional(byte identifier, IReadOnlyList<byte[]> entries) =>
        entries.Count > 0 ? Asn.Tagged(identifier, entries) : [];
}
