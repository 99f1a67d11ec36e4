namespace SmimeKit.Tool.Tests;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_InAnEmptyFolder_TellsTheWholeStory()
    {
        using var folder = new TestFolder();
        string place = folder["demo"];
        ToolRun run = (await ToolRun.Async("demo", place)).Exits(0);
        string[] expected =
        [
            "P-384     to issue    CN=Example House Root CA",
            "P-256     to sign     CN=Alice <alice@example.org>",
            "RSA 2048  to receive  CN=Bob <bob@example.net>",
            "aes256-cbc in enveloped-data", // nothing is known of Bob yet
            "1-alice-to-bob.eml: signed and trusted",
            "figures.csv, SHA-256", "as Alice sent it",
            "Bob's store has learned about alice@example.org:",
            "aes256-gcm in authEnveloped-data", // and now of Alice
            "2-bob-to-alice.eml: signed and trusted",
            "match: bob@example.net",
            "1-alice-to-bob.tampered.eml: invalid: digest-mismatch",
            "2-bob-to-alice.tampered.eml: decrypt-failed",
            "3-alice-signed.tampered.eml: invalid: digest-mismatch",
            "All went as it should.",
        ];
        int position = 0;
        foreach (string line in expected)
        {
            int found = run.Output.IndexOf(line, position, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{line}' is missing, or not in its place, in\n{run.Output}");
            position = found;
        }

        Assert.Empty(run.Error);
        Assert.All(["root.pem", "alice.db", "bob.db", "1-alice-to-bob.eml", "2-bob-to-alice.eml"], name => Assert.True(File.Exists(Path.Combine(place, name)), name));
    }

    [Fact]
    public async Task Demo_FilesOfTheStory_OpenWithTheTool()
    {
        using var folder = new TestFolder();
        string place = folder["demo"];
        (await ToolRun.Async("demo", place)).Exits(0);
        string passphrase = folder.Write("passphrase", "Bob's passphrase");
        ToolRun run = (await ToolRun.Async(
            "open", "--json", Path.Combine(place, "1-alice-to-bob.eml"), Path.Combine(place, "1-alice-to-bob.tampered.eml"),
            "--store", Path.Combine(place, "bob.db"), "--password-file", passphrase)).Exits(1);
        Assert.Equal(["ok", "invalid"], run.Lines.Select(l => OpenSchema.Check(l).GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Demo_WithoutFolder_MakesATemporaryOne()
    {
        ToolRun run = (await ToolRun.Async("demo")).Exits(0);
        string folder = run.Output.Split('\n')[0]["The demo works in ".Length..];
        Assert.True(File.Exists(Path.Combine(folder, "figures.csv")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Demo_TellsScriptsItsOutcomeOnly()
    {
        using var folder = new TestFolder();
        ToolRun json = (await ToolRun.Async("demo", folder["json"], "--json")).Exits(0);
        Assert.Equal("ok", json.Json.GetProperty("outcome").GetString());
        Assert.Equal(folder["json"], json.Json.GetProperty("folder").GetString());
        ToolRun quiet = (await ToolRun.Async("demo", folder["quiet"], "--quiet")).Exits(0);
        Assert.Empty(quiet.Output + quiet.Error);
    }

    [Fact]
    public async Task Demo_InAFolderThatIsNotEmpty_IsRefused()
    {
        using var folder = new TestFolder();
        folder.Write("mine", "mine");
        (await ToolRun.Async("demo", folder.Path)).Exits(2);
        Assert.Equal(["mine"], folder.Files);
    }
}
