using System.Buffers;

namespace SmimeKit.Cms.Asn1;

/// <summary>
/// The spine of a message, read incrementally: enters and leaves constructed values of definite or indefinite length, reads bounded
/// leaves whole, and streams octet strings in one piece or in (nested) segments, X.690 §8.1 and §8.7.
/// </summary>
/// <remarks>Offsets in errors count from the first byte of the input of this layer.</remarks>
internal sealed partial class BerTokenizer(ByteSource source, int maxDepth) : IDisposable
{
    /// <summary>The name of the limit on nesting.</summary>
    internal const string DepthLimit = "MaxAsn1Depth";

    private const int EndOfContentsSize = 2;
    private const byte OctetString = 0x04;
    private const byte OctetStringConstructed = 0x24;

    private readonly Stack<Extent> _entered = new();
    private int _stringDepth;
    private long _octetsLeft;

    /// <summary>Gets the offset of the next byte.</summary>
    internal long Position => source.Position;

    /// <summary>Gets whether an octet string is being streamed and not yet at its end.</summary>
    internal bool InOctetString { get; private set; }

    // No value inside the one entered last reaches past this offset.
    private long Bound => _entered.TryPeek(out Extent extent) ? extent.Bound : long.MaxValue;

    /// <summary>Reads the next header without consuming it; null at the end of the value that was entered last, or of the input.</summary>
    internal async ValueTask<BerHeader?> PeekAsync(string field, CancellationToken cancellationToken)
    {
        bool inside = _entered.TryPeek(out Extent extent);
        if (inside && !extent.IsIndefinite && source.Position >= extent.Bound)
        {
            return null;
        }

        while (true)
        {
            OperationStatus status = BerHeader.TryRead(source.Available, out BerHeader header, out int size);
            switch (status)
            {
                case OperationStatus.Done when header.IsEndOfContents && extent.IsIndefinite:
                    return null;
                case OperationStatus.Done:
                    CheckFits(header, size, Bound, field);
                    return header;
                case OperationStatus.InvalidData:
                    throw Unreadable(field);
            }

            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return source.Available.IsEmpty && !inside ? null : throw Truncated(field);
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

        if (_entered.Pop().IsIndefinite)
        {
            source.Advance(EndOfContentsSize);
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
        await ExpectLeafAsync(field, limit, limitName, cancellationToken).ConfigureAwait(false);
        if (TryTakeWhole(limit) is { } whole)
        {
            return whole;
        }

        using LeafBuffer leaf = await CollectAsync(field, limit, limitName, cancellationToken).ConfigureAwait(false);
        return leaf.ToArray();
    }

    /// <summary>Reads one whole value as <see cref="ReadLeafAsync"/> does, into a buffer that the caller disposes.</summary>
    internal async ValueTask<LeafBuffer> ReadPooledLeafAsync(string field, int limit, string limitName, CancellationToken cancellationToken)
    {
        await ExpectLeafAsync(field, limit, limitName, cancellationToken).ConfigureAwait(false);
        return await CollectAsync(field, limit, limitName, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Begins to stream the contents octets of the next value, whatever its type: tag and length are skipped.</summary>
    internal async ValueTask BeginContentsAsync(string field, CancellationToken cancellationToken)
    {
        BerHeader? header = await PeekAsync(field, cancellationToken).ConfigureAwait(false);
        if (header is not { Length: { } length })
        {
            throw Malformed("unexpected-tag", "A value of definite length is expected", field);
        }

        ConsumeHeader();
        _octetsLeft = length;
        InOctetString = true;
    }

    /// <summary>Reads octets of the string that was begun; 0 at its end.</summary>
    internal async ValueTask<int> ReadOctetsAsync(Memory<byte> destination, string field, CancellationToken cancellationToken)
    {
        int total = 0;
        while (InOctetString && total < destination.Length)
        {
            if (total > 0 && source.Available.IsEmpty)
            {
                break; // what has arrived is handed out before more is waited for
            }

            if (_octetsLeft == 0)
            {
                await NextSegmentAsync(field, cancellationToken).ConfigureAwait(false);
                continue;
            }

            Memory<byte> wanted = destination[total..];
            int count = await source.ReadAsync(
                wanted.Length > _octetsLeft ? wanted[..(int)_octetsLeft] : wanted, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw Truncated(field);
            }

            _octetsLeft -= count;
            total += count;
        }

        return total;
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

        if (_entered.Count >= maxDepth)
        {
            throw new LimitExceededException(DepthLimit, maxDepth);
        }

        // What is inside an indefinite value leaves room for its end-of-contents octets.
        long bound = Bound - EndOfContentsSize;
        ConsumeHeader();
        _entered.Push(header.Length is { } length ? new Extent(source.Position + length, false) : new Extent(bound, true));
    }

    private void ConsumeHeader()
    {
        _ = BerHeader.TryRead(source.Available, out _, out int size);
        source.Advance(size);
    }

    // A value may not reach past the end of the value around it.
    private void CheckFits(BerHeader header, int size, long bound, string field)
    {
        long needed = size + (header.Length ?? EndOfContentsSize);
        if (needed > bound - source.Position)
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

    // The usual leaf is small, of definite length, and in the window already.
    private byte[]? TryTakeWhole(int limit)
    {
        _ = BerHeader.TryRead(source.Available, out BerHeader header, out int size);
        if (header.Length is not { } length || size + length > Math.Min(limit, source.Available.Length))
        {
            return null;
        }

        byte[] whole = source.Available[..(size + (int)length)].ToArray();
        source.Advance(whole.Length);
        return whole;
    }

    private async ValueTask ExpectLeafAsync(string field, int limit, string limitName, CancellationToken cancellationToken)
    {
        BerHeader header = await PeekAsync(field, cancellationToken).ConfigureAwait(false)
            ?? throw Malformed("missing-value", "A value is missing", field);
        if (header.Length > limit)
        {
            throw new LimitExceededException(limitName, limit);
        }
    }

    private async ValueTask<LeafBuffer> CollectAsync(string field, int limit, string limitName, CancellationToken cancellationToken)
    {
        var leaf = new LeafBuffer(limit, limitName);
        try
        {
            int depth = 0;
            do
            {
                // A definite value is taken with everything inside; an indefinite one is walked to its end-of-contents octets.
                depth += await AppendValueAsync(leaf, depth, field, cancellationToken).ConfigureAwait(false);
                if (depth + _entered.Count > maxDepth)
                {
                    throw new LimitExceededException(DepthLimit, maxDepth);
                }
            }
            while (depth > 0);

            return leaf;
        }
        catch
        {
            leaf.Dispose();
            throw;
        }
    }

    // Reads the next header, whatever it is, and leaves it in the window.
    private async ValueTask<(BerHeader Header, int Size)> FillHeaderAsync(string field, CancellationToken cancellationToken)
    {
        BerHeader header;
        int size;
        OperationStatus status;
        while ((status = BerHeader.TryRead(source.Available, out header, out size)) == OperationStatus.NeedMoreData)
        {
            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Truncated(field);
            }
        }

        return status == OperationStatus.InvalidData ? throw Unreadable(field) : (header, size);
    }

    // Appends one header, and the contents when its length is definite. Returns the change of depth.
    private async ValueTask<int> AppendValueAsync(LeafBuffer leaf, int depth, string field, CancellationToken cancellationToken)
    {
        (BerHeader header, int size) = await FillHeaderAsync(field, cancellationToken).ConfigureAwait(false);
        bool ends = header.IsEndOfContents && depth > 0;
        if (!ends)
        {
            CheckFits(header, size, Bound - (depth * EndOfContentsSize), field);
        }

        leaf.Append(source.Available[..size]);
        source.Advance(size);
        await AppendContentsAsync(leaf, header.Length ?? 0, field, cancellationToken).ConfigureAwait(false);
        return ends ? -1 : header.Length is null ? 1 : 0;
    }

    private async ValueTask AppendContentsAsync(LeafBuffer leaf, long length, string field, CancellationToken cancellationToken)
    {
        leaf.CheckRoom(length);
        while (length > 0)
        {
            int count = await source.ReadAsync(leaf.GetRoom(length), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw Truncated(field);
            }

            leaf.Advance(count);
            length -= count;
        }
    }

    private MalformedDataException Unreadable(string field) =>
        Malformed("ber-header", "The identifier or length octets are not supported BER", field);

    private MalformedDataException Truncated(string field) =>
        new("truncated", "The input ends too early", source.Position + source.Available.Length, field);

    /// <summary>How far a value that was entered reaches: to its end, or, when that is unknown, as far as those around it.</summary>
    private readonly record struct Extent(long Bound, bool IsIndefinite);
}
