namespace SmimeKit.Cms.Streaming;

/// <summary>The write-only stream that a writer takes its content from. Disposing it does nothing: completing the writer ends the content.</summary>
internal sealed class ContentSinkStream(Func<ReadOnlyMemory<byte>, bool, CancellationToken, ValueTask> write) : ForwardWriteStream
{
    private readonly SpanBridge _bridge = new();

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

    /// <summary>Wipes and returns the buffer. Called by the writer.</summary>
    internal void Release() => _bridge.Dispose();
}
