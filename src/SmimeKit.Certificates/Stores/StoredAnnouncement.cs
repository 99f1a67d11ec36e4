using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>An announcement as a directory store keeps it, beside the certificate that it names.</summary>
/// <remarks><code>
/// StoredAnnouncement ::= SEQUENCE {
///     address       UTF8String,
///     certificate   OCTET STRING,       -- SHA-256
///     signingTime   GeneralizedTime,
///     capabilities  OCTET STRING }      -- SMIMECapabilities, or nothing
/// </code></remarks>
internal sealed record StoredAnnouncement(string Address, byte[] Sha256, DateTimeOffset SigningTime, byte[] Capabilities)
{
    internal static byte[] Encode(EncryptionAnnouncement announcement)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, announcement.EmailAddress);
            writer.WriteOctetString(announcement.Certificate.Sha256.Span);
            writer.WriteGeneralizedTime(announcement.SigningTime);
            writer.WriteOctetString(announcement.Capabilities.Span);
        }

        return writer.Encode();
    }

    internal static StoredAnnouncement Decode(byte[] encoded) => Der.Decode(encoded, "announcement", Decode);

    internal EncryptionAnnouncement ToAnnouncement(Certificate certificate) => new(Address, certificate, Capabilities, SigningTime);

    private static StoredAnnouncement Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var announcement = new StoredAnnouncement(
            fields.ReadCharacterString(UniversalTagNumber.UTF8String),
            fields.ReadOctetString(),
            fields.ReadGeneralizedTime(),
            fields.ReadOctetString());
        fields.ThrowIfNotEmpty();
        return announcement;
    }
}
