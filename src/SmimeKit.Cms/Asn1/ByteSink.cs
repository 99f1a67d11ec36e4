namespace SmimeKit.Cms.Asn1;

/// <summary>
/// A buffered forward-only output. In synchronous mode every operation completes before it returns; see <see cref="ByteSource"/>.
/// </summary>
internal sealed class ByteSink(Stream stream) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private byte[] _buffer = PooledBytes.Rent(BufferSize);
    private int _count;
    private int _used;

    /// <summary>Gets or sets the mode: every public entry sets it to its own before it starts.</summary>
    internal bool Synchronous { get; set; }

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        bool isLarge = bytes.Length >= BufferSize / 2;
        if (isLarge || bytes.Length > _buffer.Length - _count)
        {
            await FlushBufferAsync(cancellationToken).ConfigureAwait(false);
            if (isLarge)
            {
                await WriteStreamAsync(bytes, cancellationToken).ConfigureAwait(false); // a copy would cost more than the call
                return;
            }
        }

        bytes.Span.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
        _used = Math.Max(_used, _count);
    }

    /// <summary>Writes what is buffered to the stream. The stream itself is flushed and closed by its owner.</summary>
    internal ValueTask FlushAsync(CancellationToken cancellationToken) => FlushBufferAsync(cancellationToken);

    public void Dispose()
    {
        PooledBytes.Return(ref _buffer, _used);
        _count = _used = 0;
    }

    private async ValueTask FlushBufferAsync(CancellationToken cancellationToken)
    {
        if (_count > 0)
        {
            await WriteStreamAsync(_buffer.AsMemory(0, _count), cancellationToken).ConfigureAwait(false);
            _count = 0;
        }
    }

    private ValueTask WriteStreamAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Synchronous)
        {
            return stream.WriteAsync(bytes, cancellationToken);
        }

        stream.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
