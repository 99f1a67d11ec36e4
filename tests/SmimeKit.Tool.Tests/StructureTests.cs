using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Tool.Tests;

/// <summary><c>inspect</c> and <c>recipients list</c>: what is there, without keys.</summary>
public sealed class StructureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("clear")]
    [InlineData("opaque")]
    public async Task Inspect_SignedMail_ShowsPartsAndSigner(string form)
    {
        House house = await House.Instance;
        string mail = await SignAsync(house, form);
        JsonElement json = (await ToolRun.Async("inspect", "--json", mail)).Exits(0).Json;
        JsonElement[] parts = [.. json.GetProperty("parts").EnumerateArray()];
        Assert.Equal(form == "clear" ? ["1", "1.1", "1.2"] : ["1"], parts.Select(p => p.GetProperty("part").GetString()));
        JsonElement cms = parts[^1].GetProperty("cms");
        Assert.Equal("signed-data", cms.GetProperty("contentType").GetString());
        JsonElement signer = Assert.Single(cms.GetProperty("signers").EnumerateArray());
        Assert.Equal("2026-06-01T12:00:00Z", signer.GetProperty("signingTime").GetString());
        Assert.Contains("smime-capabilities", signer.GetProperty("signedAttributes").EnumerateArray().Select(a => a.GetString()));
        string inner = form == "clear" ? parts[1].GetProperty("type").GetString()! : cms.GetProperty("parts")[0].GetProperty("type").GetString()!;
        Assert.Equal("text/plain", inner);
        string text = (await ToolRun.Async("inspect", mail)).Exits(0).Output;
        Assert.Contains("signed attribute: signing-time 2026-06-01T12:00:00Z", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Offsets_PointAtTheParts()
    {
        House house = await House.Instance;
        string mail = await SignAsync(house, "clear");
        byte[] content = await File.ReadAllBytesAsync(mail);
        JsonElement part = (await ToolRun.Async("inspect", "--json", mail)).Exits(0).Json.GetProperty("parts")[1];
        int body = part.GetProperty("bodyOffset").GetInt32();
        Assert.StartsWith("The secret is 42.", System.Text.Encoding.ASCII.GetString(content.AsSpan(body, part.GetProperty("bytes").GetInt32())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inspect_Asn1_ListsValuesWithTheirOffsets(bool standardInput)
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "some data");
        byte[] cms = (await ToolRun.Async(["sign", data, "--form", "cms", "-o", "-", "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0).Octets;
        string file = _folder.Write("cms", cms);
        ToolRun run = standardInput
            ? await ToolRun.Async(new ToolInput { StandardInput = cms }, "inspect", "--json", "--asn1", "-")
            : await ToolRun.Async("inspect", "--json", "--asn1", file);
        JsonElement[] elements = [.. run.Exits(0).Json.GetProperty("cms").GetProperty("asn1").EnumerateArray()];
        Assert.Equal((0, "SEQUENCE"), (elements[0].GetProperty("offset").GetInt32(), elements[0].GetProperty("type").GetString()));
        Assert.Equal("1.2.840.113549.1.7.2 signed-data", elements[1].GetProperty("value").GetString());
        foreach (JsonElement element in elements.Where(e => e.GetProperty("type").GetString() == "OBJECT IDENTIFIER"))
        {
            Assert.Equal(0x06, cms[element.GetProperty("offset").GetInt32()]);
        }

        Assert.Contains("SEQUENCE", (await ToolRun.Async("inspect", "--asn1", file)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Asn1_AgreesWithOpenSsl()
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        string data = _folder.Write("data", "some data");
        (await ToolRun.Async(["sign", data, "--form", "cms", "-o", _folder["cms"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        JsonElement json = (await ToolRun.Async("inspect", "--json", "--asn1", _folder["cms"])).Exits(0).Json;
        string[] ours =
        [
            .. json.GetProperty("cms").GetProperty("asn1").EnumerateArray().Select(e => FormattableString.Invariant(
                $"{e.GetProperty("offset").GetInt32()}:d={e.GetProperty("depth").GetInt32()} hl={e.GetProperty("header").GetInt32()} l={(e.GetProperty("length").ValueKind == JsonValueKind.Null ? "inf" : e.GetProperty("length").GetInt32())}")),
        ];
        string peer = System.Text.Encoding.ASCII.GetString(Peer.OpenSsl.Run(["asn1parse", "-inform", "DER", "-in", _folder["cms"]]).Succeeded());
        string[] theirs =
        [
            .. peer.Split('\n').Where(l => l.Contains(":d=", StringComparison.Ordinal) && !l.Contains("EOC", StringComparison.Ordinal))
                .Select(l => System.Text.RegularExpressions.Regex.Match(l, @"^\s*(\d+):d=(\d+)\s+hl=(\d+)\s+l=\s*(\w+)").Groups)
                .Select(g => $"{g[1]}:d={g[2]} hl={g[3]} l={g[4]}"),
        ];
        Assert.NotEmpty(theirs);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public async Task Inspect_BrokenCmsInsideAMail_ShowsTheRestAndExits3()
    {
        string mail = _folder.Write("mail.eml", "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCA\r\n");
        JsonElement json = (await ToolRun.Async("inspect", "--json", mail)).Exits(3).Json;
        JsonElement cms = json.GetProperty("parts")[0].GetProperty("cms");
        Assert.Equal("truncated", cms.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("application/pkcs7-mime", json.GetProperty("parts")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Inspect_EveryPublishedMail_EndsWithAVerdictAndWithoutInternalError()
    {
        Vectors.Require();
        string[] files = [.. Vectors.Entries.Where(e => e.Kind is "eml" or "cms-der" or "cms-pem").Select(e => Vectors.PathOf(e.Path))];
        ToolRun run = await ToolRun.Async(["inspect", "--json", "--asn1", .. files]);
        Assert.Equal(files.Length, run.Lines.Count);
        Assert.All(run.Lines, line => Assert.Contains(line.GetProperty("outcome").GetString(), (string[])["ok", "malformed", "unsupported", "limit"]));
    }

    [Fact]
    public async Task RecipientsList_NeedsNoKeyAndReadsTheHeaderOnly()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", new byte[300_000]);
        byte[] cms = (await ToolRun.Async(
            ["encrypt", data, "-o", "-", "--to", house.BobCertificate, "--to", house.AliceCertificate, "--no-store"])).Exits(0).Octets;
        string cut = _folder.Write("cms", cms[..2000]); // most of the ciphertext is missing
        JsonElement json = (await ToolRun.Async("recipients", "list", "--json", cut)).Exits(0).Json;
        Assert.Equal(["ktri", "kari"], json.GetProperty("recipients").EnumerateArray().Select(r => r.GetProperty("kind").GetString()));
        Assert.Equal("aes256-cbc", json.GetProperty("algorithm").GetString());
        string text = (await ToolRun.Async("recipients", "list", cut)).Exits(0).Output;
        Assert.Contains($"serial {house.BobEncryption.SerialNumberHex}", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task RecipientsList_OfWhatIsNotEncrypted_Exits3()
    {
        House house = await House.Instance;
        ToolRun run = (await ToolRun.Async("recipients", "list", "--json", await SignAsync(house, "clear"))).Exits(3);
        Assert.Equal("not-encrypted", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> SignAsync(House house, string form)
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "--form", form, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        return _folder["signed.eml"];
    }
}
