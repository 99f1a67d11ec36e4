using System.Globalization;
using System.Text;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;

namespace SmimeKit.Architecture.Tests.Requirements;

/// <summary>The page that says which requirements have a test, and which that want one have none.</summary>
internal static class ConformancePage
{
    internal const string Path = "docs/conformance.md";

    private const string Introduction = """
        # Conformance

        This page is derived from the tests and checked by one; do not edit it. `SMIMEKIT_UPDATE_DOCS=1 dotnet test -c Release --project
        tests/SmimeKit.Architecture.Tests` writes it anew where the requirement tables are at hand (`SMIMEKIT_REQUIREMENTS`).

        A requirement is one testable statement of an RFC. Its identifier is the RFC, the section and a letter: `R5652-5.3-a` is the first
        statement of section 5.3 of RFC 5652. A test cites it with `[Trait("Requirement", "R5652-5.3-a")]`, and adds
        `[Trait("Coverage", "partial")]` when it covers only part of it. Mandatory are MUST, MUST NOT, SHALL, and notes, which are what
        interoperability or safety asks where the RFC is silent. A citation says that a test exists; what it proves is to be read there.


        """;

    /// <summary>Renders the page.</summary>
    /// <param name="tables">The tables, in the order of the page.</param>
    /// <param name="citations">What the tests cite.</param>
    /// <param name="exempt">Rows that no test can cover, each with the reason.</param>
    internal static string Render(
        IReadOnlyList<RequirementTable> tables, IReadOnlyList<Citation> citations, IReadOnlyDictionary<string, string> exempt)
    {
        HashSet<string?> cited = [.. citations.Select(c => c.Id)];
        HashSet<string?> whole = [.. citations.Where(c => !c.IsPartial).Select(c => c.Id)];
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        Line(page, "| requirements | rows | cited | of these in part | mandatory | cited |");
        Line(page, "| --- | --: | --: | --: | --: | --: |");
        foreach (RequirementTable table in tables)
        {
            Requirement[] rows = [.. table.Rows.Where(r => !exempt.ContainsKey(r.Id))];
            Requirement[] done = [.. rows.Where(r => cited.Contains(r.Id))];
            Line(page, $"| {table.Title} | {rows.Length} | {done.Length} | {done.Count(r => !whole.Contains(r.Id))} "
                + $"| {rows.Count(r => r.IsMandatory)} | {done.Count(r => r.IsMandatory)} |");
        }

        foreach (RequirementTable table in tables)
        {
            Line(page, $"\n## {table.Title}: mandatory and not cited\n");
            RenderMissing(page, table.Rows.Where(r => r.IsMandatory && !cited.Contains(r.Id) && !exempt.ContainsKey(r.Id)));
        }

        RenderMatrix(page);
        if (exempt.Count > 0)
        {
            Line(page, "\n## Not for a test to cover\n");
            Line(page, "| requirement | reason |\n| --- | --- |");
            foreach ((string id, string reason) in exempt)
            {
                Line(page, $"| {id} | {reason} |");
            }
        }

        return page.ToString();
    }

    private static void RenderMatrix(StringBuilder page)
    {
        Line(page, "\n## What is read and written, and against whom it was tried\n");
        Line(page, """
            Each line is a row of the registries in `tests/SmimeKit.TestKit`, or an attribute or something carried. The rows have round trips, both ways
            asynchronous and synchronous, and are damaged, cut off and split at every offset (those whose reading takes milliseconds at every few, at
            every one with `SMIMEKIT_LONG_TESTS=1`); the number is that of their structures. "Other programs" read it, or write it for us, in the
            tables of `docs/design/interoperability.md`. What has the name of a test class is tried there with published messages or numbers, or
            with a program in a way of its own: its tests say `[Trait("Matrix", "<name>")]`. A line that has neither fails a test. Obsolete ones need
            the legacy policy.

            """.ReplaceLineEndings("\n"));
        Line(page, "| | | structures | tried with | |\n| --- | --- | --: | --- | --- |");
        foreach (MatrixCell cell in MatrixCell.All)
        {
            Line(page, $"| {cell.Area} | {cell.Name} | {(cell.HasCases ? cell.Cases : "")} | {Evidence(cell)} | {(cell.IsWeak ? "legacy" : "")} |");
        }
    }

    private static string Evidence(MatrixCell cell) =>
        cell.TestClasses.Any() ? string.Join(", ", cell.TestClasses.Select(c => $"`{c}`")) : "other programs";

    private static void RenderMissing(StringBuilder page, IEnumerable<Requirement> missing)
    {
        Requirement[] rows = [.. missing];
        if (rows.Length == 0)
        {
            Line(page, "None.");
            return;
        }

        // One line an RFC and section keeps differences small.
        foreach (IGrouping<string, string> section in rows.Select(r => r.Id).GroupBy(id => id[..id.LastIndexOf('-')]))
        {
            Line(page, $"- {string.Join(' ', section)}");
        }
    }

    private static void Line(StringBuilder page, string text) => page.Append(CultureInfo.InvariantCulture, $"{text}\n");
}
