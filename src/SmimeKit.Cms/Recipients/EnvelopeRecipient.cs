namespace SmimeKit.Cms.Recipients;

/// <summary>Somebody or something that the key of a message is encrypted for: one kind of RecipientInfo, RFC 5652 §6.2.</summary>
public abstract record EnvelopeRecipient
{
    private protected EnvelopeRecipient()
    {
    }

    /// <summary>Checks the recipient and settles its algorithms, before anything is written.</summary>
    /// <param name="options">The message around it.</param>
    /// <param name="keySize">The size in bytes of the key that is to be encrypted.</param>
    internal abstract RecipientPlan Plan(RecipientWriterOptions options, int keySize);
}
