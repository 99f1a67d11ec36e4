namespace SmimeKit.TestKit;

/// <summary>
/// A non-seekable stream over bytes that hands out at most <c>chunk</c> bytes a read, or splits once at an offset.
/// </summary>
public sealed class DribblingStream : Stream
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly int _chunk;
    private readonly int _split;
    private int _position;

    private DribblingStream(ReadOnlyMemory<byte> data, int chunk, int split) => (_data, _chunk, _split) = (data, chunk, split);

    public static DribblingStream InChunks(ReadOnlyMemory<byte> data, int chunk) => new(data, chunk, -1);

    public static DribblingStream SplitAt(ReadOnlyMemory<byte> data, int offset) => new(data, int.MaxValue, offset);

    /// <summary>Gets or sets what is done after each read, given the position.</summary>
    public Action<int>? AfterRead { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int limit = _position < _split ? _split - _position : _chunk;
        int count = Math.Min(Math.Min(buffer.Length, limit), _data.Length - _position);
        _data.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        AfterRead?.Invoke(_position);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return Read(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
