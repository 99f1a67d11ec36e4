using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmimeKit.Architecture.Tests.Source;

namespace SmimeKit.Architecture.Tests;

/// <summary>Nothing is <c>async void</c>: its failure could reach nobody.</summary>
public sealed class AsyncTests
{
    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Source_HasNoAsyncVoid(string project) => Findings.Empty(FindAsyncVoid(SourceProject.Of(project).Compilation));

    [Theory]
    [InlineData("async void M() => await Task.Yield();")]
    [InlineData("void M() { L(); async void L() => await Task.Yield(); }")]
    [InlineData("Action M() => async () => await Task.Yield();")]
    public void Check_FindsPlantedAsyncVoid(string member) => Assert.NotEmpty(FindAsyncVoid(Compiler.Plant($"class A {{ {member} }}")));

    [Fact]
    public void Check_LeavesTasksAlone() =>
        Assert.Empty(FindAsyncVoid(Compiler.Plant("class A { async Task M() => await Task.Yield(); Func<Task> F() => async () => await M(); }")));

    private static IEnumerable<string> FindAsyncVoid(CSharpCompilation compilation) =>
        from tree in compilation.SyntaxTrees
        let model = compilation.GetSemanticModel(tree)
        from node in tree.GetRoot().DescendantNodes()
        let method = node switch
        {
            MethodDeclarationSyntax or LocalFunctionStatementSyntax => model.GetDeclaredSymbol(node) as IMethodSymbol,
            AnonymousFunctionExpressionSyntax => model.GetSymbolInfo(node).Symbol as IMethodSymbol,
            _ => null,
        }
        where method is { IsAsync: true, ReturnsVoid: true }
        select $"{tree.FilePath}({node.Line()})";
}
