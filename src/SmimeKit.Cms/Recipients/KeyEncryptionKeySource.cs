using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>A key-encryption key at hand, which recognises its identifier, and its date where both sides tell one.</summary>
internal sealed class KeyEncryptionKeySource : KeySource
{
    internal KeyEncryptionKeySource(IKeyEncryptionKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    internal IKeyEncryptionKey Key { get; }

    // R3369-6.2.3-b: the date is looked at when the entry is decoded.
    internal override bool Matches(RecipientKind kind, BerValue rid) =>
        kind == RecipientKind.KeyEncryptionKey
        && (Key.Identifier.IsEmpty
            || (BerValue.TryRead(rid.Content, out BerValue identifier) && identifier.Octets.SequenceEqual(Key.Identifier.Span)));

    internal override (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, RecoveryContext context) =>
        UnwrappedKey.Prepare(recipient, this, context);

    internal override bool HasSameKeyAs(KeySource other) => other is KeyEncryptionKeySource source && ReferenceEquals(Key, source.Key);
}
