using System.Formats.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The iterations that one file or message may still spend on key derivation.</summary>
internal sealed class KdfBudget
{
    private readonly long _limit;
    private readonly string _name;
    private long _left;

    internal KdfBudget(long limit, string name = nameof(FileLimits.MaxKdfIterations))
    {
        _limit = _left = limit;
        _name = name;
    }

    /// <summary>Takes the cost of a derivation before it is done.</summary>
    internal void Spend(long iterations)
    {
        if (iterations > _left)
        {
            throw new LimitExceededException(_name, _limit);
        }

        _left -= iterations;
    }

    /// <summary>Reads an iteration count: positive, and within what is left.</summary>
    internal int ReadIterations(AsnReader reader)
    {
        ReadOnlyMemory<byte> value = reader.ReadIntegerBytes();
        if (value.Span[0] >= 0x80 || value.Span is [0])
        {
            throw new AsnContentException();
        }

        var number = new System.Numerics.BigInteger(value.Span[..Math.Min(value.Length, 16)], isUnsigned: true, isBigEndian: true);
        bool fits = value.Length <= 16 && number <= _left && number <= int.MaxValue;
        return fits ? (int)number : throw new LimitExceededException(_name, _limit);
    }
}
