namespace SmimeKit;

/// <summary>Base of every exception that SmimeKit itself throws about data, keys, stores or policy.</summary>
/// <remarks>
/// Caller mistakes are reported through the <see cref="ArgumentException"/> family before any I/O; exceptions of a caller's own
/// stream pass through unchanged. A signature that does not verify is never an exception: it is a value in a report.
/// </remarks>
public abstract class SmimeKitException : Exception
{
    private protected SmimeKitException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Gets the stable, machine-readable code of what happened, in lower-case words joined by hyphens.</summary>
    public string Code { get; }
}
