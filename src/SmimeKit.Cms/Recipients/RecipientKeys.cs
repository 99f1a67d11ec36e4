using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>Everything at hand that may recover the key of a message. Used, not kept, and not disposed.</summary>
public sealed record RecipientKeys
{
    /// <summary>Gets the private keys: for key transport, key agreement and key encapsulation.</summary>
    public IReadOnlyList<IDecryptionKey> PrivateKeys { get; init; } = [];

    /// <summary>Gets the symmetric keys that were distributed before.</summary>
    public IReadOnlyList<IKeyEncryptionKey> KeyEncryptionKeys { get; init; } = [];

    /// <summary>Gets the passwords. Each is tried with each entry for a password, within <see cref="CmsLimits.MaxPasswordIterations"/>.</summary>
    public IReadOnlyList<RecipientPassword> Passwords { get; init; } = [];

    /// <summary>
    /// Gets certificates of senders whose own key had a part in a key agreement (RFC 5652 §6.2.2), beside those that messages carry. They
    /// are not validated here.
    /// </summary>
    public IReadOnlyList<Certificate> OriginatorCertificates { get; init; } = [];

    /// <summary>Makes a source of each, for one search.</summary>
    internal List<KeySource> ToSources(CmsLimits limits)
    {
        ArgumentNullException.ThrowIfNull(PrivateKeys);
        ArgumentNullException.ThrowIfNull(KeyEncryptionKeys);
        ArgumentNullException.ThrowIfNull(Passwords);
        ArgumentNullException.ThrowIfNull(OriginatorCertificates);
        var budget = new KdfBudget(limits.MaxPasswordIterations, nameof(limits.MaxPasswordIterations));
        return
        [
            .. PrivateKeys.Select(key => new PrivateKeySource(key)),
            .. KeyEncryptionKeys.Select(key => new KeyEncryptionKeySource(key)),
            .. Passwords.Select(password => new PasswordSource(password, budget)),
        ];
    }
}
