namespace SmimeKit.Tool.Commands;

/// <summary>Where the result of each input goes.</summary>
internal static class OutputNaming
{
    /// <summary>Refuses what cannot be meant, before anything is read.</summary>
    internal static void Check(IReadOnlyList<string> inputs, string? output, bool json)
    {
        if (inputs.Count(i => i == "-") > 1)
        {
            throw ToolException.Usage("Standard input can be read only once.");
        }

        if (output == "-" && json)
        {
            throw ToolException.Usage("Standard output cannot take both the result and JSON.");
        }

        if (output is null || inputs.Count <= 1)
        {
            return;
        }

        if (output == "-" || !Directory.Exists(output))
        {
            throw ToolException.Usage("With several inputs, --output names an existing folder.");
        }

        if (inputs.GroupBy(Path.GetFileName, StringComparer.Ordinal).Any(g => g.Count() > 1) || inputs.Contains("-"))
        {
            throw ToolException.Usage("The results of these inputs would have the same or no name.");
        }
    }

    /// <summary>Gets the destination for one input; null for nowhere.</summary>
    internal static string? For(string input, string? output)
    {
        if (output is null or "-" || !Directory.Exists(output))
        {
            return output;
        }

        if (input == "-")
        {
            throw ToolException.Usage("The result of standard input has no name: --output has to be a file.");
        }

        string path = Path.Combine(output, Path.GetFileName(input));
        RefuseToReplace([input], path);
        return path;
    }

    /// <summary>Refuses to write a result over what it is made from.</summary>
    internal static void RefuseToReplace(IEnumerable<string> inputs, string? output)
    {
        if (output is not null and not "-" && inputs.FirstOrDefault(i => i != "-" && Path.GetFullPath(i) == Path.GetFullPath(output)) is { } input)
        {
            throw ToolException.Usage($"The result would replace its input {input}.");
        }
    }
}
