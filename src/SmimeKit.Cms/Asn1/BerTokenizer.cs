using System.Buffers;

namespace SmimeKit.Cms.Asn1;

/// <summary>
/// The spine of a message, read incrementally: enters and leaves constructed values of definite or indefinite length, reads bounded
/// leaves whole, and streams octet strings in one piece or in (nested) segments, X.690 §8.1 and §8.7.
/// </summary>
/// <remarks>Offsets in errors count from the first byte of the input of this layer.</remarks>
internal sealed class BerTokenizer(ByteSource source, int maxDepth) : IDisposable
{
    /// <summary>The name of the limit on nesting.</summary>
    internal const string DepthLimit = "MaxAsn1Depth";

    private const long Indefinite = -1;
    private const byte OctetString = 0x04;
    private const byte OctetStringConstructed = 0x24;

    // The offset at which each value that was entered ends, or Indefinite.
    private readonly Stack<long> _ends = new();
    private int _stringDepth;
    private long _octetsLeft;

    /// <summary>Gets the offset of the next byte.</summary>
    internal long Position => source.Position;

    /// <summary>Gets whether an octet string is being streamed and not yet at its end.</summary>
    internal bool InOctetString { get; private set; }

    /// <summary>Reads the next header without consuming it; null at the end of the value that was entered last, or of the input.</summary>
    internal async ValueTask<BerHeader?> PeekAsync(string field, CancellationToken cancellationToken)
    {
        if (_ends.TryPeek(out long end) && end != Indefinite && source.Position >= end)
        {
            return null;
        }

        while (true)
        {
            OperationStatus status = BerHeader.TryRead(source.Available, out BerHeader header, out int size);
            switch (status)
            {
                case OperationStatus.Done when header.IsEndOfContents && end == Indefinite && _ends.Count > 0:
                    return null;
                case OperationStatus.Done:
                    CheckFits(header, size, field);
                    return header;
                case OperationStatus.InvalidData:
                    throw Malformed("ber-header", "The identifier or length octets are not supported BER", field);
            }

            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return source.Available.IsEmpty && _ends.Count == 0 ? null : throw Truncated(field);
            }
        }
    }

    /// <summary>Enters the next value, which must have the given identifier and be constructed.</summary>
    internal async ValueTask EnterAsync(byte identifier, string field, CancellationToken cancellationToken)
    {
        if (!await TryEnterAsync(identifier, field, cancellationToken).ConfigureAwait(false))
        {
            throw Malformed("unexpected-tag", $"A value with identifier 0x{identifier:X2} is expected", field);
        }
    }

    /// <summary>Enters the next value if it has the given identifier.</summary>
    internal async ValueTask<bool> TryEnterAsync(byte identifier, string field, CancellationToken cancellationToken)
    {
        if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is not { } header || header.Identifier != identifier)
        {
            return false;
        }

        Enter(header, field);
        return true;
    }

    /// <summary>Leaves the value that was entered last, which must be at its end.</summary>
    internal async ValueTask LeaveAsync(string field, CancellationToken cancellationToken)
    {
        if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is not null)
        {
            throw Malformed("unexpected-value", "There is more than the format defines", field);
        }

        if (_ends.Pop() == Indefinite)
        {
            source.Advance(2); // end-of-contents octets, X.690 §8.1.5
        }
    }

    /// <summary>Refuses anything after the outermost value.</summary>
    internal async ValueTask EnsureEndOfInputAsync(CancellationToken cancellationToken)
    {
        if (!source.Available.IsEmpty || await source.FillAsync(cancellationToken).ConfigureAwait(false))
        {
            throw Malformed("trailing-data", "Bytes follow the message", "contentInfo");
        }
    }

    /// <summary>Reads one whole value, tag and length included, of at most <paramref name="limit"/> bytes.</summary>
    internal async ValueTask<byte[]> ReadLeafAsync(string field, int limit, string limitName, CancellationToken cancellationToken)
    {
        BerHeader header = await PeekAsync(field, cancellationToken).ConfigureAwait(false)
            ?? throw Malformed("missing-value", "A value is missing", field);
        if (header.Length > limit)
        {
            throw new LimitExceededException(limitName, limit);
        }

        using var leaf = new LeafBuffer(limit, limitName);
        int depth = 0;
        do
        {
            // A definite value is taken with everything inside; an indefinite one is walked to its end-of-contents octets.
            depth += await AppendValueAsync(leaf, field, cancellationToken).ConfigureAwait(false);
            if (depth + _ends.Count > maxDepth)
            {
                throw new LimitExceededException(DepthLimit, maxDepth);
            }
        }
        while (depth > 0);

        return leaf.ToArray();
    }

    /// <summary>Begins to stream the next value, an OCTET STRING or a replacement for one with an implicit tag.</summary>
    /// <remarks>The identifier is that of the primitive form: 0x04, or 0x80 for [0] IMPLICIT.</remarks>
    internal async ValueTask BeginOctetStringAsync(byte identifier, string field, CancellationToken cancellationToken)
    {
        BerHeader? header = await PeekAsync(field, cancellationToken).ConfigureAwait(false);
        if (header is not { } found || (found.Identifier & ~0x20) != identifier)
        {
            throw Malformed("unexpected-tag", "An octet string is expected", field);
        }

        BeginSegment(found, field);
        InOctetString = true;
    }

    /// <summary>Reads octets of the string that was begun; 0 at its end.</summary>
    internal async ValueTask<int> ReadOctetsAsync(Memory<byte> destination, string field, CancellationToken cancellationToken)
    {
        while (InOctetString && !destination.IsEmpty)
        {
            if (_octetsLeft > 0)
            {
                Memory<byte> wanted = destination.Length > _octetsLeft ? destination[..(int)_octetsLeft] : destination;
                int count = await source.ReadAsync(wanted, cancellationToken).ConfigureAwait(false);
                _octetsLeft -= count;
                return count > 0 ? count : throw Truncated(field);
            }

            await NextSegmentAsync(field, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    public void Dispose() => source.Dispose();

    internal MalformedDataException Malformed(string code, string message, string field) =>
        new(code, message, source.Position, field);

    private void Enter(BerHeader header, string field)
    {
        if (!header.IsConstructed)
        {
            throw Malformed("not-constructed", "A constructed value is expected", field);
        }

        if (_ends.Count >= maxDepth)
        {
            throw new LimitExceededException(DepthLimit, maxDepth);
        }

        ConsumeHeader();
        _ends.Push(header.Length is { } length ? source.Position + length : Indefinite);
    }

    private void ConsumeHeader()
    {
        _ = BerHeader.TryRead(source.Available, out _, out int size);
        source.Advance(size);
    }

    // A value may not reach past the end of the value around it; the nearest definite end is the one that matters.
    private void CheckFits(BerHeader header, int size, string field)
    {
        long end = Indefinite;
        foreach (long outer in _ends)
        {
            if (outer != Indefinite)
            {
                end = outer;
                break;
            }
        }

        long needed = size + (header.Length ?? 2); // an indefinite value needs its end-of-contents octets
        if (end != Indefinite && needed > end - source.Position)
        {
            throw Malformed("length-overrun", "A value is longer than the value around it", field);
        }

        if (header.IsEndOfContents)
        {
            throw Malformed("unexpected-end-of-contents", "End-of-contents octets stand where a value is expected", field);
        }
    }

    private void BeginSegment(BerHeader header, string field)
    {
        if (header.IsConstructed)
        {
            Enter(header, field);
            _stringDepth++;
            return;
        }

        ConsumeHeader();
        _octetsLeft = header.Length!.Value;
    }

    private async ValueTask NextSegmentAsync(string field, CancellationToken cancellationToken)
    {
        if (_stringDepth == 0)
        {
            InOctetString = false; // the primitive form has been read to its end
            return;
        }

        BerHeader? header = await PeekAsync(field, cancellationToken).ConfigureAwait(false);
        if (header is null)
        {
            await LeaveAsync(field, cancellationToken).ConfigureAwait(false);
            _stringDepth--;
            InOctetString = _stringDepth > 0;
            return;
        }

        if (header.Value.Identifier is not (OctetString or OctetStringConstructed)) // X.690 §8.7.3.2
        {
            throw Malformed("octet-string-segment", "A segment of an octet string is not an octet string", field);
        }

        BeginSegment(header.Value, field);
    }

    // Appends one header, and the contents when its length is definite. Returns the change of depth.
    private async ValueTask<int> AppendValueAsync(LeafBuffer leaf, string field, CancellationToken cancellationToken)
    {
        while (true)
        {
            OperationStatus status = BerHeader.TryRead(source.Available, out BerHeader header, out int size);
            if (status == OperationStatus.InvalidData)
            {
                throw Malformed("ber-header", "The identifier or length octets are not supported BER", field);
            }

            if (status == OperationStatus.Done)
            {
                leaf.Append(source.Available[..size]);
                source.Advance(size);
                if (header.Length is { } length)
                {
                    await AppendContentsAsync(leaf, length, field, cancellationToken).ConfigureAwait(false);
                    return header.IsEndOfContents ? -1 : 0;
                }

                return 1;
            }

            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Truncated(field);
            }
        }
    }

    private async ValueTask AppendContentsAsync(LeafBuffer leaf, long length, string field, CancellationToken cancellationToken)
    {
        leaf.CheckRoom(length);
        while (length > 0)
        {
            if (source.Available.IsEmpty && !await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Truncated(field);
            }

            int count = (int)Math.Min(length, source.Available.Length);
            leaf.Append(source.Available[..count]);
            source.Advance(count);
            length -= count;
        }
    }

    private MalformedDataException Truncated(string field) =>
        new("truncated", "The input ends too early", source.Position + source.Available.Length, field);
}
