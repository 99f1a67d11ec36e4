using System.Buffers;
using System.Buffers.Text;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>Decodes PEM (RFC 7468) or bare base64 on the way in. Text before a PEM block is skipped, text after it ignored.</summary>
internal sealed class ArmorDecodingStream(ByteSource source) : Stream
{
    private const int MaxPreamble = 64 * 1024; // explanatory text before the block, RFC 7468 §5.2
    private const int BlockSize = 8 * 1024;

    private readonly byte[] _text = new byte[BlockSize];
    private readonly byte[] _decoded = new byte[BlockSize];
    private int _textCount;
    private int _decodedStart;
    private int _decodedEnd;
    private bool _ended;
    private bool? _pem;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Tells from the first byte whether the input is text: a BER message begins with the octet of SEQUENCE, which is '0'.</summary>
    internal static async ValueTask<bool> IsArmoredAsync(ByteSource source, CancellationToken cancellationToken)
    {
        while (source.Available.Length < 2)
        {
            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        // '0' (0x30) also begins base64 text; as a SEQUENCE it would be 0x30 with a text character as its length octet, far too short
        // for a message, and base64 of DER begins with 'M'.
        return source.Available[0] != 0x30;
    }

    /// <summary>Decodes the first octets of text that is bare base64 or begins with a PEM block; returns how many, 0 for other text.</summary>
    internal static int DecodeBeginning(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.StartsWith("-----BEGIN "u8))
        {
            text = text[(text.IndexOf((byte)'\n') + 1)..];
        }

        int end = text.IndexOf((byte)'-');
        text = end < 0 ? text : text[..end];
        text = text[..Math.Min(text.Length, destination.Length)]; // four characters make three octets
        return Base64.DecodeFromUtf8(text, destination, out _, out int written, isFinalBlock: false) == OperationStatus.InvalidData ? 0 : written;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_decodedStart == _decodedEnd && !_ended)
        {
            await DecodeMoreAsync(cancellationToken).ConfigureAwait(false);
        }

        int count = Math.Min(buffer.Length, _decodedEnd - _decodedStart);
        _decoded.AsSpan(_decodedStart, count).CopyTo(buffer.Span);
        _decodedStart += count;
        return count;
    }

    // The source is in synchronous mode whenever this is called, so the operation has completed.
    public override int Read(Span<byte> buffer)
    {
        byte[] copy = new byte[Math.Min(buffer.Length, BlockSize)];
        int count = ReadAsync(copy).Finish();
        copy.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask DecodeMoreAsync(CancellationToken cancellationToken)
    {
        _pem ??= await SkipToBlockAsync(cancellationToken).ConfigureAwait(false);
        bool more = !source.Available.IsEmpty || await source.FillAsync(cancellationToken).ConfigureAwait(false);
        int room = _text.Length - _textCount;
        int count = Math.Min(room, source.Available.Length);
        int end = source.Available[..count].IndexOf((byte)'-'); // "-----END"; '-' is not in the alphabet
        int taken = end >= 0 ? end : count;
        source.Available[..taken].CopyTo(_text.AsSpan(_textCount));
        source.Advance(taken);
        _textCount += taken;
        bool final = !more || end >= 0;
        if (final && _pem == true && end < 0)
        {
            throw Malformed("The PEM block has no end line");
        }

        Decode(final);
    }

    private void Decode(bool final)
    {
        OperationStatus status = Base64.DecodeFromUtf8(
            _text.AsSpan(0, _textCount), _decoded, out int consumed, out int written, isFinalBlock: final);
        if (status == OperationStatus.InvalidData)
        {
            throw Malformed("The text is neither BER nor base64");
        }

        _text.AsSpan(consumed, _textCount - consumed).CopyTo(_text);
        _textCount -= consumed;
        (_decodedStart, _decodedEnd) = (0, written);
        _ended = final;
    }

    // Finds "-----BEGIN …-----"; bare base64 has none, and then nothing is skipped.
    private async ValueTask<bool> SkipToBlockAsync(CancellationToken cancellationToken)
    {
        int scanned = 0;
        while (true)
        {
            int begin = source.Available.IndexOf("-----BEGIN "u8);
            int lineEnd = begin < 0 ? -1 : source.Available[begin..].IndexOf((byte)'\n');
            if (lineEnd >= 0)
            {
                source.Advance(begin + lineEnd + 1);
                return true;
            }

            if (LooksLikeBase64())
            {
                return false;
            }

            if (begin < 0 && source.Available.Length > 16)
            {
                int drop = source.Available.Length - 16; // keeps a begin line that is split
                scanned += drop;
                source.Advance(drop);
            }

            if (scanned > MaxPreamble || source.Available.Length > MaxPreamble / 8
                || !await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Malformed("The input is neither BER, PEM nor base64");
            }
        }
    }

    private bool LooksLikeBase64()
    {
        ReadOnlySpan<byte> start = source.Available.TrimStart(" \t\r\n"u8);
        return start.StartsWith("MI"u8) // 0x30 0x8x: SEQUENCE with a long or indefinite length
            && start[..Math.Min(start.Length, 60)].IndexOfAnyExcept(_alphabet) < 0;
    }

    private static readonly SearchValues<byte> _alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"u8);

    private MalformedDataException Malformed(string message) => new("not-cms", message, source.Position);
}
