using System.Buffers;

namespace SmimeKit.Cms.Asn1;

/// <summary>Identifier and length octets of one BER value, X.690 §8.1.2-8.1.3.</summary>
/// <param name="Identifier">The identifier octet: class, constructed bit, tag number up to 30.</param>
/// <param name="Length">The length in bytes, or null for the indefinite form.</param>
internal readonly record struct BerHeader(byte Identifier, long? Length)
{
    internal bool IsConstructed => (Identifier & 0x20) != 0;

    internal bool IsEndOfContents => Identifier == 0 && Length == 0;

    /// <summary>Reads a header once all of it has arrived; consumes nothing otherwise.</summary>
    internal static OperationStatus TryRead(ReadOnlySpan<byte> source, out BerHeader header, out int consumed)
    {
        (header, consumed) = (default, 0);
        if (source.Length > 0 && (source[0] & 0x1F) == 0x1F)
        {
            return OperationStatus.InvalidData; // CMS defines no tag above 30.
        }

        if (source is not [byte identifier, byte first, .. ReadOnlySpan<byte> rest])
        {
            return OperationStatus.NeedMoreData;
        }

        int count = first < 0x80 ? 0 : first & 0x7F;
        bool indefinite = first == 0x80;
        if (count >= sizeof(long) || (indefinite && (identifier & 0x20) == 0) || (identifier == 0 && first != 0))
        {
            // Deviation: 56 bits of length are enough. A primitive value has a definite length (X.690 §8.1.3.2), and the tag of
            // end-of-contents belongs to those two octets alone (§8.1.5).
            return OperationStatus.InvalidData;
        }

        if (rest.Length < count)
        {
            return OperationStatus.NeedMoreData;
        }

        long length = first < 0x80 ? first : 0;
        foreach (byte octet in rest[..count])
        {
            length = (length << 8) | octet;
        }

        (header, consumed) = (new BerHeader(identifier, indefinite ? null : length), 2 + count);
        return OperationStatus.Done;
    }
}
