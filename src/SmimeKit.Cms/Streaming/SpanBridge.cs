using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>Memory for the overloads of streams that take spans: a span cannot cross the state machine. Rented once, wiped at the end.</summary>
internal sealed class SpanBridge : IDisposable
{
    private const int MaxSize = 64 * 1024;

    private byte[] _bytes = [];
    private int _used;

    /// <summary>Gets memory for up to <paramref name="size"/> bytes: less when that is much.</summary>
    internal Memory<byte> For(int size)
    {
        int wanted = Math.Min(size, MaxSize);
        if (_bytes.Length < wanted)
        {
            Dispose();
            _bytes = PooledBytes.Rent(wanted);
        }

        _used = Math.Max(_used, wanted);
        return _bytes.AsMemory(0, wanted);
    }

    public void Dispose()
    {
        PooledBytes.Return(ref _bytes, _used);
        _used = 0;
    }
}
