namespace SmimeKit.Cms.Asn1;

/// <summary>
/// A forward-only window on an input stream. In synchronous mode every operation completes before it returns, so one state machine
/// serves both the synchronous and the asynchronous API.
/// </summary>
internal sealed class ByteSource(Stream stream) : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private byte[] _buffer = PooledBytes.Rent(BufferSize);
    private int _start;
    private int _end;
    private int _used;

    /// <summary>Gets or sets the mode: every public entry sets it to its own before it starts.</summary>
    internal bool Synchronous { get; set; }

    /// <summary>Gets the number of bytes consumed so far: the offset of the next byte.</summary>
    internal long Position { get; private set; }

    internal ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    internal void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Makes more bytes available; false at the end of the stream.</summary>
    internal async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            Available.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int count = await ReadStreamAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        _used = Math.Max(_used, _end);
        return count > 0;
    }

    /// <summary>Reads up to the size of the destination, past the window when that is empty; 0 at the end of the stream.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (destination.IsEmpty)
        {
            return 0;
        }

        if (_start == _end && destination.Length < BufferSize && !await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        int count = Math.Min(_end - _start, destination.Length);
        if (count > 0)
        {
            Available[..count].CopyTo(destination.Span);
            Advance(count);
            return count;
        }

        count = await ReadStreamAsync(destination, cancellationToken).ConfigureAwait(false);
        Position += count;
        return count;
    }

    /// <summary>Returns the buffer; the stream stays the caller's.</summary>
    public void Dispose()
    {
        PooledBytes.Return(ref _buffer, _used);
        _start = _end = _used = 0;
    }

    private ValueTask<int> ReadStreamAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Synchronous ? new ValueTask<int>(stream.Read(destination.Span)) : stream.ReadAsync(destination, cancellationToken);
    }
}
