using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmimeKit.Architecture.Tests.Source;

namespace SmimeKit.Architecture.Tests;

/// <summary>The arrows between the namespaces inside SmimeKit.Cms. The root namespace may use them all, and none of them uses it.</summary>
public sealed class CmsLayerTests
{
    private const string Root = "SmimeKit.Cms";
    private static readonly string[] _foundation = ["Asn1", "Policy", "Algorithms", "Streaming", "Types"];

    private static readonly Dictionary<string, string[]> _mayUse = new()
    {
        ["Asn1"] = [],
        ["Policy"] = [],
        ["Algorithms"] = ["Asn1", "Policy"],
        ["Streaming"] = ["Asn1", "Policy", "Algorithms"],
        ["Types"] = ["Asn1", "Policy", "Algorithms", "Streaming"],
        ["Recipients"] = _foundation,
        ["Data"] = _foundation,
        ["Signed"] = _foundation,
        ["Enveloped"] = [.. _foundation, "Recipients"],
        ["Digested"] = _foundation,
        ["Authenticated"] = [.. _foundation, "Recipients"],
        ["Compressed"] = _foundation,
    };

    [Fact]
    public void Namespaces_UseOnlyWhatLiesBelowThem() => Findings.Empty(FindUpwardUses(SourceProject.Of(Root).Compilation));

    [Fact]
    public void Folders_AreNamespaces() => Findings.Empty(
        from type in SourceProject.Of(Root).Compilation.FindTypes()
        where type.ContainingType is null
        from location in type.Locations
        where location.SourceTree!.FilePath.StartsWith($"src/{Root}/", StringComparison.Ordinal)
        let expected = string.Join('.', [Root, .. FoldersOf(location.SourceTree!.FilePath)])
        where type.NamespaceName() != expected
        select $"{type.FullName()} lies in {location.SourceTree!.FilePath}");

    [Fact]
    public void Folders_AllHaveARow() => Findings.Empty(
        SourceProject.Of(Root).Compilation.SyntaxTrees.SelectMany(t => FoldersOf(t.FilePath).Take(1)).Where(f => !_mayUse.ContainsKey(f)));

    [Theory]
    [InlineData("Asn1", "Algorithms.B b")]
    [InlineData("Asn1", "C c")]
    [InlineData("Policy", "SmimeKit.Cms.Asn1.B b")]
    [InlineData("Algorithms", "Streaming.B b")]
    [InlineData("Streaming", "Signed.B b")]
    [InlineData("Types", "Signed.B b")]
    [InlineData("Signed", "Enveloped.B b")]
    [InlineData("Signed", "Recipients.B b")]
    [InlineData("Recipients", "Enveloped.B b")]
    [InlineData("Enveloped", "C c")]
    public void Check_FindsPlantedArrow(string layer, string field) => Assert.NotEmpty(FindUpwardUses(PlantIn(layer, field)));

    [Theory]
    [InlineData("Algorithms", "Asn1.B b")]
    [InlineData("Algorithms", "Policy.B b")]
    [InlineData("Streaming", "Algorithms.B b")]
    [InlineData("Signed", "Streaming.B b")]
    [InlineData("Signed", "Types.B b")]
    [InlineData("Signed", "B b")]
    [InlineData("Enveloped", "Recipients.B b")]
    [InlineData("", "Signed.B b; Enveloped.B c; Asn1.B d")]
    public void Check_LeavesDownwardArrowsAlone(string layer, string field) => Assert.Empty(FindUpwardUses(PlantIn(layer, field)));

    private static IEnumerable<string> FindUpwardUses(CSharpCompilation compilation) =>
        from use in compilation.FindUses()
        where use.Symbol is not INamespaceSymbol && use.Symbol.NamespaceName().IsWithin(Root)
        let user = FoldersOf(use.File).FirstOrDefault("")
        let used = LayerOf(use.Symbol)
        where user.Length > 0 && user != used && !_mayUse.GetValueOrDefault(user, []).Contains(used)
        select use.ToString();

    private static string LayerOf(ISymbol symbol) => symbol.NamespaceName().Split('.').ElementAtOrDefault(2) ?? "";

    private static string[] FoldersOf(string path) => path.Split('/')[..^1] is ["src", Root, .. string[] folders] ? folders : [];

    private static CSharpCompilation PlantIn(string layer, string field)
    {
        IEnumerable<(string, string)> layers = _mayUse.Keys.Select(l => ($"src/{Root}/{l}/B.cs", $"namespace {Root}.{l}; class B;"));
        (string, string) planted = layer.Length == 0
            ? ($"src/{Root}/A.cs", $"namespace {Root}; class A {{ {field}; }}")
            : ($"src/{Root}/{layer}/A.cs", $"namespace {Root}.{layer}; class A {{ {field}; }}");
        return Compiler.Compile(Root, [.. layers, ($"src/{Root}/C.cs", $"namespace {Root}; class C;"), planted]);
    }
}
