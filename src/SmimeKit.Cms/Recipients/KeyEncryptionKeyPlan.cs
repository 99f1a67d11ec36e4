using System.Formats.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>A KEKRecipientInfo of a new message, RFC 5652 §6.2.3.</summary>
internal sealed class KeyEncryptionKeyPlan(IKeyEncryptionKey key) : RecipientPlan
{
    private const int Framing = 128;

    internal override int Version => KekRecipientInfoAsn.CurrentVersion;

    internal override int EstimatedSize => key.Identifier.Length + Framing;

    internal override async ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> contentKey, CancellationToken cancellationToken)
    {
        byte[] wrapped = await key.WrapAsync(contentKey, cancellationToken).ConfigureAwait(false);
        new KekRecipientInfoAsn
        {
            Version = Version,
            KeyIdentifier = key.Identifier,
            Date = key.Date,
            KeyEncryptionAlgorithm = key.Algorithm,
            EncryptedKey = wrapped,
        }.Encode(writer);
    }
}
