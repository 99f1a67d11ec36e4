namespace SmimeKit.Cms.Asn1;

/// <summary>
/// Watches one DER value go by in pieces, X.690 §8.1 and §10.1: every length is definite, minimal and fits, and nothing follows the value.
/// </summary>
/// <remarks>It checks tags and lengths, not what primitive values hold. Offsets in errors count from the first octet of the value.</remarks>
internal sealed class DerValueScanner(int maxDepth, string field)
{
    private const int HighTag = 0x1F;
    private const int MaxTagSize = 6;
    private const int MaxLengthSize = sizeof(long); // Deviation: 56 bits of length are enough.

    private readonly Stack<long> _ends = new();
    private readonly byte[] _header = new byte[MaxTagSize + MaxLengthSize];
    private int _headerCount;
    private long _contentsStart = -1;
    private long _primitiveLeft;
    private long _position;

    /// <summary>Gets the identifier octet of the value; 0 before it has come.</summary>
    internal byte Identifier { get; private set; }

    /// <summary>Gets whether the whole value has gone by.</summary>
    internal bool IsComplete => _contentsStart >= 0 && _headerCount == 0 && _primitiveLeft == 0 && _ends.Count == 0;

    /// <summary>Takes the next octets, and returns those of them that are contents octets of the value: all but its tag and length.</summary>
    internal ReadOnlySpan<byte> Scan(ReadOnlySpan<byte> piece)
    {
        long start = _position;
        ReadOnlySpan<byte> left = piece;
        while (!left.IsEmpty)
        {
            left = left[TakeSome(left)..];
            LeaveEnded();
        }

        return _contentsStart < 0 ? [] : piece[(int)Math.Clamp(_contentsStart - start, 0, piece.Length)..];
    }

    /// <summary>Refuses a value that has not come to its end.</summary>
    internal void EnsureComplete()
    {
        if (!IsComplete)
        {
            throw Malformed("truncated", "The value ends too early");
        }
    }

    internal MalformedDataException Malformed(string code, string message) => new(code, message, _position, field);

    private int TakeSome(ReadOnlySpan<byte> octets)
    {
        if (IsComplete)
        {
            throw Malformed("trailing-data", "Octets follow the value");
        }

        int count = _primitiveLeft > 0 ? (int)Math.Min(_primitiveLeft, octets.Length) : 1;
        if (_primitiveLeft > 0)
        {
            _primitiveLeft -= count;
        }
        else
        {
            _header[_headerCount++] = octets[0];
        }

        _position += count;
        if (_headerCount > 0)
        {
            TryBegin();
        }

        return count;
    }

    private void TryBegin()
    {
        if (FindLength(_header.AsSpan(0, _headerCount)) is not { } length)
        {
            return;
        }

        if (length > (_ends.TryPeek(out long bound) ? bound - _position : long.MaxValue))
        {
            throw Malformed("length-overrun", "A value is longer than the value around it");
        }

        if (_contentsStart < 0)
        {
            (Identifier, _contentsStart) = (_header[0], _position);
        }

        bool isConstructed = (_header[0] & 0x20) != 0;
        _headerCount = 0;
        if (isConstructed)
        {
            Enter(_position + length);
        }
        else
        {
            _primitiveLeft = length;
        }
    }

    private void Enter(long end)
    {
        if (_ends.Count >= maxDepth)
        {
            throw new LimitExceededException(BerTokenizer.DepthLimit, maxDepth);
        }

        _ends.Push(end);
    }

    private void LeaveEnded()
    {
        while (_headerCount == 0 && _primitiveLeft == 0 && _ends.TryPeek(out long end) && end == _position)
        {
            _ends.Pop();
        }
    }

    // Null while octets of the header are still to come.
    private long? FindLength(ReadOnlySpan<byte> header)
    {
        int tag = TagSize(header);
        if (header.Length <= tag)
        {
            return null;
        }

        byte first = header[tag];
        int count = first < 0x80 ? 0 : first & 0x7F;
        if (header[0] == 0 || first == 0x80 || count >= MaxLengthSize)
        {
            throw Malformed("ber-header", "A tag or a length is none of DER"); // X.690 §10.1: definite; tag 0 is end-of-contents
        }

        return header.Length < tag + 1 + count ? null : count == 0 ? first : ReadLength(header.Slice(tag + 1, count));
    }

    private int TagSize(ReadOnlySpan<byte> header)
    {
        if ((header[0] & HighTag) != HighTag)
        {
            return 1;
        }

        int more = header[1..].IndexOfAnyInRange<byte>(0, 0x7F);
        return more < 0 && header.Length >= MaxTagSize ? throw Malformed("ber-header", "A tag is too large")
            : more < 0 ? header.Length : more + 2;
    }

    private long ReadLength(ReadOnlySpan<byte> octets)
    {
        long length = 0;
        foreach (byte octet in octets)
        {
            length = (length << 8) | octet;
        }

        return octets[0] != 0 && length >= 0x80 ? length : throw Malformed("ber-header", "A length is not minimal"); // X.690 §10.1
    }
}
