using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Tool.Tests;

/// <summary>The mails of Thunderbird's own tests, made by NSS, through <c>open --json</c>.</summary>
public sealed class ThunderbirdTests
{
    private const string Group = "thunderbird-smime";
    private const string Missing = "(the vector collection is missing)";

    // Without the collection one case stays, which then skips.
    public static TheoryData<string> Mails() =>
        [.. Vectors.Group(Group).Where(e => e.Kind == "eml" && e.List("trust").Count > 0).Select(e => e.Path).DefaultIfEmpty(Missing)];

    [Theory]
    [MemberData(nameof(Mails))]
    public async Task Open_OfAThunderbirdMail_FindsWhatItsManifestExpects(string path)
    {
        Vectors.Require();
        VectorEntry entry = Vectors.Entry(path);
        ToolRun run = await ToolRun.Async(
            "open", "--json", Vectors.PathOf(path), "--no-store", "--trust", Vectors.PathOf(entry.List("trust")[0]),
            "--at", entry.Text("at") ?? "2026-06-01T00:00:00Z", "--key", Vectors.PathOf(Group + "/Bob.p12"), "--password", "nss");
        JsonElement json = OpenSchema.Check(run.Json);
        string outcome = json.GetProperty("outcome").GetString()!;
        JsonElement[] signatures = [.. json.GetProperty("signatures").EnumerateArray()];
        JsonElement[] layers = [.. json.GetProperty("layers").EnumerateArray()];
        Assert.Equal(JsonValueKind.Null, json.GetProperty("error").ValueKind); // every one can be read to its end
        Assert.Equal(entry.Expected("decrypt") == "ok", layers.Any(l => l.GetProperty("kind").GetString() == "encrypted"));
        Assert.All(
            layers.Where(l => l.GetProperty("kind").GetString() == "encrypted"),
            l => Assert.Contains(l.GetProperty("recipients").EnumerateArray(), r => r.GetProperty("matched").GetBoolean()));
        switch (entry.Expected("verify"))
        {
            case "invalid":
                Assert.Equal("invalid", outcome);
                Assert.Equal(1, run.ExitCode);
                break;
            case "valid":
                Assert.All(signatures, s => Assert.Equal(("valid", "trusted"), (s.GetProperty("integrity").GetString(), s.GetProperty("path").GetString())));
                Assert.Equal(signatures.All(s => s.GetProperty("trusted").GetBoolean()) ? "ok" : "untrusted", outcome);
                break;
            default:
                Assert.Equal(("unsigned", 0), (outcome, run.ExitCode));
                break;
        }

        // SHA-1 is not accepted by the default policy, and a signer who is not the sender is not either.
        bool one = signatures.Length == 1;
        bool sha1 = path.Contains("SHA1", StringComparison.Ordinal);
        bool around = layers.Length > 0 && layers[^1].GetProperty("kind").GetString() == "encrypted";
        if (one && !around && entry.Expected("verify") == "valid")
        {
            Assert.Equal(sha1 ? "untrusted" : "ok", outcome);
            Assert.Equal(sha1 ? "refused" : "ok", signatures[0].GetProperty("policy").GetString());
        }
    }

    [Fact]
    public async Task Legacy_ReadsSha1AndFlagsIt_WithoutTrustingIt()
    {
        Vectors.Require();
        ToolRun run = (await ToolRun.Async(
            "open", "--json", Vectors.PathOf(Group + "/alice.sig.SHA1.opaque.eml"), "--no-store", "--policy", "legacy",
            "--trust", Vectors.PathOf(Group + "/TestCA.pem"), "--at", "2026-06-01T00:00:00Z")).Exits(1);
        Assert.Contains(
            run.Json.GetProperty("signatures")[0].GetProperty("problems").EnumerateArray(),
            p => p.GetString()!.StartsWith("weak-digest: ", StringComparison.Ordinal));
    }
}
