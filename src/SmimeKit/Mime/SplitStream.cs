using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>Writes to two streams, in large pieces: MimeKit writes in small ones. Disposing it disposes neither.</summary>
internal sealed class SplitStream(Stream first, Stream second) : ForwardWriteStream
{
    private const int BufferSize = 64 * 1024;

    private byte[] _buffer = PooledBytes.Rent(BufferSize);
    private int _count;
    private int _used;

    /// <summary>Writes what is left.</summary>
    internal async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> kept = TakeKept();
        await first.WriteAsync(kept, cancellationToken).ConfigureAwait(false);
        await second.WriteAsync(kept, cancellationToken).ConfigureAwait(false);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        while (count > 0)
        {
            int kept = Keep(buffer.AsSpan(offset, count));
            (offset, count) = (offset + kept, count - kept);
            if (_count == BufferSize)
            {
                ReadOnlyMemory<byte> full = TakeKept();
                first.Write(full.Span);
                second.Write(full.Span);
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Keep(buffer.Span)..];
            if (_count == BufferSize)
            {
                await CompleteAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        PooledBytes.Return(ref _buffer, _used);
        _count = 0;

        base.Dispose(disposing);
    }

    private int Keep(ReadOnlySpan<byte> octets)
    {
        int count = Math.Min(BufferSize - _count, octets.Length);
        octets[..count].CopyTo(_buffer.AsSpan(_count));
        _count += count;
        _used = Math.Max(_used, _count);
        return count;
    }

    private ReadOnlyMemory<byte> TakeKept()
    {
        ReadOnlyMemory<byte> kept = _buffer.AsMemory(0, _count);
        _count = 0;
        return kept;
    }
}
