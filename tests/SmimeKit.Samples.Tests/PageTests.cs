using System.Text.RegularExpressions;
using SmimeKit.TestKit;

namespace SmimeKit.Samples.Tests;

/// <summary>
/// Code in the documentation is compiled: a page names a file of docs/samples in <c>&lt;!-- sample: docs/samples/Name.cs --&gt;</c> and
/// carries the file's text in the block that follows. <c>SMIMEKIT_UPDATE_DOCS=1</c> writes the blocks.
/// </summary>
public sealed class PageTests
{
    private static readonly Regex _block = new(
        @"<!-- sample: (?<file>\S+) -->\n```csharp\n.*?```\n", RegexOptions.Singleline, TimeSpan.FromSeconds(5));

    private static readonly Regex _feature = new(@"^\| [^|]+ \| (?<where>[^|]+) \|$", RegexOptions.Multiline, TimeSpan.FromSeconds(5));

    public static TheoryData<string> Pages() => [.. Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Samples_OnAPage_AreTheirFilesVerbatim(string page)
    {
        string text = Repository.Read(page);
        Assert.Equal(Count(text, "\n<!-- sample:"), _block.Count(text));
        Repository.CheckDerived(page, _block.Replace(text, match => Render(match.Groups["file"].Value)));
    }

    [Fact]
    public void CSharpBlocks_OnPagesForUsers_AreAllSamples()
    {
        foreach (string page in Pages().Select(row => row.Data).Where(p => p == "README.md" || p.StartsWith("docs/guide/", StringComparison.Ordinal)))
        {
            string text = Repository.Read(page);
            Assert.True(Count(text, "```csharp") == _block.Count(text), $"{page} has C# that nothing compiles.");
        }
    }

    [Fact]
    public void Readme_StartsWithAShortSample()
    {
        Match match = _block.Match(Repository.Read("README.md"));
        Assert.True(match.Success);
        Assert.InRange(File.ReadLines(Repository.PathOf(match.Groups["file"].Value)).Count(), 1, 20);
    }

    [Fact]
    public void Samples_AreEachOnSomePage()
    {
        HashSet<string> shown = [.. Pages().SelectMany(row => _block.Matches(Repository.Read(row.Data))).Select(m => m.Groups["file"].Value)];
        Assert.Equal(Repository.Files.Where(f => f.StartsWith("docs/samples/", StringComparison.Ordinal)).Order(), shown.Order());
    }

    [Theory]
    [InlineData("dotnet run -c Release --project src/SmimeKit.Tool -- demo")]
    [InlineData("dotnet test -c Release")]
    public void Readme_ShowsTheCommand_ThatCiRuns(string command)
    {
        Assert.Contains($"\n{command}\n", Repository.Read("README.md"), StringComparison.Ordinal);
        Assert.Contains(command, Repository.Read(".ci/run"), StringComparison.Ordinal);
    }

    /// <summary>A row of the feature table names in code font the public types that make it true.</summary>
    [Fact]
    public void Readme_FeatureTable_NamesPublicTypes()
    {
        string readme = Repository.Read("README.md");
        string table = readme[readme.IndexOf("## What it does", StringComparison.Ordinal)..readme.IndexOf("## Packages", StringComparison.Ordinal)];
        string[] cells = [.. _feature.Matches(table).Select(m => m.Groups["where"].Value).Skip(2)];
        HashSet<string> known = [.. PublicTypes()];
        Assert.NotEmpty(cells);
        Assert.All(cells, cell =>
        {
            string[] named = [.. Regex.Matches(cell, "`([^`]+)`", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(m => m.Groups[1].Value)];
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, known));
        });
    }

    [Fact]
    public void Readme_PackageTable_NamesWhatIsPacked()
    {
        string readme = Repository.Read("README.md");
        string table = readme[readme.IndexOf("## Packages", StringComparison.Ordinal)..];
        IEnumerable<string> named = Regex.Matches(table, @"^\| `([^`]+)` \|", RegexOptions.Multiline, TimeSpan.FromSeconds(5)).Select(m => m.Groups[1].Value);
        IEnumerable<string> packed = Directory.GetDirectories(Repository.PathOf("src")).Select(d => Path.GetFileName(d)!);
        Assert.Equal(packed.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static string Render(string file) => $"<!-- sample: {file} -->\n```csharp\n{Repository.Read(file)}```\n";

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    // "SmimeKit.Certificates.Certificate" stands alone on its line; members carry a result or an arrow.
    private static IEnumerable<string> PublicTypes() =>
        from file in Repository.Files
        where Path.GetFileName(file) is "PublicAPI.Shipped.txt" or "PublicAPI.Unshipped.txt"
        from line in Repository.Read(file).Split('\n')
        where line.StartsWith("SmimeKit.", StringComparison.Ordinal) && !line.Contains(' ', StringComparison.Ordinal)
        select line[(line.LastIndexOf('.') + 1)..];
}
