using Microsoft.CodeAnalysis;
using SmimeKit.Architecture.Tests.Source;

namespace SmimeKit.Architecture.Tests;

/// <summary>The one direction of dependency between packages, and which of them meets which library.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> _allowed = new()
    {
        ["SmimeKit.Certificates"] = ([], ["BouncyCastle.Cryptography"]),
        ["SmimeKit.Cms"] = (["SmimeKit.Certificates"], ["BouncyCastle.Cryptography"]),
        ["SmimeKit"] = (["SmimeKit.Cms", "SmimeKit.Certificates"], ["MimeKit"]),
        ["SmimeKit.Stores.Sqlite"] = (["SmimeKit.Certificates"], ["BouncyCastle.Cryptography", "Microsoft.Data.Sqlite"]),
        ["SmimeKit.Tool"] = ([.. SourceProject.All.Select(p => p.Name)], ["MimeKit", "System.CommandLine"]),
    };

    // A project sees more than it references: packages flow through. This table is about what it may name.
    private static readonly Dictionary<string, string[]> _users = new()
    {
        ["Org.BouncyCastle"] = ["SmimeKit.Certificates", "SmimeKit.Cms", "SmimeKit.Stores.Sqlite"],
        ["MimeKit"] = ["SmimeKit", "SmimeKit.Tool"],
        ["Microsoft.Data.Sqlite"] = ["SmimeKit.Stores.Sqlite"],
        ["SQLitePCL"] = ["SmimeKit.Stores.Sqlite"],
        ["System.CommandLine"] = ["SmimeKit.Tool"],
    };

    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Project_ReferencesOnlyWhatItsRowAllows(string name)
    {
        Assert.True(_allowed.TryGetValue(name, out (string[] Projects, string[] Packages) row), $"{name} wants a row in the table of this test.");
        SourceProject project = SourceProject.Of(name);
        Findings.Empty(project.References("ProjectReference").Except(row.Projects).Select(p => $"{name} → {p}"));
        Findings.Empty(project.References("PackageReference").Except(row.Packages).Select(p => $"{name} → {p}"));
    }

    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Source_NamesOnlyLibrariesOfItsLayer(string name) => Findings.Empty(
        from use in SourceProject.Of(name).Uses
        from user in _users
        where use.FullName.IsWithin(user.Key) && !user.Value.Contains(name)
        select use.ToString());

    [Fact]
    public void Table_NamesEveryProjectOnce() => Assert.Equal(SourceProject.All.Select(p => p.Name).Order(), _allowed.Keys.Order());

    /// <summary>
    /// The checks on symbols see little in code that does not compile. The tool may hold generated code, which is not seen here.
    /// </summary>
    [Theory]
    [MemberData(nameof(SourceProject.Libraries), MemberType = typeof(SourceProject))]
    public void Source_CompilesUnderTheChecks(string name) => Findings.Empty(
        SourceProject.Of(name).Compilation.GetDiagnostics()
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Id.StartsWith("CS", StringComparison.Ordinal))
            .Select(d => d.ToString()));
}
