using System.CommandLine;

namespace SmimeKit.Tool.Options;

/// <summary>Options whose meaning is fixed but which this version cannot honour: whoever gives one is told, and nothing is done.</summary>
internal sealed class UnsupportedOptions
{
    private readonly List<(Option Option, string What)> _options = [];

    /// <summary>Adds an option with a value.</summary>
    internal UnsupportedOptions WithValue(string name, string what) => Add(new Option<string[]>(name) { Hidden = true }, what);

    /// <summary>Adds an option without a value.</summary>
    internal UnsupportedOptions Flag(string name, string what) => Add(new Option<bool>(name) { Hidden = true }, what);

    internal void AddTo(Command command)
    {
        foreach ((Option option, _) in _options)
        {
            command.Add(option);
        }
    }

    internal void ThrowIfUsed(ParseResult parsed)
    {
        foreach ((Option option, string what) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw ToolException.Unsupported($"{option.Name} ({what})");
            }
        }
    }

    private UnsupportedOptions Add(Option option, string what)
    {
        _options.Add((option, what));
        return this;
    }
}
