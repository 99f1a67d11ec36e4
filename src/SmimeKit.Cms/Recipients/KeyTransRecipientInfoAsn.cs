using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>KeyTransRecipientInfo</c>, RFC 5652 §6.2.1.</summary>
/// <remarks><code>
/// KeyTransRecipientInfo ::= SEQUENCE {
///     version                 CMSVersion,  -- 0 with issuerAndSerialNumber, 2 with subjectKeyIdentifier
///     rid                     RecipientIdentifier,
///     keyEncryptionAlgorithm  KeyEncryptionAlgorithmIdentifier,
///     encryptedKey            EncryptedKey }
/// </code></remarks>
internal readonly struct KeyTransRecipientInfoAsn
{
    internal required int Version { get; init; }

    internal required CertificateIdentifier Rid { get; init; }

    internal required AlgorithmIdentifier KeyEncryptionAlgorithm { get; init; }

    internal required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    internal static KeyTransRecipientInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var value = new KeyTransRecipientInfoAsn
        {
            Version = CmsVersion.Read(fields),
            Rid = CertificateIdentifier.Decode(fields),
            KeyEncryptionAlgorithm = fields.ReadAlgorithmIdentifier(),
            EncryptedKey = fields.ReadOctetString(),
        };
        fields.ThrowIfNotEmpty();
        return value;
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(Version);
            Rid.Encode(writer);
            writer.WriteAlgorithmIdentifier(KeyEncryptionAlgorithm);
            writer.WriteOctetString(EncryptedKey.Span);
        }
    }
}
