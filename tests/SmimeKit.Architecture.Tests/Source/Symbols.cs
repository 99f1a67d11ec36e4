using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmimeKit.Architecture.Tests.Source;

/// <summary>One name in source and the symbol that it stands for.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line.</param>
/// <param name="Symbol">What the name means.</param>
/// <param name="FullName">The symbol's name with namespace and containing types, without type arguments and parameters.</param>
internal sealed record Use(string File, int Line, ISymbol Symbol, string FullName)
{
    public override string ToString() => $"{File}({Line}): {FullName}";
}

/// <summary>Questions to a compilation.</summary>
internal static class Symbols
{
    private static readonly SymbolDisplayFormat _fullName = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType);

    /// <summary>Finds every name of a namespace, type or member, and every constructor that is called. Comments do not count.</summary>
    internal static IEnumerable<Use> FindUses(this CSharpCompilation compilation)
    {
        var names = new Dictionary<ISymbol, string>(SymbolEqualityComparer.Default); // few symbols have most of the names
        return from tree in compilation.SyntaxTrees
               let model = compilation.GetSemanticModel(tree)
               from node in tree.GetRoot().DescendantNodes()
               where node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax
               let symbol = Resolve(model, node)
               where symbol is INamespaceSymbol or INamedTypeSymbol or { ContainingType: not null }
               let known = names.TryGetValue(symbol, out string? name) ? name : names[symbol] = symbol.FullName()
               select new Use(tree.FilePath, node.Line(), symbol, known);
    }

    /// <summary>Finds every type that the source declares, nested ones included.</summary>
    internal static IEnumerable<INamedTypeSymbol> FindTypes(this CSharpCompilation compilation) => FindTypes(compilation.Assembly.GlobalNamespace);

    internal static string FullName(this ISymbol symbol) => symbol.OriginalDefinition.ToDisplayString(_fullName);

    /// <summary>Tells whether a full name is, or lies within, a namespace, type or member.</summary>
    internal static bool IsWithin(this string fullName, string scope) =>
        fullName.StartsWith(scope, StringComparison.Ordinal) && (fullName.Length == scope.Length || fullName[scope.Length] == '.');

    internal static string NamespaceName(this ISymbol symbol) =>
        symbol is INamespaceSymbol ? symbol.FullName() : symbol.ContainingNamespace is { IsGlobalNamespace: false } n ? n.FullName() : "";

    internal static int Line(this SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static ISymbol? Resolve(SemanticModel model, SyntaxNode node)
    {
        SymbolInfo info = model.GetSymbolInfo(node);
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol switch
        {
            IAliasSymbol alias => alias.Target,
            IMethodSymbol { MethodKind: MethodKind.LocalFunction } or IParameterSymbol or ILocalSymbol or ITypeParameterSymbol => null,
            IMethodSymbol { ReducedFrom: { } extension } => extension,
            _ => symbol,
        };
    }

    private static IEnumerable<INamedTypeSymbol> FindTypes(INamespaceOrTypeSymbol scope)
    {
        foreach (ISymbol member in scope.GetMembers())
        {
            if (member is INamedTypeSymbol type)
            {
                yield return type;
            }

            foreach (INamedTypeSymbol inner in member is INamespaceOrTypeSymbol nested ? FindTypes(nested) : [])
            {
                yield return inner;
            }
        }
    }
}
