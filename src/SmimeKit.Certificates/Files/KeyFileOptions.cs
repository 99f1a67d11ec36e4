namespace SmimeKit.Certificates;

/// <summary>How key files are read.</summary>
public sealed record KeyFileOptions
{
    /// <summary>Gets the options used when the caller names none.</summary>
    public static KeyFileOptions Default { get; } = new();

    /// <summary>Gets the limits.</summary>
    public FileLimits Limits { get; init; } = FileLimits.Default;

    /// <summary>
    /// Gets whether PKCS #12 files without a MAC are opened. Such a file can have been changed by anyone: certificates exchanged,
    /// keys replaced. Off by default.
    /// </summary>
    public bool AllowMissingMac { get; init; }
}
