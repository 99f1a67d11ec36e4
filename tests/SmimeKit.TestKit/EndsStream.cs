namespace SmimeKit.TestKit;

/// <summary>A write-only stream that forgets all but the first and the last bytes.</summary>
public sealed class EndsStream(int size) : Stream
{
    private readonly byte[] _head = new byte[size];
    private readonly byte[] _tail = new byte[size]; // a ring
    private long _length;

    /// <summary>Gets the first bytes.</summary>
    public byte[] Head => _head[..(int)Math.Min(_length, size)];

    /// <summary>Gets the last bytes.</summary>
    public byte[] Tail
    {
        get
        {
            int start = (int)(_length % size);
            return _length < size ? _tail[..(int)_length] : [.. _tail[start..], .. _tail[..start]];
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_length < size)
        {
            buffer[..(int)Math.Min(buffer.Length, size - _length)].CopyTo(_head.AsSpan((int)_length));
        }

        ReadOnlySpan<byte> last = buffer.Length > size ? buffer[^size..] : buffer;
        int at = (int)((_length + buffer.Length - last.Length) % size);
        int first = Math.Min(last.Length, size - at);
        last[..first].CopyTo(_tail.AsSpan(at));
        last[first..].CopyTo(_tail);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
