namespace SmimeKit.Capabilities;

/// <summary>One capability, RFC 8551 §2.5.2: an algorithm that its announcer can process.</summary>
/// <param name="Oid">The algorithm as an object identifier.</param>
/// <param name="Parameters">The encoded parameters; empty when absent.</param>
public sealed record SmimeCapability(string Oid, ReadOnlyMemory<byte> Parameters)
{
    /// <summary>Compares by content.</summary>
    /// <param name="other">The other capability.</param>
    /// <returns>True when both announce the same.</returns>
    public bool Equals(SmimeCapability? other) =>
        other is not null && Oid == other.Oid && Parameters.Span.SequenceEqual(other.Parameters.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Oid.GetHashCode(StringComparison.Ordinal);
}
