namespace SmimeKit.TestKit;

/// <summary>A non-seekable stream: a beginning, a unit repeated many times, an end. Nothing of it is held in memory but these.</summary>
public sealed class RepeatingStream : Stream
{
    private readonly byte[] _start;
    private readonly byte[] _units; // as many units as fit a block
    private readonly long _unitsLength;
    private readonly byte[] _end;
    private long _position;

    public RepeatingStream(byte[] start, byte[] unit, long count, byte[] end)
    {
        _start = start;
        _end = end;
        _unitsLength = unit.Length * count;
        int repeats = Math.Max(1, (64 * 1024) / Math.Max(1, unit.Length));
        _units = [.. Enumerable.Repeat(unit, repeats).SelectMany(u => u)];
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> next = Next();
        int count = Math.Min(buffer.Length, next.Length);
        next[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ReadOnlySpan<byte> Next()
    {
        if (_position < _start.Length)
        {
            return _start.AsSpan((int)_position);
        }

        long inUnits = _position - _start.Length;
        if (inUnits < _unitsLength)
        {
            ReadOnlySpan<byte> units = _units.AsSpan((int)(inUnits % _units.Length));
            return units[..(int)Math.Min(units.Length, _unitsLength - inUnits)];
        }

        long inEnd = inUnits - _unitsLength;
        return inEnd < _end.Length ? _end.AsSpan((int)inEnd) : default;
    }
}
