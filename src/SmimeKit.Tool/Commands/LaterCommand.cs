using System.CommandLine;

namespace SmimeKit.Tool.Commands;

/// <summary>A command whose name is fixed but which this version does not have: whoever calls it is told so, as with options.</summary>
internal static class LaterCommand
{
    internal static Command Create(string name, string? parent = null)
    {
        string fullName = parent is null ? name : $"{parent} {name}";
        var command = new Command(name) { Hidden = true, TreatUnmatchedTokensAsErrors = false };
        command.SetAction(Refuse);
        return command;

        int Refuse(ParseResult parsed) => throw ToolException.Unsupported($"The command '{fullName}'");
    }
}
