namespace SmimeKit;

/// <summary>The input does not follow its format.</summary>
public sealed class MalformedDataException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="code">The stable code of the fault.</param>
    /// <param name="message">What is wrong, without any content of the message.</param>
    /// <param name="offset">Where, in bytes from the start of the outermost input; negative when unknown.</param>
    /// <param name="fieldPath">The field, as a path of the names in the RFC (<c>signerInfos[1].sid</c>), or null.</param>
    public MalformedDataException(string code, string message, long offset = -1, string? fieldPath = null)
        : base(code, Describe(message, offset, fieldPath))
    {
        Offset = offset;
        FieldPath = fieldPath;
    }

    /// <summary>Gets the position of the fault in bytes from the start of the input, or a negative number when unknown.</summary>
    public long Offset { get; }

    /// <summary>Gets the path of the faulty field in the names of its RFC, or null.</summary>
    public string? FieldPath { get; }

    private static string Describe(string message, long offset, string? fieldPath)
    {
        string where = offset < 0 ? "" : $" at offset {offset}";
        string field = fieldPath is null ? "" : $" in {fieldPath}";
        return $"{message}{field}{where}.";
    }
}
