using System.Collections.Immutable;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;

namespace SmimeKit;

/// <summary>One cryptographic layer of a mail, from the outside in.</summary>
public sealed record LayerReport
{
    /// <summary>Gets what the layer does.</summary>
    public required LayerKind Kind { get; init; }

    /// <summary>Gets its form: <c>multipart/signed</c>, <c>signed-data</c>, <c>enveloped-data</c>, <c>authEnveloped-data</c>, …</summary>
    public required string Form { get; init; }

    /// <summary>Gets where the layer is: <c>1</c> is the root, <c>1.1</c> its first part, a final <c>&gt;</c> steps into a CMS layer.</summary>
    public required string Part { get; init; }

    /// <summary>Gets the content-encryption algorithm by name, or null for other layers.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Gets whether the content was authenticated (AEAD); null for layers that do not encrypt. It never tells who encrypted.</summary>
    public bool? IsAuthenticated { get; init; }

    /// <summary>Gets the recipients of an encrypted layer.</summary>
    public ImmutableArray<RecipientInfo> Recipients { get; init; } = [];

    /// <summary>Gets the one of <see cref="Recipients"/> whose key opened the layer; null while it is closed.</summary>
    public RecipientInfo? OpenedFor { get; init; }

    /// <summary>Gets the report of a signed layer as CMS gives it; null for other layers.</summary>
    public SignedDataReport? SignedData { get; init; }

    /// <summary>Gets tolerated deviations and weaknesses, as stable codes.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}
