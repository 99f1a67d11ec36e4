namespace SmimeKit.Tool.Inspection;

/// <summary>What was found in one file.</summary>
/// <param name="File">The name as the user gave it.</param>
internal sealed record InspectedFile(string File)
{
    /// <summary>Gets the parts of a mail.</summary>
    internal IReadOnlyList<InspectedPart> Parts { get; init; } = [];

    /// <summary>Gets the message that is CMS itself.</summary>
    internal InspectedCms? Cms { get; init; }

    /// <summary>Gets why it could not be read to its end.</summary>
    internal Failure? Failure { get; init; }

    /// <summary>Gets whether there is anything to show.</summary>
    internal bool HasStructure => Cms is not null || Parts.Count > 0;
}
