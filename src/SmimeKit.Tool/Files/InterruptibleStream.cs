using SmimeKit.Cms.Streaming;

namespace SmimeKit.Tool.Files;

/// <summary>A pipe or a terminal, on which a read can last for ever: here an interruption ends the wait, and what was begun can be cleaned up.</summary>
internal sealed class InterruptibleStream(Stream inner) : ForwardReadStream
{
    private readonly byte[] _buffer = new byte[64 * 1024]; // never pooled: a read that is given up may still write into it
    private Task<int>? _read;
    private int _position;
    private int _end;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _end)
        {
            _read ??= inner.ReadAsync(_buffer, cancellationToken).AsTask();
            int count = await _read.WaitAsync(cancellationToken).ConfigureAwait(false);
            (_read, _position, _end) = (null, 0, count);
        }

        return Take(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        if (_read is not null)
        {
            throw new InvalidOperationException("A read that was interrupted has not ended.");
        }

        return _position < _end ? Take(buffer.AsSpan(offset, count)) : inner.Read(buffer, offset, count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> target)
    {
        int count = Math.Min(target.Length, _end - _position);
        _buffer.AsSpan(_position, count).CopyTo(target);
        _position += count;
        return count;
    }
}
