namespace SmimeKit.Cms.Streaming;

/// <summary>A stream that is read forward: all that it cannot do, and the older overload in terms of the newer one.</summary>
internal abstract class ForwardReadStream : Stream
{
    private Task<int> _last = Task.FromResult(0);

    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        ValueTask<int> reading = ReadAsync(buffer.AsMemory(offset, count), cancellationToken);
        return reading.IsCompletedSuccessfully ? Complete(reading.Result) : reading.AsTask();
    }

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Most reads return as much as the one before: one task for all of them.
    private Task<int> Complete(int count) => _last.Result == count ? _last : _last = Task.FromResult(count);
}
