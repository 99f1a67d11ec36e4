namespace SmimeKit.Cms.Streaming;

/// <summary>The write-only stream that a writer takes its content from. Disposing it does nothing: completing the writer ends the content.</summary>
internal sealed class ContentSinkStream(Func<ReadOnlyMemory<byte>, bool, CancellationToken, ValueTask> write) : Stream
{
    private readonly SpanBridge _bridge = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        write(buffer.AsMemory(offset, count), true, CancellationToken.None).Finish();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            Memory<byte> bridge = _bridge.For(buffer.Length);
            buffer[..bridge.Length].CopyTo(bridge.Span);
            write(bridge, true, CancellationToken.None).Finish();
            buffer = buffer[bridge.Length..];
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        write(buffer, false, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return write(buffer.AsMemory(offset, count), false, cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Wipes and returns the buffer. Called by the writer.</summary>
    internal void Release() => _bridge.Dispose();
}
