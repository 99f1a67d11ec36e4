using System.Buffers;

namespace SmimeKit.Cms.Asn1;

/// <summary>Collects one bounded value. Grows with what has arrived, never with what a length octet claims.</summary>
internal sealed class LeafBuffer(int limit, string limitName) : IDisposable
{
    private const int InitialSize = 1024;
    private const int LargestStep = 64 * 1024; // security A2: never much more than has been received

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _count;

    /// <summary>Gets what has been collected; valid until the buffer is disposed.</summary>
    internal ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    internal void CheckRoom(long more)
    {
        if (more > limit - _count)
        {
            throw new LimitExceededException(limitName, limit);
        }
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        CheckRoom(bytes.Length);
        bytes.CopyTo(GetRoom(bytes.Length).Span);
        Advance(bytes.Length);
    }

    /// <summary>Gets room for more: at least one byte, at most as many as wanted.</summary>
    internal Memory<byte> GetRoom(long wanted)
    {
        int size = (int)Math.Min(wanted, Math.Max(LargestStep, _bytes.Length));
        if (size > _bytes.Length - _count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _count + size));
            _bytes.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_count, (int)Math.Min(wanted, _bytes.Length - _count));
    }

    internal void Advance(int count) => _count += count;

    internal byte[] ToArray() => _bytes.AsSpan(0, _count).ToArray();

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        _count = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
