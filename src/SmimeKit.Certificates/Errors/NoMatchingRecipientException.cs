namespace SmimeKit;

/// <summary>None of the keys at hand belongs to a recipient of the message. No key was used.</summary>
public sealed class NoMatchingRecipientException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="recipients">One line for each recipient seen, as the message names it.</param>
    public NoMatchingRecipientException(IReadOnlyList<string> recipients)
        : base("no-matching-recipient", $"No key at hand matches any of the {recipients?.Count ?? 0} recipients.") =>
        Recipients = recipients ?? [];

    /// <summary>Gets one line for each recipient seen, as the message names it. Nothing here is verified.</summary>
    public IReadOnlyList<string> Recipients { get; }
}
