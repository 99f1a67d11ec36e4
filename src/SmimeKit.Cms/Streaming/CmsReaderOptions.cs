using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Streaming;

/// <summary>How messages are read.</summary>
public sealed record CmsReaderOptions
{
    /// <summary>Gets the options used when the caller names none.</summary>
    public static CmsReaderOptions Default { get; } = new();

    /// <summary>Gets what is accepted.</summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;

    /// <summary>Gets how much hostile input may cost.</summary>
    public CmsLimits Limits { get; init; } = CmsLimits.Default;

    /// <summary>Gets when authenticated content is handed out.</summary>
    public ReleaseMode ReleaseMode { get; init; } = ReleaseMode.Verified;

    /// <summary>
    /// Gets the folder for content that waits for its tag, or for a decision among keys: never plaintext. Null for the system's folder for temporary files,
    /// empty to forbid disk: larger content then ends with a <see cref="LimitExceededException"/>.
    /// </summary>
    public string? SpoolFolder { get; init; }

    /// <summary>
    /// Gets what all compressed layers of a message may inflate to together; null gives each layer a budget of its own by
    /// <see cref="Limits"/>. Use a new one for each message.
    /// </summary>
    public InflateBudget? InflateBudget { get; init; }
}
