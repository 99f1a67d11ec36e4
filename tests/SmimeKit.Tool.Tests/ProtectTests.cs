using System.Text.Json;

namespace SmimeKit.Tool.Tests;

/// <summary><c>sign</c>, <c>encrypt</c> and <c>protect</c>.</summary>
public sealed class ProtectTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("clear", "multipart/signed")]
    [InlineData("opaque", "signed-data")]
    public async Task Sign_OfAMail_HasTheFormAskedForAndIsTrusted(string form, string expected)
    {
        House house = await House.Instance;
        JsonElement json = await SignAndOpenAsync(house, ["--form", form]);
        Assert.Equal(expected, json.GetProperty("layers")[0].GetProperty("form").GetString());
    }

    [Fact]
    public async Task Sign_Options_ReachTheSignature()
    {
        House house = await House.Instance;
        JsonElement json = await SignAndOpenAsync(house, ["--digest", "sha512"]);
        Assert.Equal("sha512", json.GetProperty("signatures")[0].GetProperty("digest").GetString());
        Assert.True(json.GetProperty("signatures")[0].TryGetProperty("signingTime", out _));
        json = await SignAndOpenAsync(house, ["--no-attributes"]);
        Assert.False(json.GetProperty("signatures")[0].TryGetProperty("signingTime", out _));
        (await ToolRun.Async(["inspect", _folder["signed.eml"]])).Exits(0);
        await SignAndOpenAsync(house, ["--ski", "--certs-in", "chain"]);
        Assert.DoesNotContain("signer: CN=House Mail CA", (await ToolRun.Async("inspect", _folder["signed.eml"])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("signer", 1)]
    [InlineData("chain", 2)]
    [Trait("Requirement", "R3850-2.3-c")]
    public async Task Sign_CertsIn_DecidesWhatIsEnclosed(string which, int count)
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        (await ToolRun.Async(["sign", data, "-o", _folder["p7s"], "--certs-in", which, "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        JsonElement cms = (await ToolRun.Async("inspect", "--json", _folder["p7s"])).Exits(0).Json.GetProperty("cms");
        Assert.Equal(count, cms.GetProperty("certificates").GetArrayLength());
    }

    [Fact]
    public async Task Sign_WithPss_SaysSo()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        (await ToolRun.Async(["sign", data, "-o", _folder["p7s"], "--pss", "--no-store", .. house.Keys(house.BobKeys)])).Exits(0);
        JsonElement json = (await ToolRun.Async(["verify", "--json", _folder["p7s"], "--content", data, .. house.Trusting])).Exits(0).Json;
        Assert.Equal("rsa-pss", json.GetProperty("signatures")[0].GetProperty("algorithm").GetString());
    }

    [Fact]
    public async Task Sign_WithTwoKeys_MakesTwoSigners()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        (await ToolRun.Async(["sign", data, "--form", "cms", "-o", _folder["cms"], "--no-store", "--key", house.BobKeys, .. house.Keys(house.AliceKeys)])).Exits(0);
        JsonElement json = (await ToolRun.Async(["open", "--json", _folder["cms"], .. house.Trusting])).Exits(0).Json;
        Assert.Equal(2, json.GetProperty("signatures").GetArrayLength());
        Assert.Equal([0, 1], json.GetProperty("layers")[0].GetProperty("signatures").EnumerateArray().Select(s => s.GetInt32()));
    }

    [Fact]
    [Trait("Requirement", "R3851-3.8-a")]
    public async Task Sign_WithoutAKey_Exits4AndLeavesNoOutput()
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        ToolRun run = (await ToolRun.Async("sign", "--json", mail, "-o", _folder["out"], "--no-store")).Exits(4);
        Assert.Equal("signing-key-missing", run.Json.GetProperty("error").GetProperty("code").GetString());
        ToolRun unreadable = (await ToolRun.Async("sign", "--json", mail, "-o", _folder["out"], "--no-store", "--key", _folder["none"])).Exits(7);
        Assert.Equal("io", unreadable.Json.GetProperty("outcome").GetString());
        Assert.Equal(["mail.eml"], _folder.Files);
    }

    [Fact]
    public async Task Sign_InAMailFormOfWhatIsNoMail_Exits3()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        (await ToolRun.Async(["sign", data, "--form", "clear", "-o", _folder["out"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(3);
        (await ToolRun.Async(["protect", data, "-o", _folder["out"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(3);
        Assert.Equal(["data"], _folder.Files);
    }

    [Fact]
    public async Task Encrypt_OfAMail_GoesToItsRecipientsAndItsSender()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        string[] encrypt =
            ["encrypt", mail, "-o", _folder["out.eml"], "--certs", house.BobCertificate, "--certs", house.IntermediateFile, .. house.Trusting];
        Assert.Contains("own-encryption-certificate-missing", (await ToolRun.Async(encrypt)).Exits(4).Error, StringComparison.Ordinal);
        (await ToolRun.Async([.. encrypt, "--no-self"])).Exits(0);
        Assert.Equal(1, await CountRecipientsAsync("out.eml"));
        (await ToolRun.Async([.. encrypt, .. house.Keys(house.AliceKeys)])).Exits(0);
        Assert.Equal(2, await CountRecipientsAsync("out.eml"));
        ToolRun run = (await ToolRun.Async(["open", "--json", _folder["out.eml"], .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(0);
        Assert.Equal("unsigned", run.Json.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Encrypt_ToAnAddress_TakesItsCertificateFromTheStore()
    {
        House house = await House.Instance;
        string store = _folder["store.db"];
        (await ToolRun.Async("cert", "import", house.RootFile, "--anchor", "--store", store)).Exits(0);
        (await ToolRun.Async("cert", "import", house.BobCertificate, house.IntermediateFile, "--store", store)).Exits(0);
        string data = _folder.Write("data", "data");
        (await ToolRun.Async("encrypt", data, "--to", "bob@example.net", "-o", _folder["cms"], "--store", store)).Exits(0);
        (await ToolRun.Async(["decrypt", _folder["cms"], "-o", _folder["out"], .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(0);
        Assert.Equal("data", await File.ReadAllTextAsync(_folder["out"]));
        (await ToolRun.Async("encrypt", data, "--to", "carol@example.net", "-o", _folder["cms2"], "--store", store)).Exits(4);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("md5")]
    [Trait("Requirement", "R3370-2.2-c")]
    public async Task Sign_WithADigestOfThePast_IsRefusedUnlessThePolicyAdmitsIt(string digest)
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        string[] sign = ["sign", data, "--digest", digest, "-o", _folder["p7s"], "--no-store", .. house.Keys(house.BobKeys)];
        (await ToolRun.Async(sign)).Exits(6);
        Assert.Equal(["data"], _folder.Files);
        (await ToolRun.Async([.. sign, "--policy", "legacy"])).Exits(0);
        (await ToolRun.Async(["verify", _folder["p7s"], "--content", data, .. house.Trusting])).Exits(1);
    }

    [Fact]
    public async Task Strict_EncryptsWithModernAlgorithmsOnly()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        (await ToolRun.Async("encrypt", data, "--to", house.BobCertificate, "-o", _folder["cms"], "--no-store", "--policy", "strict")).Exits(0);
        JsonElement json = (await ToolRun.Async("recipients", "list", "--json", _folder["cms"])).Exits(0).Json;
        Assert.Equal("aes256-gcm", json.GetProperty("algorithm").GetString());
        Assert.Equal("rsa-oaep", json.GetProperty("recipients")[0].GetProperty("algorithm").GetString());
    }

    [Fact]
    public async Task Protect_Triple_HasThreeLayers()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(
            ["protect", mail, "--triple", "-o", _folder["out.eml"], "--certs", house.BobCertificate, "--certs", house.IntermediateFile, .. house.Trusting, .. house.Keys(house.AliceKeys)])).Exits(0);
        ToolRun run = (await ToolRun.Async(["open", "--json", _folder["out.eml"], .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(0);
        Assert.Equal(["signed", "encrypted", "signed"], run.Json.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("kind").GetString()));

        // What is around ciphertext is verified, and vouches for nothing that was read.
        ToolRun outside = (await ToolRun.Async(["verify", "--json", _folder["out.eml"], .. house.Trusting])).Exits(1);
        Assert.Equal("valid", outside.Json.GetProperty("signatures")[0].GetProperty("integrity").GetString());
        Assert.Contains("signs-ciphertext", outside.Json.GetProperty("signatures")[0].GetProperty("problems").ToString(), StringComparison.Ordinal);
        Assert.Equal(["signed", "encrypted"], outside.Json.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("kind").GetString()));
    }

    [Fact]
    [Trait("Requirement", "R9787-9.4.1-a")]
    public async Task Protect_WithBcc_IsRefusedByPolicy()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", "Bcc: carol@example.org\r\n" + House.Mail);
        (await ToolRun.Async(
            ["protect", mail, "-o", _folder["out.eml"], "--certs", house.BobCertificate, .. house.Trusting, .. house.Keys(house.AliceKeys)])).Exits(6);
        Assert.Equal(["mail.eml"], _folder.Files);
    }

    [Fact]
    public async Task PolicyFile_ChangesALevel_AndIsRefusedWhenItIsNotUnderstood()
    {
        House house = await House.Instance;
        string data = _folder.Write("data", "data");
        (await ToolRun.Async("encrypt", data, "--to", house.BobCertificate, "-o", _folder["cms"], "--no-store")).Exits(0);
        string[] open = ["open", "--json", _folder["cms"], .. house.Trusting, .. house.Keys(house.BobKeys), "--policy"];
        (await ToolRun.Async([.. open, _folder.Write("open.json", "{ \"base\": \"default\" }")])).Exits(0);
        (await ToolRun.Async([.. open, _folder.Write("strict.json", "{ \"ciphers\": [\"aes256-gcm\"] }")])).Exits(6);
        (await ToolRun.Async([.. open, _folder.Write("aead.json", "{ \"allowsUnauthenticatedContent\": false }")])).Exits(6);
        (await ToolRun.Async([.. open, _folder.Write("typo.json", "{ \"cypher\": [] }")])).Exits(2);
        (await ToolRun.Async([.. open, _folder.Write("none.json", "[")])).Exits(2);
        (await ToolRun.Async([.. open, _folder.Write("base.json", "{ \"base\": \"lax\" }")])).Exits(2);
        (await ToolRun.Async([.. open, _folder["missing.json"]])).Exits(7);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<int> CountRecipientsAsync(string name) =>
        (await ToolRun.Async("recipients", "list", "--json", _folder[name])).Exits(0).Json.GetProperty("recipients").GetArrayLength();

    private async Task<JsonElement> SignAndOpenAsync(House house, string[] options)
    {
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. options, .. house.Keys(house.AliceKeys)])).Exits(0);
        return OpenSchema.Check((await ToolRun.Async(["open", "--json", _folder["signed.eml"], .. house.Trusting])).Exits(0).Json);
    }
}
