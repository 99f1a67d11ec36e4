namespace SmimeKit.Tool.Inspection;

/// <summary>One MIME part as it stands: nothing about it is verified.</summary>
internal sealed class InspectedPart
{
    private static readonly string[] _endings = [".p7m", ".p7s", ".p7c", ".p7z"];

    /// <summary>Gets where it is: <c>1</c> is the root, <c>1.2</c> its second part.</summary>
    internal required string Path { get; init; }

    internal required string MediaType { get; init; }

    internal string? TransferEncoding { get; init; }

    internal string? FileName { get; init; }

    /// <summary>Gets where it begins, in bytes from the start of the entity around it.</summary>
    internal required long Offset { get; init; }

    /// <summary>Gets where its body begins.</summary>
    internal long BodyOffset { get; set; }

    /// <summary>Gets where it ends.</summary>
    internal long EndOffset { get; set; }

    /// <summary>Gets the CMS that its body is; null when it is none.</summary>
    internal InspectedCms? Cms { get; set; }

    internal bool LooksLikeCms => MediaType is "application/pkcs7-mime" or "application/x-pkcs7-mime" or "application/pkcs7-signature"
            or "application/x-pkcs7-signature"
        || (MediaType == "application/octet-stream" && HasCmsName(FileName ?? ""));

    private static bool HasCmsName(string name) => _endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
