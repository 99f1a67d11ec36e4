using System.Security.Cryptography;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>Hands on what is read from it to an output, in large pieces, and digests it when asked to.</summary>
internal sealed class TeeStream(Stream source, Stream output, IncrementalHash? digest) : ForwardReadStream
{
    private const int BufferSize = 64 * 1024;

    private byte[] _buffer = PooledBytes.Rent(BufferSize);
    private int _start;
    private int _end;
    private int _used;

    /// <summary>Gets the number of bytes handed on.</summary>
    internal long Count { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        if (_start == _end)
        {
            int read = source.Read(_buffer, 0, BufferSize);
            output.Write(_buffer, 0, read);
            Note(read);
        }

        return Take(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _start < _end ? new ValueTask<int>(Take(buffer.Span)) : ReadAheadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        PooledBytes.Return(ref _buffer, _used);
        _start = _end = 0;
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await source.ReadAsync(_buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false);
        if (read > 0)
        {
            await output.WriteAsync(_buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }

        Note(read);
        return Take(buffer.Span);
    }

    private void Note(int read)
    {
        (_start, _end) = (0, read);
        _used = Math.Max(_used, read);
        Count += read;
        digest?.AppendData(_buffer, 0, read);
    }

    private int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}
