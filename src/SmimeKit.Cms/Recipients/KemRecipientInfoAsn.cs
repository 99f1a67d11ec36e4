using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>KEMRecipientInfo</c>, RFC 9629 §3, which is the value of an OtherRecipientInfo.</summary>
/// <remarks><code>
/// KEMRecipientInfo ::= SEQUENCE {
///     version       CMSVersion,  -- always 0
///     rid           RecipientIdentifier,
///     kem           KEMAlgorithmIdentifier,
///     kemct         OCTET STRING,
///     kdf           KeyDerivationAlgorithmIdentifier,
///     kekLength     INTEGER (1..65535),
///     ukm       [0] EXPLICIT UserKeyingMaterial OPTIONAL,
///     wrap          KeyEncryptionAlgorithmIdentifier,
///     encryptedKey  EncryptedKey }
/// CMSORIforKEMOtherInfo ::= SEQUENCE {
///     wrap       KeyEncryptionAlgorithmIdentifier,
///     kekLength  INTEGER (1..65535),
///     ukm    [0] EXPLICIT UserKeyingMaterial OPTIONAL }
/// </code></remarks>
internal sealed class KemRecipientInfoAsn
{
    internal const int CurrentVersion = 0; // R9629-3-c
    private const int MaxKekLength = 65535;

    internal required int Version { get; init; }

    internal required CertificateIdentifier Rid { get; init; }

    internal required AlgorithmIdentifier Kem { get; init; }

    internal required ReadOnlyMemory<byte> Ciphertext { get; init; }

    internal required AlgorithmIdentifier Kdf { get; init; }

    internal required int KekLength { get; init; }

    internal byte[]? UserKeyingMaterial { get; init; }

    internal required AlgorithmIdentifier Wrap { get; init; }

    internal required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    internal static KemRecipientInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var value = new KemRecipientInfoAsn
        {
            Version = CmsVersion.Read(fields),
            Rid = CertificateIdentifier.Decode(fields),
            Kem = fields.ReadAlgorithmIdentifier(),
            Ciphertext = fields.ReadOctetString(),
            Kdf = fields.ReadAlgorithmIdentifier(),
            KekLength = fields.TryReadInt32(out int length) && length is > 0 and <= MaxKekLength ? length : throw new AsnContentException(),
            UserKeyingMaterial = ReadUserKeyingMaterial(fields),
            Wrap = fields.ReadAlgorithmIdentifier(),
            EncryptedKey = fields.ReadOctetString(),
        };
        fields.ThrowIfNotEmpty();
        return value;
    }

    /// <summary>Encodes the OtherRecipientInfo around it as well.</summary>
    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence(Der.Context(4)))
        {
            writer.WriteObjectIdentifier(Oids.OriKem);
            using (writer.PushSequence())
            {
                writer.WriteInteger(Version);
                Rid.Encode(writer);
                writer.WriteAlgorithmIdentifier(Kem);
                writer.WriteOctetString(Ciphertext.Span);
                writer.WriteAlgorithmIdentifier(Kdf);
                writer.WriteInteger(KekLength);
                WriteUserKeyingMaterial(writer, UserKeyingMaterial);
                writer.WriteAlgorithmIdentifier(Wrap);
                writer.WriteOctetString(EncryptedKey.Span);
            }
        }
    }

    /// <summary>Encodes CMSORIforKEMOtherInfo, which goes into the key derivation (R9629-5-a).</summary>
    internal static byte[] EncodeOtherInfo(AlgorithmIdentifier wrap, int kekLength, byte[]? userKeyingMaterial)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(wrap);
            writer.WriteInteger(kekLength);
            WriteUserKeyingMaterial(writer, userKeyingMaterial);
        }

        return writer.Encode();
    }

    private static byte[]? ReadUserKeyingMaterial(AsnReader fields)
    {
        if (!fields.HasTag(Der.Context(0)))
        {
            return null;
        }

        AsnReader inner = fields.ReadSequence(Der.Context(0));
        byte[] value = inner.ReadOctetString();
        inner.ThrowIfNotEmpty();
        return value;
    }

    private static void WriteUserKeyingMaterial(AsnWriter writer, byte[]? value)
    {
        if (value is null)
        {
            return;
        }

        using (writer.PushSequence(Der.Context(0)))
        {
            writer.WriteOctetString(value);
        }
    }
}
