namespace SmimeKit.Cms;

/// <summary>One BER value of a message: where it is, what it is called, and how it begins.</summary>
/// <param name="Depth">How many values lie around it.</param>
/// <param name="Offset">Where it begins, in bytes from the start of the message, after PEM or base64 was decoded.</param>
/// <param name="HeaderLength">The number of identifier and length octets.</param>
/// <param name="Identifier">The identifier octet: class, constructed bit and tag number (X.690 §8.1.2).</param>
/// <param name="Length">The number of contents octets; null for the indefinite form.</param>
/// <param name="Contents">The first contents octets of a primitive value; empty for constructed ones.</param>
public sealed record CmsElement(
    int Depth, long Offset, int HeaderLength, byte Identifier, long? Length, ReadOnlyMemory<byte> Contents)
{
    /// <summary>Gets whether the value consists of further values.</summary>
    public bool IsConstructed => (Identifier & 0x20) != 0;

    /// <summary>Gets the class: 0 universal, 1 application, 2 context-specific, 3 private.</summary>
    public int TagClass => Identifier >> 6;

    /// <summary>Gets the tag number.</summary>
    public int TagNumber => Identifier & 0x1F;
}
