using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>A forward-only stream that can give back what it has read too far: the header block first, then the body.</summary>
internal sealed class LookaheadStream(Stream inner) : ForwardReadStream
{
    private const int BufferSize = 64 * 1024;
    private const int MaxFieldName = 998; // a whole line, RFC 5322 §2.1.1

    private byte[] _buffer = PooledBytes.Rent(BufferSize);
    private int _start;
    private int _end;
    private int _headerLength;
    private int _used;

    /// <summary>
    /// Reads up to and including the first blank line, or to the end of the stream. Content that does not begin with a header field is
    /// not MIME: its header block is empty.
    /// </summary>
    internal async ValueTask<byte[]> ReadHeaderBlockAsync(int limit, CancellationToken cancellationToken)
    {
        int lineStart = 0;
        while (!TryFindBlankLine(_buffer.AsSpan(_start, _end - _start), ref lineStart))
        {
            if (!MayBeginWithField(_buffer.AsSpan(_start, _end - _start)))
            {
                return [];
            }

            if (_end - _start > limit)
            {
                throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderSize), limit);
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                lineStart = _end - _start;
                break;
            }
        }

        if (!MayBeginWithField(_buffer.AsSpan(_start, lineStart)))
        {
            return [];
        }

        if (lineStart > limit)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderSize), limit);
        }

        byte[] block = _buffer.AsSpan(_start, lineStart).ToArray();
        _start += lineStart;
        _headerLength = lineStart;
        return block;
    }

    /// <summary>Puts the header block back before the body, when nothing of the body has been read.</summary>
    internal void UnreadHeader()
    {
        _start -= _headerLength;
        _headerLength = 0;
    }

    /// <summary>Shows the bytes ahead without consuming them; fewer than asked for at the end of the stream. Valid until the next call.</summary>
    internal async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        int header = _headerLength;
        _start -= header; // growing the buffer must not lose a header that may be unread
        while (_end - _start < header + count && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        _start += header;
        return _buffer.AsMemory(_start, Math.Min(count, _end - _start));
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        if (_start == _end)
        {
            if (count >= BufferSize)
            {
                return inner.Read(buffer, offset, count);
            }

            Refilled(inner.Read(_buffer, 0, BufferSize));
        }

        return TakeBuffered(buffer.AsSpan(offset, count));
    }

    // MimeKit reads in small pieces: they come out of larger ones.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _start < _end ? new ValueTask<int>(TakeBuffered(buffer.Span))
        : buffer.Length >= BufferSize ? inner.ReadAsync(buffer, cancellationToken)
        : ReadAheadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        PooledBytes.Return(ref _buffer, _used);
        _start = _end = 0;
        base.Dispose(disposing);
    }

    // RFC 5322 §2.2: a field begins with a name of printable characters and a colon. A blank line is an empty header.
    private static bool MayBeginWithField(ReadOnlySpan<byte> start)
    {
        if (start is [] or [(byte)'\n', ..] or [(byte)'\r', ..])
        {
            return true;
        }

        int end = start.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E);
        ReadOnlySpan<byte> name = end < 0 ? start : start[..end];
        int colon = name.IndexOf((byte)':');
        return colon > 0 || (end < 0 && start.Length < MaxFieldName);
    }

    // Moves the start of the line forward, at last behind the blank line. A line that has not arrived whole is looked at again.
    private static bool TryFindBlankLine(ReadOnlySpan<byte> block, ref int lineStart)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = block[lineStart..];
            int newline = rest.IndexOf((byte)'\n');
            if (newline < 0)
            {
                return false;
            }

            lineStart += newline + 1;
            if (rest[..newline] is [] or [(byte)'\r'])
            {
                return true;
            }
        }
    }

    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Refilled(await inner.ReadAsync(_buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false));
        return TakeBuffered(buffer.Span);
    }

    private void Refilled(int count)
    {
        (_start, _end, _headerLength) = (0, count, 0);
        _used = Math.Max(_used, count);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            byte[] larger = PooledBytes.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            PooledBytes.Return(ref _buffer, _used);
            _buffer = larger;
            _end -= _start;
            _start = 0;
        }

        int count = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        _used = Math.Max(_used, _end);
        return count > 0;
    }

    private int TakeBuffered(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}
