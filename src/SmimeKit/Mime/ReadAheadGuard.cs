using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>
/// Limits how much a parser may read without having anything to show for it: a field, a boundary line or a preamble without end would
/// otherwise be collected in memory for as long as the sender likes.
/// </summary>
internal sealed class ReadAheadGuard(Stream source, int limit) : ForwardReadStream
{
    private long _unanswered;

    /// <summary>Notes that the parser has handed out what it had read.</summary>
    internal void Reset() => _unanswered = 0;

    public override int Read(byte[] buffer, int offset, int count)
    {
        Check();
        return Note(source.Read(buffer, offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check();
        return Note(await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
    }

    private void Check()
    {
        if (_unanswered > limit)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderSize), limit);
        }
    }

    private int Note(int count)
    {
        _unanswered += count;
        return count;
    }
}
