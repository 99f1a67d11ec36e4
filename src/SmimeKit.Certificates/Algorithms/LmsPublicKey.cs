using System.Buffers.Binary;

namespace SmimeKit.Certificates;

/// <summary>The public key of one tree, RFC 8554 §5.3: types of tree and chains, identifier, root.</summary>
internal readonly record struct LmsPublicKey(LmsParameterSet Parameters, uint TreeType, uint ChainType)
{
    private const int IdentifierSize = 16;

    /// <summary>Gets the size of the encoding.</summary>
    internal int Size => (2 * sizeof(uint)) + IdentifierSize + Parameters.Size;

    /// <summary>Reads the key that octets begin with; null when they are too few or its types are not known.</summary>
    internal static LmsPublicKey? TryRead(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < 2 * sizeof(uint))
        {
            return null;
        }

        uint treeType = BinaryPrimitives.ReadUInt32BigEndian(octets);
        uint chainType = BinaryPrimitives.ReadUInt32BigEndian(octets[sizeof(uint)..]);
        return LmsParameterSet.Find(treeType, chainType) is { } parameters
            && new LmsPublicKey(parameters, treeType, chainType) is var key && octets.Length >= key.Size
            ? key
            : null;
    }

    /// <summary>Whether octets begin with what can be a signature of this tree: all its fields are there, and its types are those of the key.</summary>
    internal bool FitsSignature(ReadOnlySpan<byte> octets) =>
        octets.Length >= Parameters.SignatureSize
        && BinaryPrimitives.ReadUInt32BigEndian(octets) < 1u << Parameters.Height
        && BinaryPrimitives.ReadUInt32BigEndian(octets[sizeof(uint)..]) == ChainType
        && BinaryPrimitives.ReadUInt32BigEndian(octets[Parameters.TreeTypeOffset..]) == TreeType;
}
