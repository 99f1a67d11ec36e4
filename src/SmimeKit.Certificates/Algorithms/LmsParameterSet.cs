using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>The numbers behind one pair of LMS and LM-OTS identifiers: RFC 8554 §4.1 and §5.1, NIST SP 800-208 §4.</summary>
/// <remarks>
/// Both registries run through the same four families of hash functions: five heights of trees each in the one, four widths of chains each in
/// the other. A pair is of one family: SP 800-208 §4 wants one hash function in all of a key.
/// </remarks>
/// <param name="Digest">The hash function of tree and chains, untruncated.</param>
/// <param name="Size">The size of a node in bytes: n and m.</param>
/// <param name="Height">The height of the tree: it signs 2^height messages.</param>
/// <param name="Chains">The number of hash chains in a one-time signature: p.</param>
internal sealed record LmsParameterSet(DigestAlgorithm Digest, int Size, int Height, int Chains)
{
    private const int FirstTree = 5;  // LMS_SHA256_M32_H5
    private const int FirstChain = 1; // LMOTS_SHA256_N32_W1

    private static readonly ImmutableArray<(DigestAlgorithm Digest, int Size)> _families =
        [(DigestAlgorithm.Sha256, 32), (DigestAlgorithm.Sha256, 24), (DigestAlgorithm.Shake256, 32), (DigestAlgorithm.Shake256, 24)];

    private static readonly ImmutableArray<int> _heights = [5, 10, 15, 20, 25];
    private static readonly ImmutableArray<int> _chainsOf32 = [265, 133, 67, 34]; // for w = 1, 2, 4, 8
    private static readonly ImmutableArray<int> _chainsOf24 = [200, 101, 51, 26];

    /// <summary>Gets the size of a one-time signature with the path to the root: an LMS signature, RFC 8554 §5.4.</summary>
    internal int SignatureSize => TreeTypeOffset + sizeof(uint) + (Height * Size);

    /// <summary>Gets where in an LMS signature the type of the tree stands: behind leaf number, type of the chains, randomizer and chains.</summary>
    internal int TreeTypeOffset => (2 * sizeof(uint)) + ((1 + Chains) * Size);

    /// <summary>Finds the numbers; null for types that are not registered, or of two families.</summary>
    internal static LmsParameterSet? Find(uint treeType, uint chainType)
    {
        (uint family, uint height) = Math.DivRem(unchecked(treeType - FirstTree), (uint)_heights.Length);
        (uint chainFamily, uint width) = Math.DivRem(unchecked(chainType - FirstChain), (uint)_chainsOf32.Length);
        if (family >= _families.Length || family != chainFamily)
        {
            return null;
        }

        (DigestAlgorithm digest, int size) = _families[(int)family];
        return new LmsParameterSet(digest, size, _heights[(int)height], (size == 32 ? _chainsOf32 : _chainsOf24)[(int)width]);
    }
}
