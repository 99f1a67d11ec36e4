using SmimeKit.Cms.Streaming;

namespace SmimeKit.Tool.Files;

/// <summary>A forward-only stream whose beginning was read already, to look at it.</summary>
internal sealed class ReplayStream(ReadOnlyMemory<byte> beginning, Stream rest, bool leaveOpen = false) : ForwardReadStream
{
    private int _position;

    public override int Read(Span<byte> buffer) => _position < beginning.Length ? Take(buffer) : rest.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _position < beginning.Length ? new ValueTask<int>(Take(buffer.Span)) : rest.ReadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, beginning.Length - _position);
        beginning.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
