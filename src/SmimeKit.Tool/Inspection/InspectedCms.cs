using SmimeKit.Cms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;

namespace SmimeKit.Tool.Inspection;

/// <summary>What a CMS message says of itself.</summary>
internal sealed class InspectedCms
{
    /// <summary>Gets the content type as an object identifier; null when that could not be read.</summary>
    internal string? ContentType { get; set; }

    /// <summary>Gets the type of what is inside.</summary>
    internal string? EncapsulatedContentType { get; set; }

    /// <summary>Gets the fields that are one line each.</summary>
    internal List<(string Name, string Value)> Fields { get; } = [];

    internal List<SignerReport> Signers { get; } = [];

    internal IReadOnlyList<RecipientInfo> Recipients { get; set; } = [];

    internal CarriedCertificates Carried { get; set; } = CarriedCertificates.None;

    /// <summary>Gets the MIME parts of the content, when that is MIME and can be read.</summary>
    internal IReadOnlyList<InspectedPart> Content { get; set; } = [];

    /// <summary>Gets the CMS that the content is, by its type.</summary>
    internal InspectedCms? Nested { get; set; }

    /// <summary>Gets why it could not be read to its end.</summary>
    internal Failure? Failure { get; set; }

    /// <summary>Gets the BER values, when they were asked for.</summary>
    internal List<CmsElement> Elements { get; } = [];
}
