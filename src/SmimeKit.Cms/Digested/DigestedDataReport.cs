using System.Collections.Immutable;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Digested;

/// <summary>What a DigestedData holds, and whether its digest fits. It is not signed: no part of this names an author.</summary>
public sealed record DigestedDataReport
{
    /// <summary>Gets the type of the content as an object identifier.</summary>
    public required string EncapsulatedContentType { get; init; }

    /// <summary>Gets whether the content came from outside.</summary>
    public required bool IsDetached { get; init; }

    /// <summary>Gets the number of content octets that were digested.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets the digest algorithm as the message names it.</summary>
    public required AlgorithmIdentifier DigestAlgorithm { get; init; }

    /// <summary>Gets the digest that the message carries.</summary>
    public required ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>Gets the outcome.</summary>
    public required DigestVerdict Verdict { get; init; }

    /// <summary>Gets what is too weak by today's standard though the policy lets it pass: <c>weak-digest</c>; empty as a rule.</summary>
    public ImmutableArray<string> Weaknesses { get; init; } = [];

    /// <summary>Gets tolerated deviations from the format, as stable codes.</summary>
    /// <remarks><c>digested-data-version</c>, <c>pkcs7-content</c>, <c>null-parameters</c>.</remarks>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
