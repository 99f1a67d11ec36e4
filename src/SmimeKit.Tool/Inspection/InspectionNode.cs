using SmimeKit.Cms;

namespace SmimeKit.Tool.Inspection;

/// <summary>One line of what was found, with the lines below it: the tree that text and page are written from.</summary>
/// <param name="Kind">What the line is about.</param>
/// <param name="Name">What is there: the number of a part, the name of a field.</param>
/// <param name="Value">What it says; empty for nothing.</param>
internal sealed record InspectionNode(InspectionKind Kind, string Name, string Value = "")
{
    /// <summary>Gets the particulars of a part: its encoding and name, its size and where it begins.</summary>
    internal string Details { get; init; } = "";

    /// <summary>Gets the BER values, of a line that stands for them.</summary>
    internal IReadOnlyList<CmsElement> Elements { get; init; } = [];

    internal IReadOnlyList<InspectionNode> Children { get; init; } = [];
}

/// <summary>What a line is about.</summary>
internal enum InspectionKind
{
    /// <summary>A MIME part.</summary>
    Part,

    /// <summary>A CMS layer.</summary>
    Layer,

    /// <summary>Something that a layer or a signer says.</summary>
    Field,

    /// <summary>The BER values of a layer.</summary>
    Values,

    /// <summary>Why something could not be read.</summary>
    Problem,
}
