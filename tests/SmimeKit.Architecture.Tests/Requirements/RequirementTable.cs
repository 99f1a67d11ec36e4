using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests.Requirements;

/// <summary>
/// One file of requirement rows. The files lie in the folder named by <c>SMIMEKIT_REQUIREMENTS</c>, or in <c>requirements</c> beside
/// the folder of the vectors.
/// </summary>
internal sealed record RequirementTable(string Title, ImmutableArray<Requirement> Rows)
{
    private static readonly Regex _row = new(
        @"^\| (?<id>R\d{4,5}-[0-9A-Za-z.]+-[a-z]+) \| [^|]* \| (?<level>[A-Za-z ]+?) \| [^|]* \| (?<text>.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(10));

    /// <summary>Reads all tables; skips the running test, loudly, when they are missing.</summary>
    internal static ImmutableArray<RequirementTable> ReadAll()
    {
        string? folder = FindFolder();
        Assert.SkipWhen(folder is null, "The requirement tables are missing (set SMIMEKIT_REQUIREMENTS).");
        return [.. Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal).Select(f => Parse(File.ReadAllText(f))).Where(t => t.Rows.Length > 0)];
    }

    /// <summary>Parses one file. Withdrawn rows keep their identifier and ask for nothing: they are left out.</summary>
    internal static RequirementTable Parse(string text)
    {
        string title = text.Split('\n')[0].TrimStart('#', ' ');
        int colon = title.IndexOf(':', StringComparison.Ordinal);
        return new RequirementTable(
            (colon < 0 ? title : title[..colon]).Trim(),
            [.. from Match match in _row.Matches(text)
                where !match.Groups["text"].Value.StartsWith("withdrawn", StringComparison.OrdinalIgnoreCase)
                select new Requirement(match.Groups["id"].Value, match.Groups["level"].Value)]);
    }

    private static string? FindFolder()
    {
        string? named = Environment.GetEnvironmentVariable("SMIMEKIT_REQUIREMENTS");
        string? folder = !string.IsNullOrEmpty(named) ? named : Vectors.Available ? Vectors.PathOf("../requirements") : null;
        return Directory.Exists(folder) ? folder : null;
    }
}
