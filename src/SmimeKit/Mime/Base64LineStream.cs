using System.Buffers.Text;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>Encodes as base64 in lines of 76 columns with CRLF (RFC 2045 §6.8). The output is not closed.</summary>
internal sealed class Base64LineStream(Stream output) : ForwardWriteStream
{
    private const int LineBytes = 57;
    private const int LineChars = 78; // 76 columns and CRLF
    private const int Lines = 512;

    private byte[] _plain = PooledBytes.Rent(LineBytes * Lines);
    private byte[] _encoded = PooledBytes.Rent(LineChars * Lines);
    private int _count;
    private int _used;

    /// <summary>Writes what is left, the last line included.</summary>
    internal async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        int encoded = EncodeLines(_plain.AsSpan(0, _count), isLast: true);
        _count = 0;
        await output.WriteAsync(_encoded.AsMemory(0, encoded), cancellationToken).ConfigureAwait(false);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Take(buffer)..];
            if (_count == LineBytes * Lines)
            {
                output.Write(_encoded, 0, EncodeFull());
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Take(buffer.Span)..];
            if (_count == LineBytes * Lines)
            {
                await output.WriteAsync(_encoded.AsMemory(0, EncodeFull()), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        PooledBytes.Return(ref _plain, _used);
        PooledBytes.Return(ref _encoded, Math.Min(_encoded.Length, ((_used / LineBytes) + 1) * LineChars));
        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min((LineBytes * Lines) - _count, bytes.Length);
        bytes[..count].CopyTo(_plain.AsSpan(_count));
        _count += count;
        _used = Math.Max(_used, _count);
        return count;
    }

    private int EncodeFull()
    {
        _count = 0;
        return EncodeLines(_plain.AsSpan(0, LineBytes * Lines), isLast: false);
    }

    private int EncodeLines(ReadOnlySpan<byte> plain, bool isLast)
    {
        Span<byte> target = _encoded;
        int total = 0;
        while (plain.Length >= LineBytes || (isLast && !plain.IsEmpty))
        {
            int count = Math.Min(LineBytes, plain.Length);
            Base64.EncodeToUtf8(plain[..count], target[total..], out _, out int written);
            total += written;
            target[total++] = (byte)'\r';
            target[total++] = (byte)'\n';
            plain = plain[count..];
        }

        return total;
    }
}
