using System.Formats.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>One RecipientInfo of a new message: checked and settled, still without the key.</summary>
internal abstract class RecipientPlan
{
    /// <summary>Gets the version that is written.</summary>
    internal abstract int Version { get; }

    /// <summary>Gets whether this is a pwri or an ori, on which the version of the message depends (RFC 5652 §6.1).</summary>
    internal virtual bool IsOther => false;

    /// <summary>Gets a size in bytes that the encoding hardly exceeds: a writer grows in small steps, which is slow for thousands.</summary>
    internal abstract int EstimatedSize { get; }

    /// <summary>Encrypts the key and writes the RecipientInfo.</summary>
    internal abstract ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);
}
