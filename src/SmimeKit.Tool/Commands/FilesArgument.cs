using System.CommandLine;

namespace SmimeKit.Tool.Commands;

/// <summary>The inputs of a command, and what commands with a result have in common.</summary>
internal sealed class FilesArgument
{
    internal Argument<string[]> Argument { get; } = new("file")
    {
        Description = "Mail or CMS (BER, PEM, base64), told by content; '-' is standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    internal IReadOnlyList<string> Read(ParseResult parsed) => parsed.GetValue(Argument)!;

    internal static Argument<string> Single(string description) => new("file") { Description = description };

    internal static Option<string?> OutputOption(string description) => new("--output", "-o")
    {
        Description = description,
        HelpName = "file|dir",
    };

    internal static Option<bool> EvenUntrustedOption() => new("--even-untrusted")
    {
        Description = "Write the result although its signature is not valid or not trusted; the exit code stays",
    };
}
