namespace SmimeKit.Certificates;

/// <summary>How a folder of certificates is read.</summary>
public sealed record DirectoryStoreOptions
{
    /// <summary>Gets the options used when the caller names none.</summary>
    public static DirectoryStoreOptions Default { get; } = new();

    /// <summary>Gets the limits of each file.</summary>
    public FileLimits Limits { get; init; } = FileLimits.Default;

    /// <summary>Gets the most files in the folder.</summary>
    public int MaxFiles { get; init; } = 20_000;

    /// <summary>Gets how long another process may hold the folder's lock before writing gives up.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the clock that tells a recent change of the folder from an old one. Judges no certificate.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
