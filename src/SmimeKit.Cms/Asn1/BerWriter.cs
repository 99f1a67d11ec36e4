using System.Numerics;

namespace SmimeKit.Cms.Asn1;

/// <summary>Writes the spine of a message: headers, bounded leaves, and octet strings in one piece or in segments.</summary>
internal sealed class BerWriter(ByteSink sink) : IDisposable
{
    /// <summary>The most octets in one segment of an octet string of unknown length.</summary>
    internal const int SegmentSize = 64 * 1024;

    private const byte OctetString = 0x04;
    private const byte IndefiniteLength = 0x80;

    private static readonly byte[] _endOfContents = [0, 0];

    private readonly Stack<bool> _indefinite = new();
    private readonly byte[] _header = new byte[2 + sizeof(long)];
    private byte[] _segment = [];
    private int _segmentCount;
    private int _segmentUsed;

    /// <summary>The size in bytes of a definite header for contents of a length.</summary>
    internal static int HeaderSize(long length) => length < 0x80 ? 2 : 2 + LengthOctets(length);

    /// <summary>The size in bytes of a whole definite value with contents of a length.</summary>
    internal static long ValueSize(long length) => HeaderSize(length) + length;

    /// <summary>Writes minimal length octets into a space of exactly their size.</summary>
    internal static void WriteLength(Span<byte> destination, long length)
    {
        if (length < 0x80)
        {
            destination[0] = (byte)length;
            return;
        }

        destination[0] = (byte)(0x80 | (destination.Length - 1));
        for (int i = destination.Length - 1; i > 0; i--, length >>= 8)
        {
            destination[i] = (byte)length;
        }
    }

    /// <summary>Begins a constructed value; <paramref name="length"/> null writes the indefinite form.</summary>
    internal async ValueTask BeginAsync(byte identifier, long? length, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(identifier, length, cancellationToken).ConfigureAwait(false);
        _indefinite.Push(length is null);
    }

    /// <summary>Ends the value that was begun last.</summary>
    internal ValueTask EndAsync(CancellationToken cancellationToken) =>
        _indefinite.Pop() ? sink.WriteAsync(_endOfContents, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Writes a whole encoded value.</summary>
    internal ValueTask WriteLeafAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken) =>
        sink.WriteAsync(encoded, cancellationToken);

    /// <summary>Writes the header of a primitive value whose contents follow in pieces.</summary>
    internal ValueTask WritePrimitiveHeaderAsync(byte identifier, long length, CancellationToken cancellationToken) =>
        WriteHeaderAsync(identifier, length, cancellationToken);

    /// <summary>Writes contents of a primitive value.</summary>
    internal ValueTask WriteContentsAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) =>
        sink.WriteAsync(octets, cancellationToken);

    /// <summary>Writes octets of a segmented string: full segments at once, the rest kept until more comes or it ends.</summary>
    internal async ValueTask WriteSegmentedAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        while (!octets.IsEmpty)
        {
            if (_segmentCount == 0 && octets.Length >= SegmentSize)
            {
                await WriteSegmentAsync(octets[..SegmentSize], cancellationToken).ConfigureAwait(false);
                octets = octets[SegmentSize..];
                continue;
            }

            if (_segment.Length == 0)
            {
                _segment = PooledBytes.Rent(SegmentSize);
            }

            int count = Math.Min(SegmentSize - _segmentCount, octets.Length);
            octets.Span[..count].CopyTo(_segment.AsSpan(_segmentCount));
            _segmentCount += count;
            _segmentUsed = Math.Max(_segmentUsed, _segmentCount);
            octets = octets[count..];
            if (_segmentCount == SegmentSize)
            {
                await FlushSegmentAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes the segment kept, if any.</summary>
    internal async ValueTask FlushSegmentAsync(CancellationToken cancellationToken)
    {
        if (_segmentCount > 0)
        {
            await WriteSegmentAsync(_segment.AsMemory(0, _segmentCount), cancellationToken).ConfigureAwait(false);
            _segmentCount = 0;
        }
    }

    internal ValueTask FlushAsync(CancellationToken cancellationToken) => sink.FlushAsync(cancellationToken);

    public void Dispose()
    {
        PooledBytes.Return(ref _segment, _segmentUsed);
        sink.Dispose();
    }

    private static int LengthOctets(long length) => sizeof(long) - (BitOperations.LeadingZeroCount((ulong)length) / 8);

    private async ValueTask WriteSegmentAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(OctetString, octets.Length, cancellationToken).ConfigureAwait(false);
        await sink.WriteAsync(octets, cancellationToken).ConfigureAwait(false);
    }

    // The sink copies or writes before it returns a completed task; the caller awaits it before the header is used again.
    private ValueTask WriteHeaderAsync(byte identifier, long? length, CancellationToken cancellationToken)
    {
        int size = length is { } known ? HeaderSize(known) : 2;
        _header[0] = identifier;
        if (length is { } definite)
        {
            WriteLength(_header.AsSpan(1, size - 1), definite);
        }
        else
        {
            _header[1] = IndefiniteLength;
        }

        return sink.WriteAsync(_header.AsMemory(0, size), cancellationToken);
    }
}
