using System.Text.RegularExpressions;
using SmimeKit.Architecture.Tests.Source;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests;

/// <summary>The page of tolerated deviations against the codes that the source of SmimeKit.Cms reports.</summary>
public sealed partial class TolerancesPageTests
{
    private const string Page = "docs/design/tolerances.md";

    [Fact]
    public void Page_NamesEveryCodeOfTheSource() => Findings.Empty(FindReported().Except(FindDescribed()).Select(c => $"{Page} lacks {c}"));

    [Fact]
    public void Page_NamesNoOtherCode() => Findings.Empty(FindDescribed().Except(FindReported()).Select(c => $"{Page}: nothing reports {c}"));

    [Theory]
    [InlineData("deviations.Add(\"some-code\");", "some-code")]
    [InlineData("Deviations = [.. report.Deviations, \"other\"],", "other")]
    [InlineData("string? deviation = fits ? null : \"third-code\";", "third-code")]
    public void Search_FindsWhatIsReported(string line, string code) => Assert.Equal([code], FindInLine(line));

    private static IEnumerable<string> FindReported() =>
        from file in Repository.Files
        where file.StartsWith("src/SmimeKit.Cms/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
        from line in Repository.Read(file).Split('\n')
        from code in FindInLine(line)
        select code;

    private static IEnumerable<string> FindInLine(string line) =>
        line.Contains("eviat", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            ? Code().Matches(line).Select(m => m.Groups[1].Value)
            : [];

    private static IEnumerable<string> FindDescribed() => Row().Matches(Repository.Read(Page)).Select(m => m.Groups[1].Value);

    [GeneratedRegex("\"([a-z0-9]+(?:-[a-z0-9]+)*)\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
