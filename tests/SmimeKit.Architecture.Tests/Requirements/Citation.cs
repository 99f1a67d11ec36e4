using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmimeKit.Architecture.Tests.Source;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests.Requirements;

/// <summary>One <c>[Trait("Requirement", "…")]</c> in the source of a test.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line.</param>
/// <param name="Id">The row cited; null when it is not written as a literal, which nothing can check.</param>
/// <param name="IsPartial">Whether the test carries <c>[Trait("Coverage", "partial")]</c> too.</param>
internal sealed record Citation(string File, int Line, string? Id, bool IsPartial)
{
    /// <summary>Finds the citations of every test project.</summary>
    internal static IEnumerable<Citation> FindAll() =>
        from file in Repository.Files
        where file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
        from citation in Find(file, Repository.Read(file))
        select citation;

    /// <summary>Finds the citations in one file.</summary>
    internal static IEnumerable<Citation> Find(string file, string text) =>
        from attribute in CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where IsTrait(attribute, "Requirement")
        let siblings = attribute.Parent!.Parent!.ChildNodes().OfType<AttributeListSyntax>().SelectMany(list => list.Attributes)
        let isPartial = siblings.Any(s => IsTrait(s, "Coverage") && Literal(s, 1) == "partial")
        select new Citation(file, attribute.Line(), Literal(attribute, 1), isPartial);

    /// <summary>Counts the citations of the matrix in one file, however they are written.</summary>
    internal static int CountMatrix(string text) => !text.Contains("\"Matrix\"", StringComparison.Ordinal) ? 0
        : CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<AttributeSyntax>().Count(a => IsTrait(a, "Matrix"));

    public override string ToString() => $"{File}({Line}): {Id ?? "not a literal"}";

    private static bool IsTrait(AttributeSyntax attribute, string name) =>
        attribute.Name.ToString() is "Trait" or "TraitAttribute" or "Xunit.Trait" && Literal(attribute, 0) == name;

    private static string? Literal(AttributeSyntax attribute, int index) =>
        attribute.ArgumentList?.Arguments.ElementAtOrDefault(index)?.Expression is LiteralExpressionSyntax { Token.Value: string text } ? text : null;
}
