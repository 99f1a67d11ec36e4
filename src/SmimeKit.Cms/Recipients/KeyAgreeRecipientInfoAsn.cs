using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>KeyAgreeRecipientInfo</c>, RFC 5652 §6.2.2.</summary>
/// <remarks><code>
/// KeyAgreeRecipientInfo ::= [1] IMPLICIT SEQUENCE {
///     version                 CMSVersion,  -- always 3
///     originator              [0] EXPLICIT OriginatorIdentifierOrKey,
///     ukm                     [1] EXPLICIT UserKeyingMaterial OPTIONAL,
///     keyEncryptionAlgorithm  KeyEncryptionAlgorithmIdentifier,
///     recipientEncryptedKeys  SEQUENCE OF RecipientEncryptedKey }
/// OriginatorIdentifierOrKey ::= CHOICE {
///     issuerAndSerialNumber, subjectKeyIdentifier [0], originatorKey [1] OriginatorPublicKey }
/// OriginatorPublicKey ::= SEQUENCE { algorithm AlgorithmIdentifier, publicKey BIT STRING }
/// </code></remarks>
internal sealed class KeyAgreeRecipientInfoAsn
{
    internal const int CurrentVersion = 3;

    internal static readonly Asn1Tag Tag = Der.Context(1);

    private static readonly Asn1Tag _originatorKeyTag = Der.Context(1);

    internal required int Version { get; init; }

    /// <summary>Gets the certificate of the originator, of static-static agreement; null with an originatorKey.</summary>
    internal CertificateIdentifier? OriginatorCertificate { get; init; }

    internal AlgorithmIdentifier? OriginatorKeyAlgorithm { get; init; }

    internal ReadOnlyMemory<byte> OriginatorKey { get; init; }

    internal byte[]? UserKeyingMaterial { get; init; }

    internal required AlgorithmIdentifier KeyEncryptionAlgorithm { get; init; }

    internal required IReadOnlyList<RecipientEncryptedKeyAsn> RecipientEncryptedKeys { get; init; }

    internal static KeyAgreeRecipientInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence(Tag);
        int version = CmsVersion.Read(fields);
        AsnReader originator = fields.ReadSequence(Der.Context(0));
        (CertificateIdentifier? certificate, AlgorithmIdentifier? algorithm, ReadOnlyMemory<byte> key) = ReadOriginator(originator);
        originator.ThrowIfNotEmpty();
        byte[]? ukm = fields.HasTag(Der.Context(1)) ? ReadUserKeyingMaterial(fields.ReadSequence(Der.Context(1))) : null;
        AlgorithmIdentifier keyEncryption = fields.ReadAlgorithmIdentifier();
        AsnReader list = fields.ReadSequence();
        fields.ThrowIfNotEmpty();
        var keys = new List<RecipientEncryptedKeyAsn>();
        while (list.HasData)
        {
            keys.Add(RecipientEncryptedKeyAsn.Decode(list));
        }

        return new KeyAgreeRecipientInfoAsn
        {
            Version = version,
            OriginatorCertificate = certificate,
            OriginatorKeyAlgorithm = algorithm,
            OriginatorKey = key,
            UserKeyingMaterial = ukm,
            KeyEncryptionAlgorithm = keyEncryption,
            RecipientEncryptedKeys = keys,
        };
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence(Tag))
        {
            writer.WriteInteger(Version);
            using (writer.PushSequence(Der.Context(0)))
            {
                EncodeOriginator(writer);
            }

            if (UserKeyingMaterial is { } ukm)
            {
                using (writer.PushSequence(Der.Context(1)))
                {
                    writer.WriteOctetString(ukm);
                }
            }

            writer.WriteAlgorithmIdentifier(KeyEncryptionAlgorithm);
            using (writer.PushSequence())
            {
                foreach (RecipientEncryptedKeyAsn key in RecipientEncryptedKeys)
                {
                    key.Encode(writer);
                }
            }
        }
    }

    private void EncodeOriginator(AsnWriter writer)
    {
        if (OriginatorCertificate is { } certificate)
        {
            certificate.Encode(writer);
            return;
        }

        using (writer.PushSequence(_originatorKeyTag))
        {
            writer.WriteAlgorithmIdentifier(OriginatorKeyAlgorithm!);
            writer.WriteBitString(OriginatorKey.Span);
        }
    }

    private static (CertificateIdentifier? Certificate, AlgorithmIdentifier? Algorithm, ReadOnlyMemory<byte> Key) ReadOriginator(AsnReader originator)
    {
        if (!originator.HasTag(_originatorKeyTag))
        {
            return (CertificateIdentifier.Decode(originator), null, default);
        }

        AsnReader fields = originator.ReadSequence(_originatorKeyTag);
        AlgorithmIdentifier algorithm = fields.ReadAlgorithmIdentifier();
        byte[] key = fields.ReadBitString(out int unused);
        fields.ThrowIfNotEmpty();
        return unused == 0 ? (null, algorithm, key) : throw new AsnContentException();
    }

    private static byte[] ReadUserKeyingMaterial(AsnReader reader)
    {
        byte[] value = reader.ReadOctetString();
        reader.ThrowIfNotEmpty();
        return value;
    }
}
