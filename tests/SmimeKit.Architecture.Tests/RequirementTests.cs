using System.Collections.Immutable;
using SmimeKit.Architecture.Tests.Requirements;
using SmimeKit.Architecture.Tests.Source;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;

namespace SmimeKit.Architecture.Tests;

/// <summary>Which requirement has a test. Without the requirement tables only the form of the citations is checked.</summary>
public sealed class RequirementTests
{
    private const string ExemptPath = "tests/SmimeKit.Architecture.Tests/Requirements/exempt.txt";

    private static readonly RequirementTable _table = RequirementTable.Parse(
        "# RFC 1 — Some: checklist\n| ID | section | level | role | requirement | test idea |\n| R1234-1-a | 1 | MUST | both | a | t |\n"
        + "| R1234-1-b | 1 (2) | MUST NOT | both | b | t |\n| R1234-2.1-a | 2.1 | SHOULD | both | c | t |\n| R1234-2.1-b | 2.1 | note | both | withdrawn | t |\n"
        + "| R1234-A-a | A | note | both | d | t |\n");

    [Fact]
    public void Citations_AreLiterals() => Findings.Empty(Citation.FindAll().Where(c => c.Id is null).Select(c => c.ToString()));

    [Fact]
    public void Citations_NameKnownRequirements()
    {
        HashSet<string> known = [.. RequirementTable.ReadAll().SelectMany(t => t.Rows).Select(r => r.Id)];
        Findings.Empty(Citation.FindAll().Where(c => c.Id is not null && !known.Contains(c.Id)).Select(c => c.ToString()));
        Findings.Empty(ReadExempt().Keys.Where(id => !known.Contains(id)).Select(id => $"{ExemptPath}: {id}"));
    }

    [Fact]
    public void Exemptions_NameNoCitedRequirement()
    {
        HashSet<string?> cited = [.. Citation.FindAll().Select(c => c.Id)];
        Findings.Empty(ReadExempt().Keys.Where(cited.Contains).Select(id => $"{ExemptPath}: {id}"));
    }

    [Fact]
    public void ConformancePage_SaysWhatTheTestsCite() =>
        Repository.CheckDerived(ConformancePage.Path, ConformancePage.Render(RequirementTable.ReadAll(), [.. Citation.FindAll()], ReadExempt()));

    [Fact]
    public void MatrixCitations_NameKnownCells()
    {
        HashSet<string> known = [.. MatrixCell.All.Select(c => c.Name)];
        Findings.Empty(MatrixCitation.All.Where(c => !known.Contains(c.Cell)).Select(c => c.ToString()));
        Findings.Empty(
            from file in Repository.Files
            where file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            let count = Citation.CountMatrix(Repository.Read(file))
            where count != 0 && count != MatrixCitation.All.Count(c => c.TestClass == Path.GetFileNameWithoutExtension(file))
            select $"{file}: a citation of the matrix is no literal on a line of its own, in a file of that name");
    }

    [Fact]
    public void MatrixCitations_AreFoundWhereTheyAreLiteralsOnALineOfTheirOwn()
    {
        // Spelled otherwise here, lest it be found.
        string source = """
                [TRAIT("Matrix", "one, with a comma")]
                // [TRAIT("Matrix", "two")]
                [TRAIT("Matrix", nameof(Three))]
                [Fact, TRAIT("Matrix", "four")]
                void M() { }
            """.Replace("TRAIT", "Trait", StringComparison.Ordinal);
        Assert.Equal([new MatrixCitation("one, with a comma", "SomeTests")], MatrixCitation.Find("SomeTests", source));
        Assert.Equal(3, Citation.CountMatrix($"class SomeTests\n{{\n{source}\n}}"));
    }

    [Fact]
    public void Tables_AreReadRowByRow()
    {
        Assert.Equal("RFC 1 — Some", _table.Title);
        Assert.Equal(
            [new Requirement("R1234-1-a", "MUST"), new("R1234-1-b", "MUST NOT"), new("R1234-2.1-a", "SHOULD"), new("R1234-A-a", "note")], _table.Rows);
    }

    [Fact]
    public void Citations_AreFoundWithLineAndCoverage()
    {
        const string Source = """
            [Trait("Requirement", "R1234-1-a")]
            class A
            {
                [Fact]
                [Trait("Kind", "negative"), Trait("Requirement", "R1234-1-b")]
                [Trait("Coverage", "partial")]
                void M() { }

                [Trait("Requirement", nameof(A))]
                void N() { } // [Trait("Requirement", "R1234-2-a")]
            }
            """;
        Assert.Equal(
            [new Citation("a.cs", 1, "R1234-1-a", false), new("a.cs", 5, "R1234-1-b", true), new("a.cs", 9, null, false)],
            Citation.Find("a.cs", Source));
    }

    [Fact]
    public void ConformancePage_CountsRowsAndListsWhatIsMissing()
    {
        ImmutableArray<Citation> citations = [new("a.cs", 1, "R1234-1-a", false), new("a.cs", 2, "R1234-2.1-a", true)];
        string page = ConformancePage.Render([_table], citations, new Dictionary<string, string> { ["R1234-A-a"] = "prose" });
        Assert.Contains("| RFC 1 — Some | 3 | 2 | 1 | 2 | 1 |\n", page, StringComparison.Ordinal);
        Assert.Contains("mandatory and not cited\n\n- R1234-1-b\n", page, StringComparison.Ordinal);
        Assert.Contains("| R1234-A-a | prose |\n", page, StringComparison.Ordinal);
    }

    private static SortedDictionary<string, string> ReadExempt() => new(
        Repository.Read(ExemptPath).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim()),
        StringComparer.Ordinal);
}
