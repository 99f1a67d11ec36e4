using System.Buffers;

namespace SmimeKit.Cms.Asn1;

/// <summary>Collects one bounded value. Grows with what has arrived, never with what a length octet claims.</summary>
internal sealed class LeafBuffer(int limit, string limitName) : IDisposable
{
    private const int InitialSize = 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _count;

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
        if (bytes.Length > _bytes.Length - _count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _count + bytes.Length));
            _bytes.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }

    internal byte[] ToArray() => _bytes.AsSpan(0, _count).ToArray();

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
