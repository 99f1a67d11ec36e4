namespace SmimeKit.Mime;

/// <summary>
/// Limits how much a parser may read without having anything to show for it: a field, a boundary line or a preamble without end would
/// otherwise be collected in memory for as long as the sender likes.
/// </summary>
internal sealed class ReadAheadGuard(Stream source, int limit) : Stream
{
    private long _unanswered;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
