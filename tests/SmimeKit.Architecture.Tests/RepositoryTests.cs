using System.Text.RegularExpressions;
using SmimeKit.Architecture.Tests.Source;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests;

public sealed class RepositoryTests
{
    private static readonly string[] _topLevel =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Directory.Build.props",
        "Directory.Packages.props", "LICENSE", "README.md", "SECURITY.md", "SmimeKit.sln", "benchmarks", "docs", "global.json", "src", "tests",
    ];

    // Spelled apart, so that this file does not name them.
    private static readonly string[] _unwanted = ["nuget" + ".org", "/" + "work/", "/" + "root/", "C:" + @"\Users"];

    [Fact]
    public void TopLevel_HasExactlyTheExpectedEntries() =>
        Assert.Equal(_topLevel.Order(StringComparer.Ordinal), Repository.Files.Select(f => f.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Files_NameNoMachineAndNoRegistry() => Findings.Empty(
        from file in Repository.Files
        let text = Repository.Read(file)
        from name in _unwanted
        where text.Contains(name, StringComparison.OrdinalIgnoreCase)
        select $"{file}: {name}");

    [Fact]
    public void Solution_IsClassicAndHoldsEveryProject()
    {
        string solution = Repository.Read("SmimeKit.sln");
        Assert.Contains("Microsoft Visual Studio Solution File, Format Version 12.00", solution, StringComparison.Ordinal);
        Assert.DoesNotContain(Repository.Files, f => f.EndsWith(".slnx", StringComparison.Ordinal));
        IEnumerable<string> listed = Regex.Matches(solution, "\"([^\"]+\\.csproj)\"").Select(m => m.Groups[1].Value.Replace('\\', '/'));
        IEnumerable<string> present = Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));
        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Project_TracksItsPublicApi(string name)
    {
        string folder = SourceProject.Of(name).Folder;
        Assert.True(File.Exists(Path.Combine(folder, "PublicAPI.Shipped.txt")));
        Assert.True(File.Exists(Path.Combine(folder, "PublicAPI.Unshipped.txt")));
    }

    [Fact]
    public void Scripts_StopAtTheFirstError() => Findings.Empty(
        Repository.Files.Where(f => f.StartsWith(".ci/", StringComparison.Ordinal) && !Repository.Read(f).Contains("set -euo pipefail", StringComparison.Ordinal)));
}
