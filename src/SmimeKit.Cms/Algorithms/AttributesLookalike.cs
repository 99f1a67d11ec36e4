using System.Buffers;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>
/// Keeps content for as long as all of it may be one encoded set of attributes: a signature without attributes over such content may be
/// one with attributes over other content (attribute forgery). Other content is ruled out by its first bytes or its length.
/// </summary>
internal sealed class AttributesLookalike
{
    private const byte SetOf = 0x31;
    private const int MaxSize = 1024 * 1024; // as long as a SignerInfo may be (CmsLimits.MaxAttributesSize)

    private byte[] _kept = [];
    private int _count;
    private long _size = MaxSize; // of the whole set, once its header is known
    private bool _ruledOut;

    internal AttributesLookalike()
    {
    }

    private AttributesLookalike(AttributesLookalike original)
    {
        _kept = original._kept.AsSpan(0, original._count).ToArray();
        (_count, _size, _ruledOut) = (original._count, original._size, original._ruledOut);
    }

    /// <summary>Gets all of the content, or empty when it is no set of attributes.</summary>
    internal ReadOnlyMemory<byte> Content => _ruledOut ? default : _kept.AsMemory(0, _count);

    internal AttributesLookalike Clone() => new(this);

    internal void Append(ReadOnlySpan<byte> content)
    {
        if (_ruledOut)
        {
            return;
        }

        if ((_count == 0 && content[0] != SetOf) || content.Length > _size - _count)
        {
            RuleOut();
            return;
        }

        Keep(content);
        OperationStatus status = BerHeader.TryRead(_kept.AsSpan(0, _count), out BerHeader header, out int size);
        if (status == OperationStatus.Done)
        {
            _size = header.Length is { } length ? size + length : MaxSize;
        }

        if (status == OperationStatus.InvalidData || _size > MaxSize || _count > _size)
        {
            RuleOut();
        }
    }

    private void Keep(ReadOnlySpan<byte> content)
    {
        if (content.Length > _kept.Length - _count)
        {
            Array.Resize(ref _kept, Math.Max(_count + content.Length, _kept.Length * 2));
        }

        content.CopyTo(_kept.AsSpan(_count));
        _count += content.Length;
    }

    private void RuleOut()
    {
        _ruledOut = true;
        _kept = [];
        _count = 0;
    }
}
