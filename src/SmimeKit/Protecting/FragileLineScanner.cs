namespace SmimeKit.Protecting;

/// <summary>Looks for lines that relays change under way: trailing blanks are stripped, <c>From </c> gets a prefix, bare CR becomes CRLF.</summary>
internal sealed class FragileLineScanner : Stream
{
    private static ReadOnlySpan<byte> From => "From "u8;

    private int _matched;
    private bool _lastBlank;
    private bool _lastCarriageReturn;
    private bool _hasTrailingBlanks;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal bool HasFromLine { get; private set; }

    internal bool HasBareCarriageReturn { get; private set; }

    internal bool HasTrailingBlanks => _lastBlank || _hasTrailingBlanks;

    public override void Write(byte[] buffer, int offset, int count)
    {
        foreach (byte octet in buffer.AsSpan(offset, count))
        {
            Scan(octet);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Scan(byte octet)
    {
        HasBareCarriageReturn |= _lastCarriageReturn && octet != '\n';
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
