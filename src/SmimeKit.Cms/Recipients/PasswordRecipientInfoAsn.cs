using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>PasswordRecipientInfo</c>, RFC 5652 §6.2.4.</summary>
/// <remarks><code>
/// PasswordRecipientInfo ::= [3] IMPLICIT SEQUENCE {
///     version                 CMSVersion,  -- always 0
///     keyDerivationAlgorithm  [0] IMPLICIT KeyDerivationAlgorithmIdentifier OPTIONAL,
///     keyEncryptionAlgorithm  KeyEncryptionAlgorithmIdentifier,
///     encryptedKey            EncryptedKey }
/// </code></remarks>
internal readonly struct PasswordRecipientInfoAsn
{
    internal const int CurrentVersion = 0; // R3369-6.2.4-a

    internal required int Version { get; init; }

    internal AlgorithmIdentifier? KeyDerivationAlgorithm { get; init; }

    internal required AlgorithmIdentifier KeyEncryptionAlgorithm { get; init; }

    internal required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    internal static PasswordRecipientInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence(Der.Context(3));
        var value = new PasswordRecipientInfoAsn
        {
            Version = CmsVersion.Read(fields),
            KeyDerivationAlgorithm = fields.HasTag(Der.Context(0)) ? fields.ReadAlgorithmIdentifier(Der.Context(0)) : null,
            KeyEncryptionAlgorithm = fields.ReadAlgorithmIdentifier(),
            EncryptedKey = fields.ReadOctetString(),
        };
        fields.ThrowIfNotEmpty();
        return value;
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence(Der.Context(3)))
        {
            writer.WriteInteger(Version);
            if (KeyDerivationAlgorithm is { } derivation)
            {
                writer.WriteAlgorithmIdentifier(derivation, Der.Context(0));
            }

            writer.WriteAlgorithmIdentifier(KeyEncryptionAlgorithm);
            writer.WriteOctetString(EncryptedKey.Span);
        }
    }
}
