using SmimeKit.Cms.Streaming;

namespace SmimeKit.Mime;

/// <summary>Reads a range of a seekable stream, and puts the position back afterwards.</summary>
internal sealed class RangeStream : ForwardReadStream
{
    private readonly Stream _source;
    private readonly long _return;
    private long _left;

    internal RangeStream(Stream source, long start, long end)
    {
        _source = source;
        _return = source.Position;
        _left = end - start;
        source.Position = start;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        Note(_source.Read(buffer, offset, (int)Math.Min(count, _left)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Note(await _source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Position = _return;
        }

        base.Dispose(disposing);
    }

    private int Note(int count)
    {
        _left -= count;
        return count;
    }
}
