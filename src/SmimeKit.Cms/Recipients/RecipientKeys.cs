using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>Everything at hand that may recover the key of a message. Used, not kept, and not disposed.</summary>
public sealed record RecipientKeys
{
    /// <summary>Gets the private keys: for key transport and for key agreement.</summary>
    public IReadOnlyList<IDecryptionKey> PrivateKeys { get; init; } = [];

    internal List<KeySource> ToSources() => [.. PrivateKeys.Select(key => new PrivateKeySource(key))];
}
