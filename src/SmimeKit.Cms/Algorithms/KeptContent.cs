using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>
/// Keeps content whole, up to a limit, for signatures over the message itself (EdDSA, ML-DSA, SLH-DSA, HSS/LMS without signed attributes). Above
/// the limit it is let go and wiped. One pooled buffer that doubles: the schemes want their message in one piece.
/// </summary>
internal sealed class KeptContent : IDisposable
{
    private const int FirstSize = 4096;

    private readonly int _limit;
    private byte[] _buffer = [];
    private int _count;

    internal KeptContent(int limit)
    {
        _limit = limit;
        IsComplete = limit > 0;
    }

    /// <summary>Gets whether all content so far is kept.</summary>
    internal bool IsComplete { get; private set; }

    internal int Limit => _limit;

    internal ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, _count);

    internal KeptContent Clone()
    {
        var copy = new KeptContent(_limit) { IsComplete = IsComplete };
        copy.Append(Content.Span);
        return copy;
    }

    internal void Append(ReadOnlySpan<byte> content)
    {
        if (!IsComplete || content.IsEmpty)
        {
            return;
        }

        if (content.Length > _limit - _count)
        {
            IsComplete = false;
            Dispose();
            return;
        }

        Grow(_count + content.Length);
        content.CopyTo(_buffer.AsSpan(_count));
        _count += content.Length;
    }

    public void Dispose()
    {
        PooledBytes.Return(ref _buffer, _count);
        _count = 0;
    }

    private void Grow(int size)
    {
        if (size <= _buffer.Length)
        {
            return;
        }

        byte[] larger = PooledBytes.Rent(Math.Max(FirstSize, Math.Max(size, (int)Math.Min(2L * _buffer.Length, _limit))));
        Content.Span.CopyTo(larger);
        PooledBytes.Return(ref _buffer, _count);
        _buffer = larger;
    }
}
