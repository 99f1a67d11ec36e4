namespace SmimeKit.Cms.Asn1;

/// <summary>Sets of encoded entries, changed without touching the entries.</summary>
internal static class EncodedSet
{
    /// <summary>Adds entries: in DER order when the others are in DER order (X.690 §11.6), otherwise behind them.</summary>
    internal static List<ReadOnlyMemory<byte>> Add(
        IReadOnlyList<ReadOnlyMemory<byte>> entries, IReadOnlyList<ReadOnlyMemory<byte>> added)
    {
        List<ReadOnlyMemory<byte>> all = [.. entries, .. added];
        return added.Count > 0 ? InOrderOf(entries, all) : all;
    }

    /// <summary>Puts entries in DER order when those whose place they take were in DER order; otherwise leaves them in theirs.</summary>
    internal static List<ReadOnlyMemory<byte>> InOrderOf(IReadOnlyList<ReadOnlyMemory<byte>> former, List<ReadOnlyMemory<byte>> entries)
    {
        if (IsSorted(former))
        {
            entries.Sort((left, right) => left.Span.SequenceCompareTo(right.Span));
        }

        return entries;
    }

    /// <summary>Encodes a set under any identifier, definite, in the order given.</summary>
    internal static byte[] Encode(byte identifier, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        int length = entries.Sum(e => e.Length);
        int start = BerWriter.HeaderSize(length);
        byte[] set = new byte[start + length];
        set[0] = identifier;
        BerWriter.WriteLength(set.AsSpan(1, start - 1), length);
        foreach (ReadOnlyMemory<byte> entry in entries)
        {
            entry.Span.CopyTo(set.AsSpan(start));
            start += entry.Length;
        }

        return set;
    }

    private static bool IsSorted(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        for (int i = 1; i < entries.Count; i++)
        {
            if (entries[i - 1].Span.SequenceCompareTo(entries[i].Span) > 0)
            {
                return false;
            }
        }

        return true;
    }
}
