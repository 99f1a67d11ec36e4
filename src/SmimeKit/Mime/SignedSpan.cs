using System.Numerics;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Mime;

/// <summary>
/// Digests the first part of <c>multipart/signed</c> as it passes: its exact octets, and its canonical form with CRLF line ends as soon as
/// that differs (files with LF, mixed newlines: RFC 8551 §3.1.1).
/// </summary>
internal sealed class SignedSpan : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly int _keepLimit;
    private readonly int _keepWhole;
    private ContentDigester _raw;
    private ContentDigester? _canonical;
    private byte _last;
    private byte[]? _kept = [];
    private int _keptCount;

    internal SignedSpan(IReadOnlyCollection<DigestAlgorithm> digests, int keepLimit, int keepWhole = 0)
    {
        _keepLimit = keepLimit;
        _keepWhole = keepWhole;
        _raw = new ContentDigester(digests, _keepWhole);
    }

    /// <summary>Gets the digests of the octets as received.</summary>
    internal ContentDigester Raw => _raw;

    /// <summary>Gets the digests of the canonical form; null when it is the same.</summary>
    internal ContentDigester? Canonical => _canonical;

    internal void Append(ReadOnlySpan<byte> octets)
    {
        Keep(octets);
        AppendDigests(octets);
    }

    /// <summary>Digests the content again with other algorithms: from memory when it was short, otherwise from its source.</summary>
    /// <param name="digests">The algorithms, those of the first pass among them.</param>
    /// <param name="source">The same octets once more; null when they can be had only once.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>Whether there was a second pass.</returns>
    /// <exception cref="MalformedDataException">The source does not hold what it held in the first pass.</exception>
    internal async ValueTask<bool> TryRepeatAsync(
        IReadOnlyCollection<DigestAlgorithm> digests, Stream? source, CancellationToken cancellationToken)
    {
        if (_kept is null && source is null)
        {
            return false;
        }

        ContentDigester first = _raw;
        _canonical?.Dispose();
        (_raw, _canonical, _last) = (new ContentDigester(digests, _keepWhole), null, 0);
        using (first)
        {
            if (_kept is { } kept)
            {
                AppendDigests(kept.AsSpan(0, _keptCount));
            }
            else
            {
                await AppendAllAsync(source!, cancellationToken).ConfigureAwait(false);
                CheckUnchanged(first);
            }
        }

        return true;
    }

    public void Dispose()
    {
        StopKeeping();
        _raw.Dispose();
        _canonical?.Dispose();
    }

    private async ValueTask AppendAllAsync(Stream source, CancellationToken cancellationToken)
    {
        byte[] buffer = PooledBytes.Rent(BufferSize);
        int used = 0;
        try
        {
            int count;
            while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                used = Math.Max(used, count);
                AppendDigests(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            PooledBytes.Return(ref buffer, used);
        }
    }

    // What was handed out in the first pass is what the verdict must be about.
    private void CheckUnchanged(ContentDigester first)
    {
        if (!first.Algorithms.All(a => first.GetDigest(a)!.AsSpan().SequenceEqual(_raw.GetDigest(a))))
        {
            throw new MalformedDataException("input-changed", "The input was changed while it was read");
        }
    }

    private void AppendDigests(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        int bare = FindBareNewline(octets);
        if (bare >= 0)
        {
            _canonical ??= _raw.Clone();
        }

        _raw.Append(octets);
        if (_canonical is not null)
        {
            AppendCanonical(octets, bare);
        }

        _last = octets[^1];
    }

    // Everything up to the first bare LF is canonical already.
    private void AppendCanonical(ReadOnlySpan<byte> octets, int bare)
    {
        while (bare >= 0)
        {
            _canonical!.Append(octets[..bare]);
            _canonical.Append("\r\n"u8);
            _last = (byte)'\n';
            octets = octets[(bare + 1)..];
            bare = octets.IsEmpty ? -1 : FindBareNewline(octets);
        }

        _canonical!.Append(octets);
    }

    private int FindBareNewline(ReadOnlySpan<byte> octets)
    {
        if (octets[0] == '\n' && _last != '\r')
        {
            return 0;
        }

        int start = SkipCanonical(octets);
        while (true)
        {
            int newline = octets[start..].IndexOf((byte)'\n');
            if (newline < 0)
            {
                return -1;
            }

            start += newline;
            if (octets[start - 1] != '\r')
            {
                return start;
            }

            start++;
        }
    }

    // Every LF has its CR before it in all but the rest that starts at the position returned, which is not the first octet.
    private static int SkipCanonical(ReadOnlySpan<byte> octets)
    {
        int position = 1;
        var lineFeed = new Vector<byte>((byte)'\n');
        var carriageReturn = new Vector<byte>((byte)'\r');
        for (; position <= octets.Length - Vector<byte>.Count; position += Vector<byte>.Count)
        {
            Vector<byte> ends = Vector.Equals(new Vector<byte>(octets[position..]), lineFeed);
            Vector<byte> begins = Vector.Equals(new Vector<byte>(octets[(position - 1)..]), carriageReturn);
            if (Vector.AndNot(ends, begins) != Vector<byte>.Zero)
            {
                break;
            }
        }

        return position;
    }

    private void Keep(ReadOnlySpan<byte> octets)
    {
        if (_kept is null || octets.Length > _keepLimit - _keptCount)
        {
            StopKeeping();
            return;
        }

        if (octets.Length > _kept.Length - _keptCount)
        {
            byte[] larger = PooledBytes.Rent(Math.Max(_keptCount + octets.Length, _kept.Length * 2));
            _kept.AsSpan(0, _keptCount).CopyTo(larger);
            PooledBytes.Return(ref _kept, _keptCount);
            _kept = larger;
        }

        octets.CopyTo(_kept.AsSpan(_keptCount));
        _keptCount += octets.Length;
    }

    private void StopKeeping()
    {
        if (_kept is { } kept)
        {
            PooledBytes.Return(ref kept, _keptCount);
            _kept = null;
        }
    }
}
