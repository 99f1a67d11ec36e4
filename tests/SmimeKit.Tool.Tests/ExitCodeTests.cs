
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
    [InlineData("recipients", "add", "a.eml")]
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
    [InlineData("open", "a.eml", "--secret-key", "00")]
    [InlineData("open", "a.eml", "--recipient-password", "x")]
    [InlineData("protect", "a.eml", "-o", "b.eml", "--header-protection")]
    [InlineData("inspect", "a.eml", "--html", "a.html")]
    [InlineData("cert", "validate", "a.pem", "--policy-oid", "1.2.3")]
    [InlineData("encrypt", "a.eml", "-o", "b", "--no-store", "--cipher", "chacha20-poly1305")]
    [InlineData("encrypt", "a.eml", "-o", "b", "--no-store", "--cipher", "3des-cbc", "--policy", "legacy")]
    public async Task Options_ThatThisVersionCannotHonour_Exit6AndAreNotIgnored(params string[] arguments)
    {
        ToolRun run = (await ToolRun.Async(arguments)).Exits(6);
        Assert.Contains("not supported", run.Error, StringComparison.Ordinal);
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
    public async Task Signature_WithoutItsContent_Exits3AndNamesTheOption()
    {
        House house = await House.Instance;
        string file = _folder.Write("data", "data");
        (await ToolRun.Async(["sign", file, "-o", _folder["data.p7s"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        ToolRun run = (await ToolRun.Async(["verify", _folder["data.p7s"], .. house.Trusting])).Exits(3);
        Assert.Contains("--content", run.Error, StringComparison.Ordinal);
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
        byte[] digested = Convert.FromHexString("300F06092A864886F70D010705A0023000"); // digested-data
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
