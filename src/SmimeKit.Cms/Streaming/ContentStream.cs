namespace SmimeKit.Cms.Streaming;

/// <summary>The content of a layer as a forward-only stream. Disposing it does nothing: the reader is what is disposed.</summary>
internal sealed class ContentStream(Func<Memory<byte>, bool, CancellationToken, ValueTask<int>> read) : ForwardReadStream
{
    private readonly SpanBridge _bridge = new();

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

    /// <summary>Wipes and returns the buffer. Called by the reader.</summary>
    internal void Release() => _bridge.Dispose();
}
