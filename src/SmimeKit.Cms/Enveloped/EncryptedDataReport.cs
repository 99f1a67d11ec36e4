using System.Collections.Immutable;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>What is known about EncryptedData after all of it has been read.</summary>
/// <remarks>
/// That it decrypted proves little: nothing protects the integrity of the content, and now and then a wrong key gives sound padding.
/// </remarks>
public sealed record EncryptedDataReport
{
    /// <summary>Gets the type of the content that was encrypted, as an object identifier.</summary>
    public required string EncapsulatedContentType { get; init; }

    /// <summary>Gets the number of content octets.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets the content-encryption algorithm.</summary>
    public required ContentEncryptionAlgorithm Algorithm { get; init; }

    /// <summary>Gets whether the cipher's key was derived from the one that was given (RFC 9709).</summary>
    public bool DerivesContentKey { get; init; }

    /// <summary>Gets the unprotected attributes: neither encrypted nor authenticated, never to be trusted.</summary>
    public CmsAttributes UnprotectedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets what is too weak by today's standard though the policy lets it pass: <c>weak-cipher</c>; empty as a rule.</summary>
    public ImmutableArray<string> Weaknesses { get; init; } = [];

    /// <summary>Gets where the message departs from its RFC and was read all the same: <c>version</c>; empty as a rule.</summary>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
