namespace SmimeKit.Cms.Streaming;

/// <summary>The content of a layer as a forward-only stream. Disposing it does nothing: the reader is what is disposed.</summary>
internal sealed class ContentStream(Func<Memory<byte>, bool, CancellationToken, ValueTask<int>> read) : Stream
{
    private readonly SpanBridge _bridge = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return read(buffer.AsMemory(offset, count), true, CancellationToken.None).Finish();
    }

    public override int Read(Span<byte> buffer)
    {
        Memory<byte> bridge = _bridge.For(buffer.Length);
        int count = read(bridge, true, CancellationToken.None).Finish();
        bridge.Span[..count].CopyTo(buffer);
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        read(buffer, false, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return read(buffer.AsMemory(offset, count), false, cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Wipes and returns the buffer. Called by the reader.</summary>
    internal void Release() => _bridge.Dispose();
}
