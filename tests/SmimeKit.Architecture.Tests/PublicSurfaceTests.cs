using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmimeKit.Architecture.Tests.Source;

namespace SmimeKit.Architecture.Tests;

/// <summary>Which foreign types a caller has to know: none but those of MimeKit, and those in SmimeKit alone.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] _foreign =
        ["Org.BouncyCastle", "System.Formats.Asn1", "Microsoft.Data.Sqlite", "SQLitePCL", "System.Security.Cryptography.Pkcs", "System.CommandLine"];

    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Signatures_NameNoForeignType(string project) =>
        Findings.Empty(FindForeign(SourceProject.Of(project).Compilation, mimeKit: project == "SmimeKit"));

    [Fact]
    public void Tool_HasNoPublicType() => Findings.Empty(SourceProject.Of("SmimeKit.Tool").Compilation.FindTypes().Where(IsVisible).Select(t => t.FullName()));

    [Theory]
    [InlineData("public System.Formats.Asn1.AsnReader M() => null!;")]
    [InlineData("public void M(System.Formats.Asn1.Asn1Tag[] tags) { }")]
    [InlineData("protected System.Formats.Asn1.Asn1Tag _tag;")]
    [InlineData("public Func<Task<Org.BouncyCastle.Math.BigInteger>> P => null!;")]
    [InlineData("public void M<T>() where T : Org.BouncyCastle.Crypto.IDigest { }")]
    [InlineData("public interface IB : Org.BouncyCastle.Crypto.IDigest { }")]
    [InlineData("public delegate void D(MimeKit.MimeMessage message);")]
    [InlineData("public MimeKit.MimeMessage this[int index] => null!;")]
    public void Check_FindsPlantedType(string member) => Assert.NotEmpty(FindForeign(Compiler.Plant($"public class A {{ {member} }}"), mimeKit: false));

    [Theory]
    [InlineData("internal System.Formats.Asn1.AsnReader M() => null!;")]
    [InlineData("private protected Org.BouncyCastle.Math.BigInteger P => null!;")]
    [InlineData("internal class B { public Org.BouncyCastle.Math.BigInteger P => null!; }")]
    public void Check_LeavesInternalsAlone(string member) => Assert.Empty(FindForeign(Compiler.Plant($"public class A {{ {member} }}"), mimeKit: false));

    private static IEnumerable<string> FindForeign(CSharpCompilation compilation, bool mimeKit)
    {
        string[] foreign = mimeKit ? _foreign : [.. _foreign, "MimeKit"];
        return from type in compilation.FindTypes()
               where IsVisible(type)
               from part in HeadTypes(type).Select(t => (Symbol: (ISymbol)type, Type: t))
                   .Concat(type.GetMembers().Where(IsVisible).SelectMany(m => SignatureTypes(m).Select(t => (Symbol: m, Type: t))))
               from name in Names(part.Type)
               where foreign.Any(name.IsWithin)
               select $"{part.Symbol.ToDisplayString()}: {name}";
    }

    private static bool IsVisible(ISymbol symbol)
    {
        for (ISymbol? scope = symbol; scope is not null and not INamespaceSymbol; scope = scope.ContainingType)
        {
            if (scope.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<ITypeSymbol> HeadTypes(INamedTypeSymbol type) =>
    [
        .. type.BaseType is { } baseType ? (ITypeSymbol[])[baseType] : [],
        .. type.Interfaces,
        .. type.TypeParameters.SelectMany(p => p.ConstraintTypes),
        .. type.DelegateInvokeMethod is { } invoke ? SignatureTypes(invoke) : [],
    ];

    private static IEnumerable<ITypeSymbol> SignatureTypes(ISymbol member) => member switch
    {
        IMethodSymbol method => [method.ReturnType, .. method.Parameters.Select(p => p.Type), .. method.TypeParameters.SelectMany(p => p.ConstraintTypes)],
        IPropertySymbol property => [property.Type, .. property.Parameters.Select(p => p.Type)],
        IFieldSymbol field => [field.Type],
        IEventSymbol @event => [@event.Type],
        _ => [],
    };

    private static IEnumerable<string> Names(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Names(array.ElementType),
        INamedTypeSymbol named => [named.FullName(), .. named.TypeArguments.SelectMany(Names)],
        _ => [],
    };
}
