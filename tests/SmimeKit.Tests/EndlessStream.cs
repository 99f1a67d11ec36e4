namespace SmimeKit.Tests;

/// <summary>A text, and then one octet for ever or as often as asked for. Counts what was read and keeps nothing.</summary>
internal sealed class EndlessStream(string start, byte filler) : Stream
{
    private readonly byte[] _start = RawMail.Bytes(start);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gets the number of octets read.</summary>
    internal long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int count = buffer.Length;
        if (Count < _start.Length)
        {
            count = (int)Math.Min(count, _start.Length - Count);
            _start.AsSpan((int)Count, count).CopyTo(buffer);
        }
        else
        {
            buffer.Fill(filler);
        }

        Count += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
