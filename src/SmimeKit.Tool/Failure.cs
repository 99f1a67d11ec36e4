namespace SmimeKit.Tool;

/// <summary>An exception as the user and scripts see it. The one place where exceptions become outcomes and exit codes.</summary>
/// <param name="Outcome">What it means.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Message">The explanation.</param>
/// <param name="Offset">Where in the input, in bytes; null when unknown.</param>
/// <param name="Detail">What only the authors of the tool can use; null unless this is their fault.</param>
internal sealed record Failure(Outcome Outcome, string Code, string Message, long? Offset = null, string? Detail = null)
{
    internal int ExitCode => Outcome.ToExitCode();

    internal static Failure From(Exception exception) => exception switch
    {
        ToolException tool => new(tool.Outcome, tool.Code, tool.Message),
        MalformedDataException malformed => new(
            Outcome.Malformed, malformed.Code, malformed.Message, malformed.Offset < 0 ? null : malformed.Offset),
        SmimeKitException known => new(OutcomeOf(known), known.Code, known.Message),
        OperationCanceledException => new(Outcome.Interrupted, "interrupted", "Interrupted."),
        IOException or UnauthorizedAccessException => new(Outcome.Io, "io", exception.Message),
        _ => new(Outcome.Bug, "internal-error", $"{exception.GetType().Name}: {exception.Message}", Detail: exception.ToString()),
    };

    private static Outcome OutcomeOf(SmimeKitException exception) => exception switch
    {
        LimitExceededException => Outcome.Limit,
        NoMatchingRecipientException => Outcome.NoKey,
        DecryptionFailedException => Outcome.DecryptFailed,
        PolicyViolationException => Outcome.Refused,
        UnsupportedAlgorithmException => Outcome.Unsupported,
        StoreException => OutcomeOfStore(exception.Code),
        _ => Outcome.Io,
    };

    private static Outcome OutcomeOfStore(string code) => code switch
    {
        "password-required" or "wrong-password" or "wrong-passphrase" or "no-passphrase" or "locked" or "key-unusable"
            or "signing-key-missing" or "recipient-certificate-missing" or "own-encryption-certificate-missing" => Outcome.NoKey,
        "store-corrupt" or "store-foreign" => Outcome.Malformed,
        "store-newer-schema" or "store-older-schema" => Outcome.Unsupported,
        "no-mac" => Outcome.Refused,
        _ => Outcome.Io,
    };
}
