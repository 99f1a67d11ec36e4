using System.Text.RegularExpressions;
using SmimeKit.Architecture.Tests.Source;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests;

public sealed class ForbiddenApiTests
{
    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    [Trait("Requirement", "R3369-14-b")]
    [Trait("Requirement", "R3370-9-b")]
    [Trait("Requirement", "R3851-4.1-a")]
    [Trait("Requirement", "R3850-5-h")]
    [Trait("Requirement", "R9787-9.9-a")]
    public void Source_UsesNoForbiddenApi(string project)
    {
        IEnumerable<string> broken = FindBroken(SourceProject.Of(project))
            .Where(b => !ForbiddenApi.Allowances.Any(a => a.Covers(b.Use)))
            .Select(b => $"{b.Use}: {b.Rule.Because}");
        Findings.Empty(broken);
    }

    [Fact]
    public void Allowances_AreAllNeeded()
    {
        Use[] broken = [.. SourceProject.All.SelectMany(FindBroken).Select(b => b.Use)];
        Findings.Empty(ForbiddenApi.Allowances.Where(a => !broken.Any(a.Covers)).Select(a => $"{a.File} no longer uses {a.Name}"));
        Findings.Empty(ForbiddenApi.Allowances.Where(a => string.IsNullOrWhiteSpace(a.Reason)).Select(a => $"{a.File} says no reason"));
    }

    [Theory]
    [InlineData("_ = new MemoryStream();", "System.IO.MemoryStream")]
    [InlineData("MemoryStream s = new(); s.ToArray();", "System.IO.MemoryStream.ToArray")]
    [InlineData("new System.Span<byte>(new byte[1]).ToArray();", "System.Span.ToArray")]
    [InlineData("new System.ReadOnlyMemory<byte>(new byte[1]).ToArray();", "System.ReadOnlyMemory.ToArray")]
    [InlineData("_ = System.DateTime.UtcNow;", "System.DateTime.UtcNow")]
    [InlineData("_ = DateTimeOffset.Now.Year;", "System.DateTimeOffset.Now")]
    [InlineData("System.Diagnostics.Process.Start(\"a\");", "System.Diagnostics.Process.Start")]
    [InlineData("HttpClient c = new();", "System.Net.Http.HttpClient.HttpClient")]
    [InlineData("_ = new Random(1);", "System.Random")]
    [InlineData("_ = Random.Shared;", "System.Random.Shared")]
    [InlineData("Console.Write(1);", "System.Console.Write")]
    [InlineData("_ = Activator.CreateInstance<A>();", "System.Activator.CreateInstance")]
    [InlineData("_ = Task.FromResult(1).Result;", "System.Threading.Tasks.Task.Result")]
    [InlineData("Task.CompletedTask.Wait();", "System.Threading.Tasks.Task.Wait")]
    [InlineData("_ = ValueTask.FromResult(1).ConfigureAwait(false).GetAwaiter().GetResult();",
        "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter.GetResult")]
    [InlineData("throw new NotImplementedException();", "System.NotImplementedException.NotImplementedException")]
    [InlineData("_ = new Org.BouncyCastle.X509.X509CertificateParser();", "Org.BouncyCastle.X509.X509CertificateParser")]
    public void Rules_FindAPlantedUse(string statement, string fullName)
    {
        Assert.Contains(fullName, FindBroken(statement));
    }

    [Theory]
    [InlineData("void M(HttpClient client, TimeProvider time) { _ = time.GetUtcNow(); }")]
    [InlineData("bool M(Exception e) => e is NotImplementedException;")]
    [InlineData("int Result => 1; int M() => new A().Result;")]
    [InlineData("byte[] M() => new byte[1].ToArray();")]
    [InlineData("/* MemoryStream */ string M() => \"DateTime.Now\";")]
    public void Rules_LeaveLookalikesAlone(string members)
    {
        Assert.Empty(FindBroken("", members));
    }

    [Fact]
    public void Console_IsForTheToolAlone()
    {
        Use[] uses = [.. Compiler.Plant("class A { void M() => Console.Write(1); }", "src/SmimeKit.Tool/A.cs").FindUses()];
        Assert.DoesNotContain(uses, u => ForbiddenApi.Rules.Any(r => r.IsBrokenBy(u)));
    }

    [Theory]
    [MemberData(nameof(SourceProject.Names), MemberType = typeof(SourceProject))]
    public void Projects_DoNotAllowUnsafeCode(string project)
    {
        Assert.Empty(SourceProject.Of(project).Xml.Descendants("AllowUnsafeBlocks"));
        Assert.DoesNotContain("AllowUnsafeBlocks", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void Source_HasNoMarkersOfUnfinishedWork()
    {
        var marker = new Regex(@"\b(TODO|FIXME|HACK|XXX)\b", RegexOptions.None, TimeSpan.FromSeconds(1));
        IEnumerable<string> files = Repository.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal));
        Findings.Empty(files.Where(f => marker.IsMatch(Repository.Read(f))));
    }

    private static IEnumerable<(Use Use, ForbiddenApi Rule)> FindBroken(SourceProject project) =>
        from use in project.Uses
        from rule in ForbiddenApi.Rules
        where rule.IsBrokenBy(use)
        select (use, rule);

    private static string[] FindBroken(string statement, string members = "") =>
    [
        .. from use in Compiler.Plant($"class A {{ {members} void Planted() {{ {statement} }} }}").FindUses()
           where ForbiddenApi.Rules.Any(r => r.IsBrokenBy(use))
           select use.FullName,
    ];
}
