using SmimeKit.Cms.Streaming;

namespace SmimeKit.Protecting;

/// <summary>Looks for lines that relays change under way: trailing blanks are stripped, <c>From </c> gets a prefix, bare CR becomes CRLF.</summary>
internal sealed class FragileLineScanner : ForwardWriteStream
{
    private static ReadOnlySpan<byte> From => "From "u8;

    private int _matched;
    private bool _lastBlank;
    private bool _lastCarriageReturn;
    private bool _hasTrailingBlanks;

    internal bool HasFromLine { get; private set; }

    internal bool HasBareCarriageReturn { get; private set; }

    internal bool HasBareLineFeed { get; private set; }

    internal bool HasNul { get; private set; }

    internal bool HasTrailingBlanks => _lastBlank || _hasTrailingBlanks;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (byte octet in buffer)
        {
            Scan(octet);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    private void Scan(byte octet)
    {
        HasBareCarriageReturn |= _lastCarriageReturn && octet != '\n';
        HasBareLineFeed |= !_lastCarriageReturn && octet == '\n';
        HasNul |= octet == 0;
        _lastCarriageReturn = octet == '\r';
        if (octet is (byte)'\r' or (byte)'\n')
        {
            _hasTrailingBlanks |= _lastBlank;
            _lastBlank = false;
            _matched = 0;
            return;
        }

        _lastBlank = octet is (byte)' ' or (byte)'\t';
        _matched = _matched >= 0 && _matched < From.Length && octet == From[_matched] ? _matched + 1 : -1;
        HasFromLine |= _matched == From.Length;
    }
}
