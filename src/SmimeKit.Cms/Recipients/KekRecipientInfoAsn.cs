using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>KEKRecipientInfo</c>, RFC 5652 §6.2.3.</summary>
/// <remarks><code>
/// KEKRecipientInfo ::= [2] IMPLICIT SEQUENCE {
///     version                 CMSVersion,  -- always 4
///     kekid                   KEKIdentifier,
///     keyEncryptionAlgorithm  KeyEncryptionAlgorithmIdentifier,
///     encryptedKey            EncryptedKey }
/// KEKIdentifier ::= SEQUENCE {
///     keyIdentifier  OCTET STRING,
///     date           GeneralizedTime OPTIONAL,
///     other          OtherKeyAttribute OPTIONAL }
/// </code></remarks>
internal readonly struct KekRecipientInfoAsn
{
    internal const int CurrentVersion = 4; // R3369-6.2.3-a

    internal required int Version { get; init; }

    internal required ReadOnlyMemory<byte> KeyIdentifier { get; init; }

    internal DateTimeOffset? Date { get; init; }

    internal OtherKeyAttribute? Other { get; init; }

    internal required AlgorithmIdentifier KeyEncryptionAlgorithm { get; init; }

    internal required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    internal static KekRecipientInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence(Der.Context(2));
        int version = CmsVersion.Read(fields);
        AsnReader kekid = fields.ReadSequence();
        var value = new KekRecipientInfoAsn
        {
            Version = version,
            KeyIdentifier = kekid.ReadOctetString(),
            Date = kekid.HasTag(Asn1Tag.GeneralizedTime) ? kekid.ReadGeneralizedTime() : null,
            Other = kekid.HasData ? OtherKeyAttribute.Decode(kekid) : null,
            KeyEncryptionAlgorithm = fields.ReadAlgorithmIdentifier(),
            EncryptedKey = fields.ReadOctetString(),
        };
        kekid.ThrowIfNotEmpty();
        fields.ThrowIfNotEmpty();
        return value;
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence(Der.Context(2)))
        {
            writer.WriteInteger(Version);
            using (writer.PushSequence())
            {
                writer.WriteOctetString(KeyIdentifier.Span);
                if (Date is { } date)
                {
                    writer.WriteGeneralizedTime(date, omitFractionalSeconds: true);
                }
            }

            writer.WriteAlgorithmIdentifier(KeyEncryptionAlgorithm);
            writer.WriteOctetString(EncryptedKey.Span);
        }
    }
}
