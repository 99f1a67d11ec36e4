using System.Buffers;
using System.Buffers.Text;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>Decodes PEM (RFC 7468) or bare base64 on the way in. Text before a PEM block is skipped, text after it ignored.</summary>
internal sealed class ArmorDecodingStream(ByteSource source) : ForwardReadStream
{
    private const int MaxPreamble = 64 * 1024; // explanatory text before the block, RFC 7468 §5.2
    private const int MaxLine = 4 * 1024;      // of the line that begins the block
    private const int BlockSize = 8 * 1024;
    private const int StartSize = 60;          // of base64 without a blank
    private const int Quantum = 4;             // characters that stand for up to three bytes, RFC 4648 §4
    private const byte Sequence = 0x30;        // also '0', with which no base64 of a message begins: that begins with 'M'

    private static readonly byte[] _blankOctets = " \t\r\n"u8.ToArray();
    private static readonly SearchValues<byte> _blanks = SearchValues.Create(_blankOctets);
    private static readonly SearchValues<byte> _notBase64 = SearchValues.Create(" \t\r\n-"u8);
    private static readonly SearchValues<byte> _lines = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"u8);

    private readonly byte[] _text = new byte[BlockSize];
    private readonly byte[] _decoded = new byte[BlockSize];
    private int _textCount;
    private int _decodedStart;
    private int _decodedEnd;
    private bool _ended;
    private bool? _pem;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> End => "-----END "u8;

    // 0x30 0x8x, a SEQUENCE with a long or indefinite length, as base64.
    private static ReadOnlySpan<byte> MessageStart => "MI"u8;

    /// <summary>Tells from the first byte whether the input is text.</summary>
    internal static async ValueTask<bool> IsArmoredAsync(ByteSource source, CancellationToken cancellationToken) =>
        await FillToAsync(source, 1, cancellationToken).ConfigureAwait(false) && source.Available[0] != Sequence;

    /// <summary>Decodes the first octets of text that is bare base64 or begins with a PEM block; returns how many, 0 for other text.</summary>
    internal static int DecodeBeginning(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.StartsWith("-----BEGIN "u8))
        {
            text = text[(text.IndexOf((byte)'\n') + 1)..];
        }

        int end = text.IndexOfAny((byte)'-', (byte)'='); // the end line, or the end of short text
        text = end < 0 ? text : text[..end];
        text = text[..Math.Min(text.Length, destination.Length)]; // four characters make three octets
        return Base64.DecodeFromUtf8(text, destination, out _, out int written, isFinalBlock: false) == OperationStatus.InvalidData ? 0 : written;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_decodedStart == _decodedEnd && !_ended)
        {
            _pem ??= await SkipToBlockAsync(cancellationToken).ConfigureAwait(false);
            Decode(await CollectAsync(cancellationToken).ConfigureAwait(false));
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

    private static async ValueTask<bool> FillToAsync(ByteSource source, int count, CancellationToken cancellationToken)
    {
        while (source.Available.Length < count)
        {
            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    // Collects characters of base64 without the blanks between them, up to a full block. True when the text is at its end.
    private async ValueTask<bool> CollectAsync(CancellationToken cancellationToken)
    {
        while (_textCount < _text.Length)
        {
            if (source.Available.IsEmpty && !await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return _pem is not true ? true : throw Malformed("The PEM block has no end line");
            }

            int stop = source.Available.IndexOfAny(_notBase64);
            int count = Math.Min(stop < 0 ? source.Available.Length : stop, _text.Length - _textCount);
            source.Available[..count].CopyTo(_text.AsSpan(_textCount));
            source.Advance(count);
            _textCount += count;
            if (!source.Available.IsEmpty && _blanks.Contains(source.Available[0]))
            {
                source.Advance(1);
            }
            else if (!source.Available.IsEmpty && source.Available[0] == '-')
            {
                return await IsEndLineAsync(cancellationToken).ConfigureAwait(false) ? true : throw Malformed("The end line is damaged");
            }
        }

        return false;
    }

    private async ValueTask<bool> IsEndLineAsync(CancellationToken cancellationToken) =>
        _pem is true
        && await FillToAsync(source, End.Length, cancellationToken).ConfigureAwait(false)
        && source.Available.StartsWith(End);

    // The last quantum, the only one that may be padded, is held back until the end is known.
    private void Decode(bool final)
    {
        int ready = final ? _textCount : Math.Max(0, (_textCount - Quantum) / Quantum * Quantum);
        OperationStatus status = Base64.DecodeFromUtf8(_text.AsSpan(0, ready), _decoded, out _, out int written, isFinalBlock: final);
        if (status != OperationStatus.Done)
        {
            throw Malformed("The text is neither BER nor base64");
        }

        _text.AsSpan(ready, _textCount - ready).CopyTo(_text);
        _textCount -= ready;
        (_decodedStart, _decodedEnd) = (0, written);
        _ended = final;
    }

    // Skips text up to and with the line "-----BEGIN …-----": true. Bare base64 has none, and only blanks are skipped: false.
    private async ValueTask<bool> SkipToBlockAsync(CancellationToken cancellationToken)
    {
        bool atStart = true;
        bool more = true;
        for (int skipped = 0; more && skipped < MaxPreamble;)
        {
            more = await FillToAsync(source, StartSize, cancellationToken).ConfigureAwait(false);
            int drop = atStart ? source.Available.Length - source.Available.TrimStart(_blankOctets).Length : 0;
            if (drop == 0)
            {
                if (atStart && IsBase64Start(source.Available))
                {
                    return false;
                }

                atStart = false;
                int begin = source.Available.IndexOf(Begin);
                if (begin >= 0)
                {
                    source.Advance(begin);
                    await SkipLineAsync(cancellationToken).ConfigureAwait(false);
                    return true;
                }

                drop = Math.Max(0, source.Available.Length - (Begin.Length - 1)); // keeps a beginning that is split
            }

            source.Advance(drop);
            skipped += drop;
        }

        throw Malformed("The input is neither BER, PEM nor base64");
    }

    // No word of any language is that long, and no message that short.
    private static bool IsBase64Start(ReadOnlySpan<byte> text) =>
        text.StartsWith(MessageStart) && text[..Math.Min(text.Length, StartSize)].IndexOfAnyExcept(_lines) < 0;

    private async ValueTask SkipLineAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = source.Available.IndexOf((byte)'\n')) < 0)
        {
            if (source.Available.Length > MaxLine || !await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Malformed("The PEM block has no content");
            }
        }

        source.Advance(end + 1);
    }

    private MalformedDataException Malformed(string message) => new("not-cms", message, source.Position);
}
