namespace SmimeKit.Cms.Streaming;

/// <summary>One encoded value that is in memory already, such as a message inside an attribute, read as a stream.</summary>
internal sealed class EncodedValueStream(ReadOnlyMemory<byte> encoded) : ForwardReadStream
{
    private ReadOnlyMemory<byte> _left = encoded;

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }
}
