using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests.Source;

/// <summary>One project under src: its project file, and what the compiler makes of its source.</summary>
internal sealed class SourceProject
{
    private readonly Lazy<CSharpCompilation> _compilation;
    private readonly Lazy<ImmutableArray<Use>> _uses;

    private SourceProject(string projectFile)
    {
        Name = Path.GetFileNameWithoutExtension(projectFile);
        Folder = Path.GetDirectoryName(projectFile)!;
        Xml = XDocument.Load(projectFile);
        _compilation = new Lazy<CSharpCompilation>(() => Compiler.Compile(Name, ReadSources()));
        _uses = new Lazy<ImmutableArray<Use>>(() => [.. Compilation.FindUses()]);
    }

    /// <summary>Gets every project that ships.</summary>
    internal static ImmutableArray<SourceProject> All { get; } =
        [.. Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => new SourceProject(f))];

    internal string Name { get; }

    internal string Folder { get; }

    internal XDocument Xml { get; }

    internal CSharpCompilation Compilation => _compilation.Value;

    internal ImmutableArray<Use> Uses => _uses.Value;

    /// <summary>Gets the names of the projects, as data of theories.</summary>
    public static TheoryData<string> Names() => [.. All.Select(p => p.Name)];

    /// <summary>Gets the names of the projects that others build on: all but the tool.</summary>
    public static TheoryData<string> Libraries() => [.. All.Select(p => p.Name).Where(n => n != "SmimeKit.Tool")];

    internal static SourceProject Of(string name) => All.Single(p => p.Name == name);

    /// <summary>Gets what the project file references: file names of projects without extension, or names of packages.</summary>
    internal IEnumerable<string> References(string item) =>
        Xml.Descendants(item).Select(e => e.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(include => item == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include);

    // What the SDK compiles: everything below the project's folder, and the files that the project links.
    private IEnumerable<(string Path, string Text)> ReadSources() =>
        from file in Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Concat(LinkedFiles())
        let relative = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        select (relative, File.ReadAllText(file));

    private IEnumerable<string> LinkedFiles() =>
        from item in Xml.Descendants("Compile")
        where item.Attribute("Include") is not null
        select Path.GetFullPath(Path.Combine(Folder, item.Attribute("Include")!.Value));
}
