using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Signed;

/// <summary>What a time-stamping authority says: TSTInfo, RFC 3161 §2.4.2.</summary>
/// <remarks><code>
/// TSTInfo ::= SEQUENCE {
///     version         INTEGER { v1(1) },
///     policy          TSAPolicyId,
///     messageImprint  MessageImprint,
///     serialNumber    INTEGER,
///     genTime         GeneralizedTime,
///     accuracy        Accuracy OPTIONAL,
///     ordering        BOOLEAN DEFAULT FALSE,
///     nonce           INTEGER OPTIONAL,
///     tsa             [0] EXPLICIT GeneralName OPTIONAL,
///     extensions      [1] IMPLICIT Extensions OPTIONAL }
/// </code>
/// A claim until the token that it is in has been verified.
/// </remarks>
public sealed class TimeStampInfo
{
    private const int Version1 = 1;
    private const int MaxSerialNumberSize = 21; // 160 bits and a sign octet

    private const int Rfc822Name = 1; // GeneralName, RFC 5280 §4.2.1.6
    private const int DnsName = 2;
    private const int Uri = 6;

    private static readonly Asn1Tag _tsa = Der.Context(0);
    private static readonly Asn1Tag _extensions = Der.Context(1);

    private TimeStampInfo()
    {
    }

    /// <summary>Gets the policy under which the authority stamps, as an object identifier.</summary>
    public required string Policy { get; init; }

    /// <summary>Gets what is stamped.</summary>
    public required MessageImprint Imprint { get; init; }

    /// <summary>Gets the content octets of the token's serial number, big-endian.</summary>
    public required ReadOnlyMemory<byte> SerialNumber { get; init; }

    /// <summary>Gets the time at which the token was made.</summary>
    public required DateTimeOffset GenTime { get; init; }

    /// <summary>Gets how far <see cref="GenTime"/> may be off in either direction; zero when the authority does not say.</summary>
    public TimeSpan Accuracy { get; private init; }

    /// <summary>Gets whether tokens of this authority can be put in order by <see cref="GenTime"/> alone.</summary>
    public bool IsOrdered { get; private init; }

    /// <summary>Gets the content octets of the nonce; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Nonce { get; private init; }

    /// <summary>Gets the name that the authority gives itself; null when it gives none. A hint only.</summary>
    public GeneralName? Authority { get; private init; }

    /// <summary>Gets the extensions.</summary>
    public IReadOnlyList<CertificateExtension> Extensions { get; private init; } = [];

    /// <summary>Gets the earliest instant at which the token can have been made.</summary>
    public DateTimeOffset Earliest => GenTime - DateTimeOffset.MinValue < Accuracy ? DateTimeOffset.MinValue : GenTime - Accuracy;

    /// <summary>Gets the latest instant at which the token can have been made.</summary>
    public DateTimeOffset Latest => DateTimeOffset.MaxValue - GenTime < Accuracy ? DateTimeOffset.MaxValue : GenTime + Accuracy;

    internal static TimeStampInfo Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        if (!fields.TryReadInt32(out int version) || version != Version1)
        {
            throw new AsnContentException();
        }

        var info = new TimeStampInfo
        {
            Policy = fields.ReadObjectIdentifier(),
            Imprint = MessageImprint.Decode(fields),
            SerialNumber = ReadSerialNumber(fields),
            GenTime = fields.ReadGeneralizedTime(),
            Accuracy = fields.HasTag(Asn1Tag.Sequence) ? ReadAccuracy(fields.ReadSequence()) : default,
            IsOrdered = fields.HasTag(Asn1Tag.Boolean) && fields.ReadBoolean(),
            Nonce = fields.HasTag(Asn1Tag.Integer) ? fields.ReadIntegerBytes() : default,
            Authority = fields.HasTag(_tsa) ? ReadName(fields.ReadSequence(_tsa)) : null,
            Extensions = fields.HasTag(_extensions) ? ReadExtensions(fields.ReadSequence(_extensions)) : [],
        };
        fields.ThrowIfNotEmpty();
        return info;
    }

    private static ReadOnlyMemory<byte> ReadSerialNumber(AsnReader fields)
    {
        ReadOnlyMemory<byte> number = fields.ReadIntegerBytes();
        return number.Length <= MaxSerialNumberSize ? number : throw new AsnContentException(); // R3161-2.4.2-c
    }

    // Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] INTEGER (1..999) OPTIONAL, micros [1] INTEGER (1..999) OPTIONAL }
    private static TimeSpan ReadAccuracy(AsnReader fields)
    {
        TimeSpan accuracy = TimeSpan.FromSeconds((long)ReadPart(fields, Asn1Tag.Integer, int.MaxValue))
            + TimeSpan.FromMilliseconds((long)ReadPart(fields, Der.Context(0, false), 999))
            + TimeSpan.FromMicroseconds((long)ReadPart(fields, Der.Context(1, false), 999));
        fields.ThrowIfNotEmpty();
        return accuracy;
    }

    private static int ReadPart(AsnReader fields, Asn1Tag tag, int max) =>
        !fields.HasTag(tag) ? 0
            : fields.TryReadInt32(out int value, tag) && value >= 0 && value <= max ? value
            : throw new AsnContentException();

    private static GeneralName ReadName(AsnReader field)
    {
        Asn1Tag tag = field.PeekTag();
        ReadOnlyMemory<byte> encoded = field.PeekEncodedValue();
        string? text = null;
        if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is Rfc822Name or DnsName or Uri)
        {
            text = field.ReadCharacterString(UniversalTagNumber.IA5String, tag);
        }
        else
        {
            field.ReadEncodedValue();
        }

        field.ThrowIfNotEmpty();
        return new GeneralName(tag.TagValue, encoded, text);
    }

    // Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
    private static List<CertificateExtension> ReadExtensions(AsnReader list)
    {
        var extensions = new List<CertificateExtension>();
        while (list.HasData)
        {
            AsnReader fields = list.ReadSequence();
            extensions.Add(new CertificateExtension(
                fields.ReadObjectIdentifier(), fields.HasTag(Asn1Tag.Boolean) && fields.ReadBoolean(), fields.ReadOctetString()));
            fields.ThrowIfNotEmpty();
        }

        return extensions;
    }
}
