namespace SmimeKit.Tests;

/// <summary>A mail from Alice to Bob with an attachment of any size, made while it is read. It cannot seek.</summary>
internal sealed class GeneratedMail : Stream
{
    private static readonly byte[] _line = RawMail.Bytes(new string('Q', 76) + "\r\n");

    private readonly byte[] _head = RawMail.Bytes(RawMail.Header
        + "Content-Type: multipart/mixed; boundary=big\r\n\r\n--big\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n"
        + "--big\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n");

    private readonly byte[] _tail = RawMail.Bytes("--big--\r\n");
    private readonly long _bodyEnd;
    private long _position;

    internal GeneratedMail(long size) => _bodyEnd = _head.Length + ((size + _line.Length - 1) / _line.Length * _line.Length);

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
        int total = 0;
        while (!buffer.IsEmpty)
        {
            ReadOnlySpan<byte> next = _position < _head.Length ? _head.AsSpan((int)_position)
                : _position < _bodyEnd ? _line.AsSpan((int)((_position - _head.Length) % _line.Length))
                : _tail.AsSpan((int)Math.Min(_tail.Length, _position - _bodyEnd));
            if (next.IsEmpty)
            {
                break;
            }

            int count = Math.Min(next.Length, buffer.Length);
            next[..count].CopyTo(buffer);
            buffer = buffer[count..];
            _position += count;
            total += count;
        }

        return total;
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
