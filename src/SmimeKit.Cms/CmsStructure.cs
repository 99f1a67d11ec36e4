using System.Buffers;
using System.Runtime.CompilerServices;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms;

/// <summary>Lists the BER values of a message as they come, to look at it: nothing is interpreted, nothing verified.</summary>
public static class CmsStructure
{
    private const long Indefinite = -1;

    /// <summary>Reads a message value by value, in memory that does not grow with it.</summary>
    /// <param name="input">BER, PEM or bare base64; read forward only to its end, never closed.</param>
    /// <param name="limits">The limits, or null for the defaults: <see cref="CmsLimits.MaxAsn1Depth"/> counts.</param>
    /// <param name="maxContents">How many contents octets of a primitive value are kept; the rest is skipped.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The values in the order of the message, outer ones first, without end-of-contents octets.</returns>
    /// <exception cref="MalformedDataException">The input is not BER, or uses tags above 30; the values before were listed.</exception>
    /// <exception cref="LimitExceededException">Values nest too deep.</exception>
    public static async IAsyncEnumerable<CmsElement> ReadAsync(
        Stream input,
        CmsLimits? limits = null,
        int maxContents = 64,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(maxContents);
        limits ??= CmsLimits.Default;
        using var outer = new ByteSource(input);
        bool armored = await ArmorDecodingStream.IsArmoredAsync(outer, cancellationToken).ConfigureAwait(false);
        using ByteSource source = armored ? new ByteSource(new ArmorDecodingStream(outer)) : outer;
        var ends = new Stack<long>();
        while (await TryReadHeaderAsync(source, ends, cancellationToken).ConfigureAwait(false) is var (header, size, offset))
        {
            if (ends.Count >= limits.MaxAsn1Depth)
            {
                throw new LimitExceededException(nameof(CmsLimits.MaxAsn1Depth), limits.MaxAsn1Depth);
            }

            int depth = ends.Count;
            byte[] contents = [];
            if (header.IsConstructed)
            {
                ends.Push(header.Length is { } length ? source.Position + length : Indefinite);
            }
            else
            {
                contents = await ReadContentsAsync(source, header.Length!.Value, maxContents, cancellationToken).ConfigureAwait(false);
            }

            yield return new CmsElement(depth, offset, size, header.Identifier, header.Length, contents);
        }
    }

    /// <summary>Leaves the values that have ended and consumes the next header; null at the end of the input.</summary>
    private static async ValueTask<(BerHeader Header, int Size, long Offset)?> TryReadHeaderAsync(
        ByteSource source, Stack<long> ends, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (ends.TryPeek(out long end) && end == source.Position)
            {
                ends.Pop();
            }

            if (await PeekHeaderAsync(source, ends.Count == 0, cancellationToken).ConfigureAwait(false) is not var (header, size))
            {
                return null;
            }

            long offset = source.Position;
            source.Advance(size);
            if (header.IsEndOfContents && ends.TryPeek(out long open) && open == Indefinite)
            {
                ends.Pop();
                continue;
            }

            CheckFits(header, source.Position, ends);
            return (header, size, offset);
        }
    }

    private static async ValueTask<(BerHeader Header, int Size)?> PeekHeaderAsync(
        ByteSource source, bool mayEnd, CancellationToken cancellationToken)
    {
        while (true)
        {
            OperationStatus status = BerHeader.TryRead(source.Available, out BerHeader header, out int size);
            if (status == OperationStatus.Done)
            {
                return (header, size);
            }

            if (status == OperationStatus.InvalidData)
            {
                throw new MalformedDataException(
                    "ber-header", "The identifier or length octets are not supported BER", source.Position);
            }

            if (!await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return mayEnd && source.Available.IsEmpty ? null : throw Truncated(source);
            }
        }
    }

    private static void CheckFits(BerHeader header, long contentsStart, Stack<long> ends)
    {
        long end = ends.FirstOrDefault(e => e != Indefinite, long.MaxValue);
        if ((header.Length ?? 0) > end - contentsStart)
        {
            throw new MalformedDataException("length-overrun", "A value is longer than the value around it", contentsStart);
        }
    }

    private static async ValueTask<byte[]> ReadContentsAsync(
        ByteSource source, long length, int maxContents, CancellationToken cancellationToken)
    {
        byte[] kept = new byte[Math.Min(length, maxContents)];
        for (long done = 0; done < length;)
        {
            if (source.Available.IsEmpty && !await source.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Truncated(source);
            }

            int count = (int)Math.Min(length - done, source.Available.Length);
            if (done < kept.Length)
            {
                source.Available[..(int)Math.Min(count, kept.Length - done)].CopyTo(kept.AsSpan((int)done));
            }

            source.Advance(count);
            done += count;
        }

        return kept;
    }

    private static MalformedDataException Truncated(ByteSource source) =>
        new("truncated", "The input ends too early", source.Position + source.Available.Length);
}
