using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>Everything at hand that may recover the key of a message. Used, not kept, and not disposed.</summary>
public sealed record RecipientKeys
{
    /// <summary>Gets the private keys: for key transport and for key agreement.</summary>
    public IReadOnlyList<IDecryptionKey> PrivateKeys { get; init; } = [];

    /// <summary>Gets the symmetric keys that were distributed before.</summary>
    public IReadOnlyList<IKeyEncryptionKey> KeyEncryptionKeys { get; init; } = [];

    /// <summary>Makes a source of each, for one search.</summary>
    internal List<KeySource> ToSources()
    {
        ArgumentNullException.ThrowIfNull(PrivateKeys);
        ArgumentNullException.ThrowIfNull(KeyEncryptionKeys);
        return
        [
            .. PrivateKeys.Select(key => new PrivateKeySource(key)),
            .. KeyEncryptionKeys.Select(key => new KeyEncryptionKeySource(key)),
        ];
    }
}
