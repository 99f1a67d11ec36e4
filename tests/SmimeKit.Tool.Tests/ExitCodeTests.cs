
using SmimeKit.TestKit;

namespace SmimeKit.Tool.Tests;

/// <summary>Every exit code of the promise is reached.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("open")]
    [InlineData("open", "a.eml", "--nonsense")]
    [InlineData("open", "a.eml", "--at", "yesterday")]
    [InlineData("open", "a.eml", "--at", "2026-06-01T12:00:00")] // an instant needs its zone
    [InlineData("open", "a.eml", "--revocation", "maybe")]
    [InlineData("open", "a.eml", "--store", "s.db", "--no-store")]
    [InlineData("open", "a.eml", "--no-store", "--policy", "lax")]
    [InlineData("open", "a.eml", "--no-store", "--limit", "MaxNonsense=1")]
    [InlineData("open", "a.eml", "--no-store", "--limit", "MaxLayers")]
    [InlineData("open", "a.eml", "--no-store", "--limit", "MaxLayers=-1")]
    [InlineData("open", "-", "-", "--no-store")]
    [InlineData("open", "a.eml", "--no-store", "--json", "-o", "-")]
    [InlineData("open", "a.eml", "--learn", "--no-store")]
    [InlineData("verify", "a.p7s", "--content", "a", "--from", "nobody", "--no-store")]
    [InlineData("verify", "-", "--content", "-", "--no-store")]
    [InlineData("verify", "a.p7s", "b.p7s", "--content", "a", "--no-store")]
    [InlineData("decrypt", "a.eml", "--no-store")]
    [InlineData("sign", "a.eml")]
    [InlineData("sign", "a.eml", "-o", "b", "--form", "xml")]
    [InlineData("encrypt", "a.eml", "-o", "b", "--no-store", "--to", "neither-file-nor-address")]
    [InlineData("encrypt", "a.eml", "-o", "b", "--no-store", "--cipher", "rot13")]
    [InlineData("sign", "a.eml", "-o", "b", "--no-store", "--digest", "crc32")]
    [InlineData("recipients", "ad", "a.eml")]
    [InlineData("cert", "export", "a", "-o", "-", "--json")]
    [InlineData("cert", "list", "--no-store")]
    [InlineData("demo", "--nonsense")]
    [InlineData("cert", "issue", "person", "-o", "a.p12", "--name", "A", "--new-password-file", "p")]
    public async Task Usage_ThatMakesNoSense_Exits2(params string[] arguments)
    {
        if (arguments.Contains("p"))
        {
            arguments[^1] = _folder.Write("p", "secret");
        }

        ToolRun run = (await ToolRun.Async(arguments)).Exits(2);
        Assert.NotEmpty(run.Error);
        Assert.Empty(run.Output);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open", "a.eml", "--crls", "x.crl")]
    [InlineData("open", "a.eml", "--ocsp", "x.der")]
    [InlineData("open", "a.eml", "--online")]
    [InlineData("protect", "a.eml", "-o", "b.eml", "--header-protection")]
    [InlineData("inspect", "a.eml", "--html", "a.html", "--crls", "x.crl")]
    [InlineData("cert", "show", "a.pem", "--online")]
    [InlineData("cert", "list", "--ocsp", "x.der")]
    [InlineData("cert", "validate", "a.pem", "--policy-oid", "1.2.3")]
    public async Task Options_ThatThisVersionCannotHonour_Exit6AndAreNotIgnored(params string[] arguments)
    {
        ToolRun run = (await ToolRun.Async(arguments)).Exits(6);
        Assert.Contains("not supported", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compress", "a.eml", "-o", "b")]
    [InlineData("decompress", "a.eml")]
    [InlineData("digest", "a", "--json")]
    [InlineData("authenticate", "a", "--secret-key", "00")]
    [InlineData("cert", "request", "--name", "A")]
    [InlineData("cert", "revoke", "a.pem")]
    public async Task Commands_OfLaterVersions_Exit6_AsScriptsCanTellThemFromTypingErrors(params string[] arguments)
    {
        ToolRun run = (await ToolRun.Async(arguments)).Exits(6);
        Assert.Contains($"'{(arguments[0] is "recipients" or "cert" ? $"{arguments[0]} {arguments[1]}" : arguments[0])}' is not supported", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("verify")]
    [InlineData("decrypt", "-o", "out")]
    [InlineData("sign", "-o", "out")]
    [InlineData("encrypt", "-o", "out")]
    [InlineData("protect", "-o", "out")]
    [InlineData("inspect")]
    [InlineData("recipients list")]
    [InlineData("cert show")]
    [InlineData("cert validate")]
    public async Task CommonOptions_AreTakenByEveryCommandThatReadsFiles(string command, params string[] more)
    {
        House house = await House.Instance;
        string[] common =
        [
            "--quiet", "--verbose", "--at", "2026-06-01T00:00:00Z", "--policy", "strict", "--trust", house.RootFile, "--certs", house.BobCertificate,
            "--revocation", "best-effort", "--limit", "MaxLayers=3", .. house.Keys(house.AliceKeys), "--no-store",
        ];
        (await ToolRun.Async([.. command.Split(' '), _folder["missing"], .. more, .. common])).Exits(7);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("verify")]
    [InlineData("inspect")]
    [InlineData("recipients list")]
    [InlineData("cert show")]
    public async Task Quiet_PrintsErrorsOnly(string command)
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["encrypt", mail, "-o", _folder["encrypted.eml"], "--to", house.BobCertificate, "--no-self", "--no-store"])).Exits(0);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        string input = command switch { "recipients list" => _folder["encrypted.eml"], "cert show" => house.RootFile, _ => _folder["signed.eml"] };
        ToolRun good = (await ToolRun.Async([.. command.Split(' '), "--quiet", input, .. house.Trusting])).Exits(0);
        Assert.Empty(good.Output + good.Error);
        Assert.NotEmpty((await ToolRun.Async([.. command.Split(' '), input, .. house.Trusting])).Exits(0).Output);
        ToolRun bad = (await ToolRun.Async([.. command.Split(' '), "--quiet", _folder["missing"], .. house.Trusting])).Exits(7);
        Assert.Empty(bad.Output);
        Assert.NotEmpty(bad.Error);
    }

    [Fact]
    public async Task Verbose_PrintsMore()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        string serial = house.AliceSigning.SerialNumberHex;
        Assert.DoesNotContain(serial, (await ToolRun.Async(["open", _folder["signed.eml"], .. house.Trusting])).Output, StringComparison.Ordinal);
        Assert.Contains(serial, (await ToolRun.Async(["open", "--verbose", _folder["signed.eml"], .. house.Trusting])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("best-effort")]
    public async Task Revocation_ThatIsNotRequired_IsReportedAsNotChecked(string revocation)
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        ToolRun run = (await ToolRun.Async(["open", "--json", _folder["signed.eml"], "--revocation", revocation, .. house.Trusting])).Exits(0);
        Assert.Equal("not-checked", run.Json.GetProperty("signatures")[0].GetProperty("revocation").GetString());
    }

    [Fact]
    public async Task Failure_OfEvidence_NamesTheFileThatIsAtFault()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        string broken = _folder.Write("broken.pem", "no certificate");
        Assert.Contains(broken, (await ToolRun.Async("open", mail, "--no-store", "--trust", broken)).Exits(3).Error, StringComparison.Ordinal);
        Assert.Contains(broken, (await ToolRun.Async("open", mail, "--no-store", "--certs", broken)).Exits(3).Error, StringComparison.Ordinal);
        Assert.Contains(broken, (await ToolRun.Async("open", mail, "--no-store", "--key", broken)).Exits(3).Error, StringComparison.Ordinal);
        Assert.Contains(
            broken, (await ToolRun.Async(["encrypt", mail, "-o", _folder["out"], "--to", broken, .. house.Trusting])).Exits(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_OfWhatAllFilesNeed_StillPrintsAnObjectForEach()
    {
        House house = await House.Instance;
        string missing = _folder["missing"];
        string[][] commands =
        [
            ["cert", "show", house.RootFile, house.BobCertificate, "--password-file", missing],
            ["cert", "import", house.RootFile, house.BobCertificate, "--store", _folder["store.db"], "--store-password-file", missing],
            ["verify", house.RootFile, house.BobCertificate, "--no-store", "--trust", missing],
        ];
        foreach (string[] command in commands)
        {
            ToolRun run = (await ToolRun.Async([.. command, "--json"])).Exits(7);
            Assert.Equal([house.RootFile, house.BobCertificate], run.Lines.Select(l => l.GetProperty("file").GetString()));
            Assert.All(run.Lines, l => Assert.Equal("io", l.GetProperty("outcome").GetString()));
            Assert.Empty(run.Error);
        }

        ToolRun validate = (await ToolRun.Async("cert", "validate", house.RootFile, "--no-store", "--trust", missing, "--json")).Exits(7);
        Assert.Equal(house.RootFile, validate.Json.GetProperty("file").GetString());
        ToolRun list = (await ToolRun.Async("cert", "list", "--store", missing, "--json")).Exits(7);
        Assert.Equal("store-not-found", list.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Output_OfAFailedRun_LeavesWhatWasThereBefore()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        string old = _folder.Write("old", "old");
        (await ToolRun.Async(["sign", mail, "-o", old, "--no-store"])).Exits(4);
        (await ToolRun.Async(["encrypt", mail, "-o", old, "--no-store", "--no-self"])).Exits(4);
        (await ToolRun.Async(["protect", mail, "-o", old, "--no-store"])).Exits(4);
        (await ToolRun.Async(["open", house.RootFile, "-o", old, "--no-store"])).Exits(3);
        (await ToolRun.Async(["cert", "issue", "root", "--name", "R", "-o", old, "--new-password-file", _folder["missing"]])).Exits(7);
        Assert.Equal("old", await File.ReadAllTextAsync(old));
        Assert.Equal(["mail.eml", "old"], _folder.Files);
    }

    [Fact]
    public async Task Help_And_Version_Exit0()
    {
        Assert.Contains("recipients", (await ToolRun.Async("--help")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("--even-untrusted", (await ToolRun.Async("open", "--help")).Exits(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--crls", (await ToolRun.Async("open", "--help")).Output, StringComparison.Ordinal);
        (await ToolRun.Async("--version")).Exits(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just a text\n")]
    [InlineData("note: this is no mail\nalthough it has a colon\n")]
    [InlineData("-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n")]
    [InlineData("0")]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\n\r\nhalf")]
    public async Task Input_ThatIsNeitherMailNorCms_Exits3(string content)
    {
        string file = _folder.Write("input", content);
        ToolRun run = (await ToolRun.Async("open", "--json", file, "--no-store", "-o", _folder["out"])).Exits(3);
        Assert.Equal("malformed", OpenSchema.Check(run.Json).GetProperty("outcome").GetString());
        Assert.Equal(["input"], _folder.Files);
    }

    [Fact]
    public async Task Signature_WithoutItsContent_Exits3AndNamesTheOptionAndTheSigner()
    {
        House house = await House.Instance;
        string file = _folder.Write("data", "data");
        (await ToolRun.Async(["sign", file, "-o", _folder["data.p7s"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        ToolRun run = (await ToolRun.Async(["verify", _folder["data.p7s"], .. house.Trusting])).Exits(3);
        Assert.Contains("--content", run.Error, StringComparison.Ordinal);
        Assert.Contains("CN=Alice", run.Output, StringComparison.Ordinal);
        ToolRun json = (await ToolRun.Async(
            ["open", "--json", _folder["data.p7s"], "-o", _folder["out"], "--even-untrusted", .. house.Trusting])).Exits(3);
        Assert.Equal("malformed", OpenSchema.Check(json.Json).GetProperty("outcome").GetString());
        Assert.Equal("content-missing", json.Json.GetProperty("error").GetProperty("code").GetString());
        System.Text.Json.JsonElement signature = Assert.Single(json.Json.GetProperty("signatures").EnumerateArray());
        Assert.Equal("not-checked", signature.GetProperty("integrity").GetString());
        Assert.False(signature.GetProperty("trusted").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.Json.GetProperty("content").GetProperty("sha256").ValueKind);
        Assert.False(File.Exists(_folder["out"]));
    }

    [Fact]
    public async Task KeyFile_ThatThePasswordDoesNotOpen_Exits4()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        ToolRun wrong = (await ToolRun.Async("open", mail, "--no-store", "--key", house.BobKeys, "--password", "wrong")).Exits(4);
        Assert.Contains("(wrong-password)", wrong.Error, StringComparison.Ordinal);
        ToolRun none = (await ToolRun.Async("open", mail, "--no-store", "--key", house.BobKeys)).Exits(4);
        Assert.Contains("(password-required)", none.Error, StringComparison.Ordinal);
        (await ToolRun.Async("open", mail, "--no-store", "--key", house.BobKeys, "--password", "wrong", "--password", House.Password)).Exits(0);
    }

    [Fact]
    public async Task Encrypting_WithoutACertificate_Exits4AndLeavesNoOutput()
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        ToolRun run = (await ToolRun.Async("encrypt", "--json", mail, "-o", _folder["out"], "--no-store", "--no-self")).Exits(4);
        Assert.Equal("recipient-certificate-missing", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(["mail.eml"], _folder.Files);
    }

    [Fact]
    public async Task Ciphertext_ThatWasChanged_Exits4()
    {
        House house = await House.Instance;
        byte[] cms = await EncryptAsync(house, "--cipher", "aes256-gcm");
        cms[^20] ^= 1; // in the last octets of the ciphertext, or the tag
        ToolRun run = (await ToolRun.Async(
            ["open", "--json", _folder.Write("cms", cms), "-o", _folder["out"], .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(4);
        Assert.Equal("decrypt-failed", OpenSchema.Check(run.Json).GetProperty("outcome").GetString());
        Assert.False(File.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("MaxRecipientInfoSize=10")]
    [InlineData("maxlayers=0")]
    [InlineData("MaxHeaderSize=64")]
    public async Task Limit_ThatIsExceeded_Exits5(string limit)
    {
        House house = await House.Instance;
        string cms = _folder.Write("cms", await EncryptAsync(house));
        ToolRun run = (await ToolRun.Async(
            ["open", "--json", cms, "--limit", limit, .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(5);
        Assert.Equal("limit", OpenSchema.Check(run.Json).GetProperty("outcome").GetString());
        Assert.Contains(
            limit.Split('=')[0], run.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Policy_ThatRefusesTheCipher_Exits6_AndLegacyReadsAndFlagsIt()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        Peer.OpenSsl.Run(["cms", "-encrypt", "-des3", "-binary", "-outform", "DER", "-in", data, "-out", _folder["cms"], house.BobCertificate]).Succeeded();
        string[] open = ["open", "--json", _folder["cms"], .. house.Trusting, .. house.Keys(house.BobKeys)];
        Assert.Equal("refused", OpenSchema.Check((await ToolRun.Async(open)).Exits(6).Json).GetProperty("outcome").GetString());
        ToolRun legacy = (await ToolRun.Async([.. open, "--policy", "legacy"])).Exits(0);
        Assert.Equal("weak-cipher", legacy.Json.GetProperty("layers")[0].GetProperty("remarks")[0].GetString());
    }

    [Fact]
    public async Task ContentType_ThatIsNotSupported_Exits6()
    {
        byte[] digested = Convert.FromHexString("300F06092A864886F70D010704A0023000"); // signedAndEnvelopedData of PKCS #7
        ToolRun run = (await ToolRun.Async("open", "--json", _folder.Write("cms", digested), "--no-store")).Exits(6);
        Assert.Equal("unsupported", OpenSchema.Check(run.Json).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Files_ThatCannotBeReadOrWritten_Exit7()
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async("open", _folder["missing"], "--no-store")).Exits(7);
        (await ToolRun.Async("open", _folder.Path, "--no-store")).Exits(7);
        (await ToolRun.Async("open", mail, "--no-store", "-o", Path.Combine(_folder["nowhere"], "out"))).Exits(7);
        (await ToolRun.Async("open", mail, "--no-store", "--trust", _folder["missing"])).Exits(7);
        (await ToolRun.Async("open", mail, "--store", _folder["missing.db"])).Exits(7);
        (await ToolRun.Async("open", mail, "--no-store", "--key", _folder["missing"])).Exits(7);
        Assert.Equal(["mail.eml"], _folder.Files);
    }

    [Fact]
    public async Task Exception_OfNoKnownKind_Exits70_WithItsTraceOnlyWhenAskedFor()
    {
        var broken = new ToolInput { OpenInput = () => throw new InvalidOperationException("planted") };
        ToolRun run = (await ToolRun.Async(broken, "open", "-", "--no-store")).Exits(70);
        Assert.Contains("planted", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", (await ToolRun.Async(broken, "open", "-", "--no-store", "--verbose")).Exits(70).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interruption_Exits130AndLeavesNoOutput()
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        var cancelled = new ToolInput { Cancellation = new CancellationToken(canceled: true) };
        (await ToolRun.Async(cancelled, "open", mail, "--no-store", "-o", _folder["out"])).Exits(130);
        Assert.Equal(["mail.eml"], _folder.Files);
    }

    [Fact]
    public async Task Verify_OfWhatIsNotSigned_Exits1()
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        Assert.Equal("plain", (await ToolRun.Async("verify", "--json", mail, "--no-store")).Exits(1).Json.GetProperty("outcome").GetString());
        (await ToolRun.Async("open", mail, "--no-store")).Exits(0);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<byte[]> EncryptAsync(House house, params string[] options)
    {
        string data = _folder.Write("data", new string('x', 1000));
        ToolRun run = (await ToolRun.Async(
            ["encrypt", data, "-o", "-", "--to", house.BobCertificate, "--no-store", .. options])).Exits(0);
        return run.Octets;
    }

}
