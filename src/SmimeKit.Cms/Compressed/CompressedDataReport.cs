using System.Collections.Immutable;

namespace SmimeKit.Cms.Compressed;

/// <summary>What is known about a layer of compression after all of it has been read. Compression protects nothing.</summary>
public sealed record CompressedDataReport
{
    /// <summary>Gets the type of the content before compression as an object identifier.</summary>
    public required string EncapsulatedContentType { get; init; }

    /// <summary>Gets the number of content octets, inflated.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets the number of compressed octets.</summary>
    public required long CompressedLength { get; init; }

    /// <summary>Gets the compression algorithm.</summary>
    public required CompressionAlgorithm Algorithm { get; init; }

    /// <summary>Gets tolerated deviations from the format, as stable codes; empty as a rule.</summary>
    /// <remarks><c>compressed-data-version</c>, <c>zlib-empty</c>.</remarks>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
