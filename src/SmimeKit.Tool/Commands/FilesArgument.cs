using System.CommandLine;
using System.CommandLine.Parsing;

namespace SmimeKit.Tool.Commands;

/// <summary>The inputs of a command, and what commands with a result have in common.</summary>
internal sealed class FilesArgument
{
    internal Argument<string[]> Argument { get; } = Several("file", "Mail or CMS (BER, PEM, base64), told by content; '-' is standard input");

    internal IReadOnlyList<string> Read(ParseResult parsed) => parsed.GetValue(Argument)!;

    internal static Argument<string> Single(string description)
    {
        var argument = new Argument<string>("file") { Description = description };
        argument.Validators.Add(RefuseOptions);
        return argument;
    }

    internal static Argument<string[]> Several(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(RefuseOptions);
        return argument;
    }

    // An option with a typing error is no file; a file with such a name is ./-name.
    internal static void RefuseOptions(ArgumentResult result)
    {
        foreach (Token token in result.Tokens.Where(t => t.Value.Length > 1 && t.Value[0] == '-'))
        {
            result.AddError($"There is no option '{token.Value}' here.");
        }
    }

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
