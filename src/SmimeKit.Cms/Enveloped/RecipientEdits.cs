using SmimeKit.Cms.Recipients;

namespace SmimeKit.Cms.Enveloped;

/// <summary>What a transform of the recipients of an encrypted message changes. Everything else is copied.</summary>
public sealed record RecipientEdits
{
    /// <summary>Gets the recipients to add. The content-encryption key is recovered once for them, with <see cref="Keys"/>.</summary>
    public IReadOnlyList<EnvelopeRecipient> Added { get; init; } = [];

    /// <summary>
    /// Gets which recipients are removed; null removes none. Called once for each, in the order of the message. One of several in a key
    /// agreement is removed from it, and the others stay. What is removed here and named in <see cref="Added"/> is replaced.
    /// </summary>
    /// <remarks>
    /// Who was a recipient has had the key. Removing him keeps him from reading this copy of the message, not from reading another one with the
    /// same key.
    /// </remarks>
    public Func<RecipientInfo, bool>? Removes { get; init; }

    /// <summary>Gets the keys at hand, one of which recovers the content-encryption key; needed to add recipients.</summary>
    public RecipientKeys Keys { get; init; } = new();

    /// <summary>Gets the instant at which the policy judges the message when its key is recovered.</summary>
    public DateTimeOffset At { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Gets whether added EC recipients on one curve share an ephemeral key.</summary>
    public bool SharesEphemeralKeys { get; init; }

    /// <summary>Gets the number of random octets of user keying material in a key agreement; 0 sends none.</summary>
    public int UserKeyingMaterialSize { get; init; } = 16;

    /// <summary>Makes the writer's options that the added recipients are planned with.</summary>
    internal RecipientWriterOptions ToWriterOptions(Policy.CmsPolicy policy) => new EnvelopedDataWriterOptions
    {
        Recipients = Added,
        SharesEphemeralKeys = SharesEphemeralKeys,
        UserKeyingMaterialSize = UserKeyingMaterialSize,
        Policy = policy,
    };
}
