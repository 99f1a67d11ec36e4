using System.Buffers;

namespace SmimeKit.Cms.Streaming;

/// <summary>Memory for the overloads of streams that take spans: a span cannot cross the state machine. Rented once, wiped at the end.</summary>
internal sealed class SpanBridge : IDisposable
{
    private const int MaxSize = 64 * 1024;

    private byte[] _bytes = [];

    /// <summary>Gets memory for up to <paramref name="size"/> bytes: less when that is much.</summary>
    internal Memory<byte> For(int size)
    {
        int wanted = Math.Min(size, MaxSize);
        if (_bytes.Length < wanted)
        {
            Dispose();
            _bytes = ArrayPool<byte>.Shared.Rent(wanted);
        }

        return _bytes.AsMemory(0, wanted);
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
