namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>The padding of RFC 5652 §6.3: p octets of value p, with p from 1 to the size of the block.</summary>
internal static class BlockPadding
{
    /// <summary>Measures the padding of the last block without a branch or an index that depends on its octets.</summary>
    /// <returns>The number of padding octets, or -1 when the padding is wrong.</returns>
    internal static int Measure(ReadOnlySpan<byte> block)
    {
        int count = block[^1];
        int wrong = ((count - 1) >> 31) | ((block.Length - count) >> 31); // all ones when count is outside 1..size
        for (int i = 0; i < block.Length; i++)
        {
            int inPadding = (block.Length - i - count - 1) >> 31; // all ones for the last count octets
            wrong |= inPadding & (block[i] ^ count);
        }

        int mask = (wrong | -wrong) >> 31; // all ones when anything is wrong
        return count | mask;
    }
}
