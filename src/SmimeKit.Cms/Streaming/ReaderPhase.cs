namespace SmimeKit.Cms.Streaming;

/// <summary>Where a reader stands. Checked first in every call; failure and disposal are final.</summary>
internal enum ReaderPhase
{
    /// <summary>The header is known, the content is not yet accessible.</summary>
    Opened,

    /// <summary>The content is being read.</summary>
    Content,

    /// <summary>The content has been read to its end.</summary>
    ContentEnded,

    /// <summary>The report has been given.</summary>
    Completed,

    /// <summary>An error ended the reading.</summary>
    Failed,

    /// <summary>The reader is disposed.</summary>
    Disposed,
}
