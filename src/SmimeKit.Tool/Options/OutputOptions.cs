using System.CommandLine;

namespace SmimeKit.Tool.Options;

/// <summary>The options about what is printed; every command has them.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object per input file, one line each, and nothing else" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print errors only" };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Print every detail" };

    internal void AddTo(Command command)
    {
        command.Add(_json);
        command.Add(_quiet);
        command.Add(_verbose);
    }

    internal OutputChoice Read(ParseResult parsed) => new(parsed.GetValue(_json), parsed.GetValue(_quiet), parsed.GetValue(_verbose));
}

/// <summary>What is printed.</summary>
internal sealed record OutputChoice(bool Json, bool Quiet, bool Verbose);
