using System.Buffers.Binary;

namespace SmimeKit.Cms.Asn1;

/// <summary>Writes the spine of a message: headers, bounded leaves, and octet strings in one piece or in segments.</summary>
internal sealed class BerWriter(ByteSink sink) : IDisposable
{
    /// <summary>The most octets in one segment of an octet string of unknown length.</summary>
    internal const int SegmentSize = 64 * 1024;

    private readonly Stack<bool> _indefinite = new();
    private byte[]? _segment;
    private int _segmentCount;

    /// <summary>The size in bytes of a definite header for contents of a length.</summary>
    internal static int HeaderSize(long length) => length < 0x80 ? 2 : 2 + LengthOctets(length);

    /// <summary>The size in bytes of a whole definite value with contents of a length.</summary>
    internal static long ValueSize(long length) => HeaderSize(length) + length;

    /// <summary>Begins a constructed value; <paramref name="length"/> null writes the indefinite form.</summary>
    internal async ValueTask BeginAsync(byte identifier, long? length, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(identifier, length, cancellationToken).ConfigureAwait(false);
        _indefinite.Push(length is null);
    }

    /// <summary>Ends the value that was begun last.</summary>
    internal async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_indefinite.Pop())
        {
            await sink.WriteAsync(EndOfContents, cancellationToken).ConfigureAwait(false);
        }
    }

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

            _segment ??= System.Buffers.ArrayPool<byte>.Shared.Rent(SegmentSize);
            int count = Math.Min(SegmentSize - _segmentCount, octets.Length);
            octets.Span[..count].CopyTo(_segment.AsSpan(_segmentCount));
            _segmentCount += count;
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
        if (_segment is { } segment)
        {
            _segment = null;
            System.Buffers.ArrayPool<byte>.Shared.Return(segment, clearArray: true);
        }

        sink.Dispose();
    }

    private static readonly byte[] EndOfContents = [0, 0];

    private static int LengthOctets(long length) => 8 - (System.Numerics.BitOperations.LeadingZeroCount((ulong)length) / 8);

    private async ValueTask WriteSegmentAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(0x04, octets.Length, cancellationToken).ConfigureAwait(false);
        await sink.WriteAsync(octets, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask WriteHeaderAsync(byte identifier, long? length, CancellationToken cancellationToken)
    {
        byte[] header = length switch
        {
            null => [identifier, 0x80],
            < 0x80 => [identifier, (byte)length.Value],
            _ => LongHeader(identifier, length.Value),
        };
        return sink.WriteAsync(header, cancellationToken);
    }

    private static byte[] LongHeader(byte identifier, long length)
    {
        int count = LengthOctets(length);
        Span<byte> octets = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(octets, length);
        return [identifier, (byte)(0x80 | count), .. octets[^count..]];
    }
}
