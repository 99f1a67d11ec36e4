using System.Reflection;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Tests;

/// <summary><c>--limit</c> reaches every limit of the library, by the name of its property.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Names() =>
    [
        .. new[] { typeof(SmimeLimits), typeof(CmsLimits), typeof(FileLimits), typeof(PathLimits) }
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(p => p.Name).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Limit_OfEachName_ReachesEveryPropertyOfThatName(string name)
    {
        LimitChoice chosen = LimitChoice.Parse([$"{name.ToLowerInvariant()}=1234567"]);
        object[] all = [chosen.Mail, chosen.Cms, chosen.Files, chosen.Paths];
        int found = 0;
        foreach (object limits in all)
        {
            foreach (PropertyInfo property in limits.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                object value = property.GetValue(limits)!;
                object unchanged = property.GetValue(limits.GetType().GetProperty("Default")!.GetValue(null))!;
                Assert.Equal(property.Name == name ? (value is TimeSpan ? TimeSpan.FromMilliseconds(1234567) : Convert.ChangeType(1234567, value.GetType(), null)) : unchanged, value);
                found += property.Name == name ? 1 : 0;
            }
        }

        Assert.True(found > 0);
    }

    [Fact]
    public void Names_AreThoseOfTheLibrary() => Assert.Equal(
        Names().Select(n => n.Data).Order(StringComparer.Ordinal), LimitChoice.Names.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("MaxNonsense=1")]
    [InlineData("MaxNonsense")]
    public async Task Limit_OfNoKnownName_IsUsageAndListsTheNames(string limit)
    {
        ToolRun run = (await ToolRun.Async("open", "a.eml", "--no-store", "--limit", limit)).Exits(2);
        Assert.All(LimitChoice.Names, name => Assert.Contains(name, run.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SignatureChecks=0")]
    [InlineData("PathLength=2")]
    [InlineData("CandidatePaths=0")]
    public async Task Limit_OfPaths_EndsTheSearchForTrust(string limit)
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        string[] verify = ["verify", "--json", _folder["signed.eml"], .. house.Trusting];
        (await ToolRun.Async(verify)).Exits(0);
        Assert.Equal("untrusted", (await ToolRun.Async([.. verify, "--limit", limit])).Exits(1).Json.GetProperty("signatures")[0].GetProperty("path").GetString());

        string[] validate = ["cert", "validate", "--json", house.BobCertificate, "--certs", house.IntermediateFile, .. house.Trusting];
        (await ToolRun.Async(validate)).Exits(0);
        Assert.False((await ToolRun.Async([.. validate, "--limit", limit])).Exits(1).Json.GetProperty("valid").GetBoolean());

        string[] encrypt =
            ["encrypt", mail, "-o", _folder["out"], "--no-self", "--certs", house.BobCertificate, "--certs", house.IntermediateFile, .. house.Trusting];
        (await ToolRun.Async(encrypt)).Exits(0);
        (await ToolRun.Async([.. encrypt, "--limit", limit])).Exits(4); // no certificate that is valid
    }

    [Theory]
    [InlineData("MaxHeaderSize=40")]
    [InlineData("MaxHeaderFields=3")]
    [InlineData("MaxMimeParts=1")]
    [InlineData("MaxLayers=0")]
    [InlineData("MaxCertificates=1")]
    [InlineData("MaxAttributesSize=10")]
    public async Task Limit_HoldsForInspect(string limit)
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        ToolRun run = (await ToolRun.Async("inspect", "--json", _folder["signed.eml"], "--limit", limit)).Exits(5);
        Assert.Equal("limit", run.Json.GetProperty("outcome").GetString());
        Assert.Contains(limit.Split('=')[0], run.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_OfFiles_HoldsForCertificatesAndKeys()
    {
        House house = await House.Instance;
        (await ToolRun.Async("cert", "show", house.RootFile, "--limit", "MaxFileSize=10")).Exits(5);
        (await ToolRun.Async("cert", "show", house.BobKeys, "--password-file", house.PasswordFile, "--limit", "MaxKdfIterations=10")).Exits(5);
        (await ToolRun.Async("cert", "import", house.RootFile, "--store", _folder["store.db"], "--limit", "MaxFileSize=10")).Exits(5);
    }

    public void Dispose() => _folder.Dispose();
}
