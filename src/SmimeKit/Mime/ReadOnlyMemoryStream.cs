using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>Reads octets that are in memory already: a detached signature, a header block.</summary>
internal sealed class ReadOnlyMemoryStream(ReadOnlyMemory<byte> octets) : ForwardReadStream
{
    private int _position;

    public override long Length => octets.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, octets.Length - _position);
        octets.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Read(buffer.Span));
}
