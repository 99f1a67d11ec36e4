using System.Buffers;
using MimeKit;
using MimeKit.Encodings;

namespace SmimeKit.Mime;

/// <summary>Undoes a content transfer encoding on the way in, with MimeKit's decoders.</summary>
internal sealed class TransferDecodingStream : Stream
{
    private const int InputSize = 32 * 1024;

    private readonly Stream _inner;
    private readonly IMimeDecoder _decoder;
    private byte[] _input = ArrayPool<byte>.Shared.Rent(InputSize);
    private byte[] _output;
    private int _start;
    private int _end;

    private TransferDecodingStream(Stream inner, IMimeDecoder decoder)
    {
        _inner = inner;
        _decoder = decoder;
        _output = ArrayPool<byte>.Shared.Rent(decoder.EstimateOutputLength(InputSize));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Wraps a stream when its encoding is one that changes octets.</summary>
    internal static Stream Wrap(Stream inner, ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.Base64 => new TransferDecodingStream(inner, new Base64Decoder()),
        ContentEncoding.QuotedPrintable => new TransferDecodingStream(inner, new QuotedPrintableDecoder()),
        ContentEncoding.UUEncode => new TransferDecodingStream(inner, new UUDecoder()),
        _ => inner,
    };

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        while (_start == _end)
        {
            int read = _inner.Read(_input, 0, InputSize);
            if (read == 0)
            {
                return 0;
            }

            Decode(read);
        }

        return Take(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end)
        {
            int read = await _inner.ReadAsync(_input.AsMemory(0, InputSize), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return 0;
            }

            Decode(read);
        }

        return Take(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _input.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_input, clearArray: true);
            ArrayPool<byte>.Shared.Return(_output, clearArray: true);
            _input = _output = [];
            _start = _end = 0;
        }

        base.Dispose(disposing);
    }

    private void Decode(int count) => (_start, _end) = (0, _decoder.Decode(_input, 0, count, _output));

    private int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _output.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}
