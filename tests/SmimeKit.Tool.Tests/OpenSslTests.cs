using System.Text;
using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Tool.Tests;

/// <summary>Files that go from OpenSSL to the tool, and back.</summary>
public sealed class OpenSslTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly byte[] _data = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];

    [Theory]
    [InlineData("DER")]
    [InlineData("PEM")]
    [InlineData("PEM", "-stream")]
    [InlineData("DER", "-stream", "-noattr")]
    [InlineData("DER", "-keyid", "-md", "sha512")]
    public async Task Open_SignedFileOfOpenSsl_IsTrustedAndItsContentComesOut(string form, params string[] options)
    {
        House house = await SignerAsync();
        string cms = OpenSsl(["-sign", "-binary", "-nodetach", "-outform", form, .. options], _data, "cms");
        ToolRun run = (await ToolRun.Async(["open", "--json", cms, "-o", _folder["out"], .. house.Trusting])).Exits(0);
        Assert.Equal("ok", OpenSchema.Check(run.Json).GetProperty("outcome").GetString());
        Assert.Equal("signed-data", run.Json.GetProperty("layers")[0].GetProperty("form").GetString());
        Assert.Equal(_data, await File.ReadAllBytesAsync(_folder["out"]));
    }

    [Theory]
    [InlineData("kekri", "--secret-key", "000102030405060708090a0b0c0d0e0f:c0fee0")]
    [InlineData("kekri", "--secret-key", "000102030405060708090A0B0C0D0E0F")]
    [InlineData("pwri", "--recipient-password", "a long password")]
    public async Task Open_FileThatOpenSslEncryptedForASecret_IsDecrypted(string kind, params string[] secret)
    {
        string cms = OpenSsl(
            [
                "-encrypt", "-binary", "-outform", "DER", "-aes128", "-secretkey", "000102030405060708090A0B0C0D0E0F", "-secretkeyid", "C0FEE0",
                "-pwri_password", "a long password",
            ],
            _data,
            "cms");
        ToolRun run = (await ToolRun.Async(["decrypt", "--json", cms, "-o", _folder["out"], "--no-store", .. secret])).Exits(0);
        JsonElement[] recipients = [.. run.Json.GetProperty("layers")[0].GetProperty("recipients").EnumerateArray()];
        Assert.Equal(kind, recipients.Single(r => r.GetProperty("matched").GetBoolean()).GetProperty("kind").GetString());
        Assert.Equal(_data, await File.ReadAllBytesAsync(_folder["out"]));
        (await ToolRun.Async(["decrypt", cms, "-o", _folder["out"], "--no-store", "--recipient-password", "wrong"])).Exits(4);
        (await ToolRun.Async(["decrypt", cms, "-o", _folder["out"], "--no-store", "--secret-key", "00"])).Exits(2);
    }

    [Fact]
    public async Task Recipients_OfAFileOfOpenSsl_AreAddedAndRemoved()
    {
        House house = await BobPemAsync();
        string cms = OpenSsl(["-encrypt", "-binary", "-outform", "PEM", "-aes256", "-pwri_password", "a long password"], _data, "cms");
        string[] secret = ["--recipient-password", "a long password"];
        (await ToolRun.Async(["recipients", "add", cms, "-o", _folder["both"], "--to", house.BobCertificate, "--no-store", .. secret])).Exits(0);
        (await ToolRun.Async(["recipients", "remove", _folder["both"], "-o", _folder["one"], "--kind", "pwri", "--no-store"])).Exits(0);

        string[] bob = ["-inkey", _folder["bob.key"], "-recip", house.BobCertificate];
        foreach (string file in new[] { "both", "one" })
        {
            Assert.Equal(_data, Peer.OpenSsl.Run(["cms", "-decrypt", "-binary", "-inform", "DER", "-in", _folder[file], .. bob]).Succeeded());
        }

        (await ToolRun.Async(["decrypt", _folder["both"], "-o", _folder["out"], "--no-store", .. secret])).Exits(0);
        (await ToolRun.Async(["decrypt", _folder["one"], "-o", _folder["out"], "--no-store", .. secret])).Exits(4);
        (await ToolRun.Async(["recipients", "add", cms, "-o", _folder["out"], "--to", house.BobCertificate, "--no-store"])).Exits(4);
        (await ToolRun.Async(["recipients", "remove", _folder["one"], "-o", _folder["out"], "--to", house.BobCertificate, "--no-store"])).Exits(2);
        ToolRun mail = await ToolRun.Async(
            ["recipients", "remove", _folder.Write("mail.eml", House.Mail), "-o", _folder["out"], "--to", house.BobCertificate, "--no-store"]);
        mail.Exits(3);
    }

    [Fact]
    public async Task Open_BareBase64_IsRecognizedByItsContent()
    {
        House house = await SignerAsync();
        string cms = OpenSsl(["-sign", "-binary", "-nodetach", "-outform", "DER"], _data, "cms");
        string text = _folder.Write("note.txt", Convert.ToBase64String(await File.ReadAllBytesAsync(cms), Base64FormattingOptions.InsertLineBreaks));
        (await ToolRun.Async(["open", text, "-o", _folder["out"], .. house.Trusting])).Exits(0);
        Assert.Equal(_data, await File.ReadAllBytesAsync(_folder["out"]));
    }

    [Fact]
    public async Task Verify_DetachedSignatureOfOpenSsl_NeedsExactlyItsContent()
    {
        House house = await SignerAsync();
        string cms = OpenSsl(["-sign", "-binary", "-outform", "PEM"], _data, "cms");
        string content = _folder.Write("content", _data);
        ToolRun run = (await ToolRun.Async(
            ["verify", "--json", cms, "--content", content, "--from", "alice@example.org", .. house.Trusting])).Exits(0);
        JsonElement json = OpenSchema.Check(run.Json);
        Assert.Equal("match", json.GetProperty("signatures")[0].GetProperty("address").GetString());
        Assert.Equal(_data.Length, json.GetProperty("content").GetProperty("bytes").GetInt32());
        (await ToolRun.Async(["verify", cms, "--content", content, "--from", "bob@example.net", .. house.Trusting])).Exits(1);
        _data[5] ^= 1;
        ToolRun other = (await ToolRun.Async(["verify", "--json", cms, "--content", _folder.Write("content", _data), .. house.Trusting])).Exits(1);
        Assert.Equal("digest-mismatch", other.Json.GetProperty("signatures")[0].GetProperty("integrity").GetString());
    }

    [Fact]
    public async Task Verify_TextThatOpenSslSignedWithCrlf_HoldsForTheFileWithLf()
    {
        House house = await SignerAsync();
        byte[] text = Encoding.ASCII.GetBytes("one\ntwo\n");
        string cms = OpenSsl(["-sign", "-outform", "DER"], text, "cms");
        ToolRun run = (await ToolRun.Async(["verify", "--json", cms, "--content", _folder.Write("text", text), .. house.Trusting])).Exits(0);
        Assert.Equal("canonicalized", run.Json.GetProperty("warnings")[0].GetString());
    }

    [Fact]
    public async Task Verify_SignatureThatCarriesOtherContent_IsInvalid()
    {
        House house = await SignerAsync();
        string cms = OpenSsl(["-sign", "-binary", "-nodetach", "-outform", "DER"], _data, "cms");
        ToolRun run = (await ToolRun.Async(["verify", "--json", cms, "--content", _folder.Write("content", _data), .. house.Trusting])).Exits(1);
        Assert.Contains("embedded-content", run.Json.GetProperty("signatures")[0].GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-aes256")]
    [InlineData("-aes128", "-stream")]
    [InlineData("-aes-256-gcm")]
    [InlineData("-aes256", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256")]
    public async Task Decrypt_FileOfOpenSsl_GivesItsContent(string cipher, params string[] options)
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        string[] recipient = ["-recip", house.BobCertificate];
        string cms = OpenSsl(["-encrypt", "-binary", "-outform", "DER", cipher, .. recipient, .. options], _data, "cms");
        ToolRun run = (await ToolRun.Async(
            ["decrypt", "--json", cms, "-o", _folder["out"], .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(0);
        Assert.Equal("ok", OpenSchema.Check(run.Json).GetProperty("outcome").GetString());
        Assert.Equal(_data, await File.ReadAllBytesAsync(_folder["out"]));
    }

    [Fact]
    public async Task Decrypt_SignedMailInsideAnEncryptedOne_LeavesAMailWhoseSignatureHolds()
    {
        House house = await SignerAsync();
        byte[] signed = Peer.OpenSsl.Run(
            ["cms", "-sign", "-in", _folder.Write("body", "Content-Type: text/plain\r\n\r\nHello\r\n"), "-signer", _folder["alice.pem"], "-certfile", house.IntermediateFile]).Succeeded();
        byte[] mail = Peer.OpenSsl.Run(
            ["cms", "-encrypt", "-aes256", "-in", _folder.Write("signed", signed), "-from", "alice@example.org", "-to", "bob@example.net",
                "-subject", "Hello", house.BobCertificate]).Succeeded();
        string file = _folder.Write("mail.eml", mail);
        (await ToolRun.Async(["decrypt", file, "-o", _folder["decrypted.eml"], .. house.Trusting, .. house.Keys(house.BobKeys)])).Exits(0);
        string decrypted = await File.ReadAllTextAsync(_folder["decrypted.eml"]);
        Assert.Contains("From: alice@example.org", decrypted, StringComparison.Ordinal);
        Assert.Contains("multipart/signed", decrypted, StringComparison.Ordinal);
        ToolRun run = (await ToolRun.Async(["verify", "--json", _folder["decrypted.eml"], .. house.Trusting])).Exits(0);
        Assert.Equal("match", run.Json.GetProperty("signatures")[0].GetProperty("address").GetString());
    }

    [Theory]
    [InlineData("clear", "-inform", "SMIME")]
    [InlineData("opaque", "-inform", "SMIME")]
    [InlineData("cms", "-inform", "DER")]
    public async Task Sign_InEveryForm_IsVerifiedByOpenSsl(string form, params string[] read)
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(
            ["sign", mail, "--form", form, "-o", _folder["signed"], "--certs", house.IntermediateFile, "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        byte[] content = Verify(house, [.. read, "-in", _folder["signed"]]);
        Assert.Contains("The secret is 42.", Encoding.ASCII.GetString(content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_Detached_IsVerifiedByOpenSsl()
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        string data = _folder.Write("data", _data);
        (await ToolRun.Async(["sign", data, "-o", _folder["data.p7s"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        Assert.Equal(_data, Verify(house, ["-binary", "-inform", "DER", "-in", _folder["data.p7s"], "-content", data]));
    }

    [Theory]
    [InlineData("aes128-cbc")]
    [InlineData("aes256-cbc", "--oaep")]
    [InlineData("aes256-gcm", "--oaep", "sha256", "--ski")]
    public async Task Encrypt_IsDecryptedByOpenSsl(string cipher, params string[] options)
    {
        House house = await BobPemAsync();
        string data = _folder.Write("data", _data);
        (await ToolRun.Async(["encrypt", data, "-o", _folder["cms"], "--to", house.BobCertificate, "--cipher", cipher, "--no-store", .. options])).Exits(0);
        byte[] content = Peer.OpenSsl.Run(
            ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", _folder["cms"], "-inkey", _folder["bob.key"], "-recip", house.BobCertificate]).Succeeded();
        Assert.Equal(_data, content);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Verify(House house, string[] arguments) =>
        Peer.OpenSsl.Run(["cms", "-verify", "-CAfile", house.RootFile, "-purpose", "any", "-attime", "1780315200", .. arguments]).Succeeded();

    // Alice's signing key as PEM: her certificate to sign with is the one whose usage says so.
    private async Task<House> SignerAsync()
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        string all = Encoding.ASCII.GetString(ExportPem(house, house.AliceKeys));
        string certificate = Certificates.CertificateFile.EncodePem([house.AliceSigning]);
        string key = Assert.Single(
            SplitKeys(all), k => PublicKey(k).SequenceEqual(house.AliceSigning.PublicKey.RawData.ToArray()));
        _folder.Write("alice.pem", certificate + key);
        return house;
    }

    private async Task<House> BobPemAsync()
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        string all = Encoding.ASCII.GetString(ExportPem(house, house.BobKeys));
        _folder.Write("bob.key", Assert.Single(
            SplitKeys(all), k => PublicKey(k).SequenceEqual(house.BobEncryption.PublicKey.RawData.ToArray())));
        return house;
    }

    private static byte[] ExportPem(House house, string file) =>
        Peer.OpenSsl.Run(["pkcs12", "-in", file, "-nodes", "-passin", "file:" + house.PasswordFile]).Succeeded();

    private static IEnumerable<string> SplitKeys(string pem)
    {
        const string Begin = "-----BEGIN PRIVATE KEY-----";
        const string End = "-----END PRIVATE KEY-----";
        for (int at = pem.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = pem.IndexOf(Begin, at + 1, StringComparison.Ordinal))
        {
            yield return pem[at..(pem.IndexOf(End, at, StringComparison.Ordinal) + End.Length)] + "\n";
        }
    }

    private byte[] PublicKey(string pem) => Peer.OpenSsl.Run(["pkey", "-pubout", "-outform", "DER", "-in", _folder.Write("key", pem)]).Succeeded();

    private string OpenSsl(string[] arguments, byte[] content, string output)
    {
        string[] signer = arguments[0] == "-sign" ? ["-signer", _folder["alice.pem"], "-certfile", _folder.Write("ca.pem", File.ReadAllText(House.Instance.Result.IntermediateFile))] : [];
        Peer.OpenSsl.Run(["cms", .. arguments, .. signer, "-in", _folder.Write("plain", content), "-out", _folder[output]]).Succeeded();
        return _folder[output];
    }
}
