using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmimeKit.Architecture.Tests.Source;

namespace SmimeKit.Architecture.Tests;

/// <summary>No static mutable state: static fields are constant or readonly, and of a type that does not change.</summary>
public sealed class StaticStateTests
{
    // Interfaces that only read (IReadOnlyList, IEnumerable …) are not here; arrays are judged by their visibility.
    private static readonly string[] _mutable =
    [
        "System.Object", "System.Threading.Lock", "System.Threading.SemaphoreSlim", "System.Threading.ReaderWriterLockSlim", // locks guard state
        "System.Threading.ThreadLocal", "System.Threading.AsyncLocal", "System.Threading.Timer", "System.Runtime.CompilerServices.ConditionalWeakTable",
        "System.Collections.Generic.List", "System.Collections.Generic.Dictionary", "System.Collections.Generic.HashSet",
        "System.Collections.Generic.SortedDictionary", "System.Collections.Generic.SortedSet", "System.Collections.Generic.Queue",
        "System.Collections.Generic.Stack", "System.Collections.Generic.LinkedList", "System.Collections.Generic.IList",
        "System.Collections.Generic.IDictionary", "System.Collections.Generic.ICollection", "System.Collections.Generic.ISet",
        "System.Collections.Concurrent", "System.Collections.Hashtable", "System.Collections.ArrayList",
        "System.Text.StringBuilder", "System.IO.Stream", "System.Random", "System.Net.Http.HttpClient", "System.Memory",
    ];

    // "SmimeKit.Some.Type.Field": each with its reason in a comment.
    private static readonly string[] _allowed = [];

    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Source_HasNoStaticMutableState(string project) =>
        Findings.Empty(FindStaticState(SourceProject.Of(project).Compilation).Where(name => !_allowed.Contains(name)));

    [Theory]
    [InlineData("private static int _x;")]
    [InlineData("internal static int X { get; set; }")]
    [InlineData("internal static event Action X;")]
    [InlineData("[ThreadStatic] private static int _x;")]
    [InlineData("private static readonly List<int> _x = [];")]
    [InlineData("internal static IDictionary<int, int> X { get; } = null!;")]
    [InlineData("private static readonly FileStream _x = null!;")]
    [InlineData("private static readonly object _x = new();")]
    [InlineData("internal static readonly byte[] X = [1];")]
    [InlineData("public static byte[] X { get; } = [1];")]
    public void Check_FindsPlantedState(string member) => Assert.NotEmpty(FindStaticState(Compiler.Plant($"class A {{ {member} }}")));

    [Theory]
    [InlineData("private const int X = 1;")]
    [InlineData("private static readonly byte[] _x = [1];")]
    [InlineData("internal static string X { get; } = \"\";")]
    [InlineData("internal static IReadOnlyList<int> X { get; } = [1];")]
    [InlineData("internal static System.Collections.Immutable.ImmutableArray<int> X { get; } = [1];")]
    [InlineData("internal static int X => 1;")]
    [InlineData("private static readonly Lazy<string> _x = new(() => \"\");")]
    public void Check_LeavesConstantsAlone(string member) => Assert.Empty(FindStaticState(Compiler.Plant($"class A {{ {member} }}")));

    private static IEnumerable<string> FindStaticState(CSharpCompilation compilation) =>
        from type in compilation.FindTypes()
        from member in type.GetMembers()
        where member.IsStatic && IsState(member)
        select ((member as IFieldSymbol)?.AssociatedSymbol ?? member).FullName();

    private static bool IsState(ISymbol member) => member switch
    {
        IEventSymbol => true,
        IFieldSymbol { IsConst: true } => false,
        IFieldSymbol { IsReadOnly: false } => true,
        IFieldSymbol { Type: IArrayTypeSymbol } field => (field.AssociatedSymbol ?? field).DeclaredAccessibility != Accessibility.Private,
        IFieldSymbol field => SelfAndBases(field.Type).Any(t => _mutable.Any(t.IsWithin)),
        _ => false,
    };

    private static IEnumerable<string> SelfAndBases(ITypeSymbol type)
    {
        yield return type.FullName();
        for (INamedTypeSymbol? next = type.BaseType; next is { SpecialType: not SpecialType.System_Object }; next = next.BaseType)
        {
            yield return next.FullName();
        }
    }
}
