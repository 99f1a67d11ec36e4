using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Streaming;

/// <summary>
/// What all compressed layers of one message may inflate to together: a bomb inside a bomb multiplies. Give one and the same budget to the
/// readers of all layers, in <see cref="CmsReaderOptions.InflateBudget"/>. Not safe for concurrent use.
/// </summary>
/// <param name="limits">
/// The limits <see cref="CmsLimits.MaxInflatedSize"/>, <see cref="CmsLimits.MaxInflateRatio"/> and <see cref="CmsLimits.MaxInflatedAtAnyRatio"/>.
/// </param>
public sealed class InflateBudget(CmsLimits limits)
{
    private int _open;
    private long _compressed;
    private long _inflated;

    /// <summary>Begins a layer; true when no other is open, so that its input is what the others inside it come from.</summary>
    internal bool Enter() => _open++ == 0;

    /// <summary>Ends a layer.</summary>
    internal void Leave() => _open--;

    /// <summary>Counts what the outermost layer has read.</summary>
    internal void AddCompressed(int count) => _compressed += count;

    /// <summary>Counts what a layer has inflated to, and refuses too much of it.</summary>
    internal void AddInflated(int count)
    {
        _inflated += count;
        if (_inflated > limits.MaxInflatedSize)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxInflatedSize), limits.MaxInflatedSize);
        }

        if (_inflated > limits.MaxInflatedAtAnyRatio && _inflated / Math.Max(1, limits.MaxInflateRatio) > _compressed)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxInflateRatio), limits.MaxInflateRatio);
        }
    }
}
