using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmimeKit.Architecture.Tests.Source;

/// <summary>Compiles source in memory, so that a check sees symbols: what a name means, not how it is written.</summary>
internal static class Compiler
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions _parsing = new(
        LanguageVersion.CSharp14,
        preprocessorSymbols: ["RELEASE", "NET", .. Enumerable.Range(5, 6).Select(n => $"NET{n}_0_OR_GREATER"), "NET10_0"]);

    private static readonly Lazy<IReadOnlyDictionary<string, MetadataReference>> _references = new(FindReferences);
    private static readonly ConcurrentDictionary<string, CSharpCompilation> _empty = new(StringComparer.Ordinal);

    /// <summary>Compiles files against everything that the tests run on, except the built form of the same project and of the tool.</summary>
    internal static CSharpCompilation Compile(string assemblyName, IEnumerable<(string Path, string Text)> files) =>
        _empty.GetOrAdd(assemblyName, Prepare).AddSyntaxTrees(files.Select(f => CSharpSyntaxTree.ParseText(f.Text, _parsing, f.Path)));

    /// <summary>Compiles one planted file, to show that a check finds what it looks for.</summary>
    internal static CSharpCompilation Plant(string text, string path = "planted.cs", string assemblyName = "Planted") =>
        Compile(assemblyName, [(path, text)]);

    // What is read of the references once is shared by all that is compiled under the same name.
    private static CSharpCompilation Prepare(string assemblyName)
    {
        IEnumerable<MetadataReference> references = _references.Value.Where(r => r.Key != assemblyName).Select(r => r.Value);
        OutputKind kind = assemblyName == "SmimeKit.Tool" ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var options = new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create(assemblyName, [CSharpSyntaxTree.ParseText(ImplicitUsings, _parsing)], references, options);
    }

    private static Dictionary<string, MetadataReference> FindReferences() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .DistinctBy(Path.GetFileName)
            .Where(file => !Path.GetFileName(file).StartsWith("SmimeKit.Tool", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => (MetadataReference)MetadataReference.CreateFromFile(file));
}
