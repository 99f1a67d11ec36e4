namespace SmimeKit.Tool;

/// <summary>Something that the tool itself refuses, with what it says about it.</summary>
internal sealed class ToolException : Exception
{
    private ToolException(Outcome outcome, string code, string message, bool concernsCommandLine = false)
        : base(message)
    {
        Outcome = outcome;
        Code = code;
        ConcernsCommandLine = concernsCommandLine;
    }

    internal Outcome Outcome { get; }

    internal string Code { get; }

    /// <summary>Gets whether the command line itself is at fault: then no input has a result of its own.</summary>
    internal bool ConcernsCommandLine { get; }

    /// <summary>The command line does not make sense.</summary>
    internal static ToolException Usage(string message) => new(Outcome.Usage, "usage", message, concernsCommandLine: true);

    /// <summary>The command line asks for what this version cannot do. Ignoring it would be worse than refusing it.</summary>
    internal static ToolException Unsupported(string what) => new(
        Outcome.Unsupported, "unsupported-option", $"{what} is not supported by this version.", concernsCommandLine: true);

    /// <summary>A key or certificate that is needed is not there.</summary>
    internal static ToolException NoKey(string code, string message) => new(Outcome.NoKey, code, message);

    /// <summary>The input is not what the command works on.</summary>
    internal static ToolException Malformed(string code, string message) => new(Outcome.Malformed, code, message);

    /// <summary>A file cannot be read or written.</summary>
    internal static ToolException Io(string code, string message) => new(Outcome.Io, code, message);
}
