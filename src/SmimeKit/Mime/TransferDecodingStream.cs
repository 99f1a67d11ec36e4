using System.Buffers;
using System.Buffers.Text;
using MimeKit;
using MimeKit.Encodings;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>Undoes a content transfer encoding on the way in, with MimeKit's decoders.</summary>
/// <remarks>
/// Base64 as it should be is freed of its line ends and decoded by the base library, several times as fast. The first octet out of
/// place, and padding is one, hands all that follows to MimeKit, which knows what to make of it.
/// </remarks>
internal sealed class TransferDecodingStream : ForwardReadStream
{
    private const int InputSize = 64 * 1024;

    private readonly Stream _inner;
    private readonly IMimeDecoder _decoder;
    private bool _isClean;
    private int _kept;
    private int _used;
    private byte[] _input = PooledBytes.Rent(InputSize);
    private byte[] _output;
    private byte[] _compact;
    private int _start;
    private int _end;

    private TransferDecodingStream(Stream inner, IMimeDecoder decoder)
    {
        _inner = inner;
        _decoder = decoder;
        _isClean = decoder is Base64Decoder;
        _output = PooledBytes.Rent(decoder.EstimateOutputLength(InputSize));
        _compact = _isClean ? PooledBytes.Rent(InputSize) : [];
    }

    // What is not clean is decoded before more is read.
    private bool MustRead => _isClean || _kept == 0;

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
            int read = MustRead ? _inner.Read(_input, _kept, InputSize - _kept) : 0;
            if (!Decode(read))
            {
                return 0;
            }
        }

        return Take(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end)
        {
            int read = MustRead
                ? await _inner.ReadAsync(_input.AsMemory(_kept, InputSize - _kept), cancellationToken).ConfigureAwait(false)
                : 0;
            if (!Decode(read))
            {
                return 0;
            }
        }

        return Take(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        // Decoded octets are fewer than encoded ones.
        PooledBytes.Return(ref _input, _used);
        PooledBytes.Return(ref _output, Math.Min(_used, _output.Length));
        PooledBytes.Return(ref _compact, Math.Min(_used, _compact.Length));
        _start = _end = 0;
        base.Dispose(disposing);
    }

    // Decodes what was kept and what was read after it; false when there is nothing left.
    private bool Decode(int read)
    {
        int count = _kept + read;
        _used = Math.Max(_used, count);
        if (!_isClean || read == 0)
        {
            (_isClean, _kept) = (false, 0);
            (_start, _end) = (0, _decoder.Decode(_input, 0, count, _output));
            return count > 0;
        }

        int compact = RemoveLineEnds(_input.AsSpan(0, count), _compact);
        int whole = compact / 4 * 4;
        OperationStatus status = Base64.DecodeFromUtf8(_compact.AsSpan(0, whole), _output, out int consumed, out int written, isFinalBlock: false);
        _isClean = status == OperationStatus.Done && consumed == whole;
        (_start, _end) = (0, _isClean ? written : 0);
        _kept = _isClean ? compact - whole : count;
        if (_isClean)
        {
            _compact.AsSpan(whole, _kept).CopyTo(_input);
        }

        return true;
    }

    private static int RemoveLineEnds(ReadOnlySpan<byte> octets, Span<byte> target)
    {
        int total = 0;
        while (!octets.IsEmpty)
        {
            int length = octets.IndexOfAny((byte)'\r', (byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? octets : octets[..length];
            line.CopyTo(target[total..]);
            total += line.Length;
            octets = octets[line.Length..];
            octets = octets.StartsWith("\r\n"u8) ? octets[2..] : octets.IsEmpty ? octets : octets[1..];
        }

        return total;
    }

    private int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _output.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}
