using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Tool.Tests;

public sealed class CertTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Show_GivesWhatTheCertificateSays()
    {
        House house = await House.Instance;
        JsonElement json = (await ToolRun.Async("cert", "show", "--json", house.BobCertificate)).Exits(0).Json;
        JsonElement certificate = Assert.Single(json.GetProperty("certificates").EnumerateArray());
        Assert.Equal("CN=Bob", certificate.GetProperty("subject").GetString());
        Assert.Equal("RSA 2048", certificate.GetProperty("key").GetString());
        Assert.Equal(["bob@example.net"], certificate.GetProperty("emails").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(["keyEncipherment"], certificate.GetProperty("keyUsage").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(["emailProtection"], certificate.GetProperty("extKeyUsage").EnumerateArray().Select(e => e.GetString()));
        Assert.False(certificate.GetProperty("ca").GetBoolean());
        Assert.Contains("2026-05-31T12:00:00Z to 2028-05-31T12:00:00Z", (await ToolRun.Async("cert", "show", house.BobCertificate)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OfAKeyFile_ListsItsCertificates()
    {
        House house = await House.Instance;
        JsonElement json = (await ToolRun.Async("cert", "show", "--json", house.BobKeys, "--password-file", house.PasswordFile)).Exits(0).Json;
        Assert.Equal(4, json.GetProperty("certificates").GetArrayLength()); // two of Bob, and their issuers
        (await ToolRun.Async("cert", "show", house.BobKeys)).Exits(4);
        (await ToolRun.Async("cert", "show", _folder.Write("text", "text"))).Exits(3);
    }

    [Fact]
    public async Task Validate_NamesThePathOrTheReason()
    {
        House house = await House.Instance;
        JsonElement valid = (await ToolRun.Async(
            ["cert", "validate", "--json", house.BobCertificate, "--certs", house.IntermediateFile, "--purpose", "email-encrypt", .. house.Trusting])).Exits(0).Json;
        Assert.True(valid.GetProperty("valid").GetBoolean());
        Assert.Equal(["CN=Bob", "CN=House Mail CA", "CN=House Root"], valid.GetProperty("path").EnumerateArray().Select(s => s.GetString()));
        Assert.Empty(valid.GetProperty("problems").EnumerateArray());
        Assert.Empty(valid.GetProperty("policies").EnumerateArray());
        JsonElement usage = (await ToolRun.Async(
            ["cert", "validate", "--json", house.BobCertificate, "--certs", house.IntermediateFile, "--purpose", "email-sign", .. house.Trusting])).Exits(1).Json;
        Assert.StartsWith("key-usage: ", usage.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        JsonElement lost = (await ToolRun.Async(["cert", "validate", "--json", house.BobCertificate, .. house.Trusting])).Exits(1).Json;
        Assert.StartsWith("no-anchor: ", lost.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        JsonElement required = (await ToolRun.Async(
            ["cert", "validate", "--json", house.BobCertificate, "--certs", house.IntermediateFile, "--revocation", "require", .. house.Trusting])).Exits(1).Json;
        Assert.StartsWith("revocation-not-checked: ", required.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        JsonElement broken = (await ToolRun.Async(["cert", "validate", "--json", _folder.Write("text", "text"), .. house.Trusting])).Exits(3).Json;
        Assert.False(broken.GetProperty("valid").GetBoolean());
        Assert.Equal("malformed", broken.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Validate_ForPeople_ShowsThePath()
    {
        House house = await House.Instance;
        string output = (await ToolRun.Async(
            ["cert", "validate", house.BobCertificate, "--certs", house.IntermediateFile, .. house.Trusting])).Exits(0).Output;
        Assert.Contains(": valid", output, StringComparison.Ordinal);
        Assert.Contains("    CN=House Root", output, StringComparison.Ordinal);
        Assert.Contains("revocation not-checked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_TakesCertificatesKeysAndAnchorsIn_AndGivesCertificatesOut()
    {
        House house = await House.Instance;
        string store = _folder["store.db"];
        (await ToolRun.Async("cert", "import", house.RootFile, "--anchor", "--store", store)).Exits(0);
        (await ToolRun.Async("cert", "import", house.BobCertificate, "--pinned", "--store", store)).Exits(0);
        ToolRun keys = (await ToolRun.Async(
            "cert", "import", "--json", house.AliceKeys, "--store", store, "--store-password-file", house.PasswordFile, "--password-file", house.PasswordFile)).Exits(0);
        Assert.Equal(2, keys.Json.GetProperty("keys").GetArrayLength());
        JsonElement list = (await ToolRun.Async("cert", "list", "--json", "--store", store)).Exits(0).Json;
        Assert.Equal(["CN=House Root"], list.GetProperty("anchors").EnumerateArray().Select(a => a.GetProperty("subject").GetString()));
        JsonElement[] certificates = [.. list.GetProperty("certificates").EnumerateArray()];
        Assert.Equal(2, certificates.Count(c => c.GetProperty("hasKey").GetBoolean()));
        JsonElement bob = Assert.Single(certificates, c => c.GetProperty("subject").GetString() == "CN=Bob");
        Assert.Equal("pinned", bob.GetProperty("provenance").GetString());
        (await ToolRun.Async("cert", "export", "bob@example.net", "--store", store, "-o", _folder["bob.pem"])).Exits(0);
        Assert.Equal(await File.ReadAllTextAsync(house.BobCertificate), await File.ReadAllTextAsync(_folder["bob.pem"]));
        ToolRun export = (await ToolRun.Async("cert", "export", "--json", "bob@example.net", "--form", "p7c", "--store", store, "-o", _folder["bob.p7c"])).Exits(0);
        Assert.Equal("CN=Bob", Assert.Single(export.Json.GetProperty("certificates").EnumerateArray()).GetProperty("subject").GetString());
        (await ToolRun.Async("cert", "show", _folder["bob.p7c"])).Exits(0);
        ToolRun der = (await ToolRun.Async("cert", "export", bob.GetProperty("sha256").GetString()![..16], "--form", "der", "--store", store, "-o", "-")).Exits(0);
        Assert.Equal(house.BobEncryption.RawData.ToArray(), der.Octets);
        (await ToolRun.Async("cert", "export", "alice@example.org", "--form", "der", "--store", store, "-o", _folder["x"])).Exits(2); // two of them
        (await ToolRun.Async("cert", "export", "nobody@example.org", "--store", store, "-o", _folder["x"])).Exits(4);
        Assert.False(File.Exists(_folder["x"]));
        Assert.Contains("with key", (await ToolRun.Async("cert", "list", "--store", store)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_TakesAnAddressANumberOrAPartOfTheSubject()
    {
        House house = await House.Instance;
        string store = _folder["store.db"];
        (await ToolRun.Async("cert", "import", house.RootFile, "--anchor", "--store", store)).Exits(0);
        (await ToolRun.Async("cert", "import", house.BobCertificate, house.AliceCertificate, house.IntermediateFile, "--store", store)).Exits(0);
        string[] forms =
        [
            "bob@example.net", "BOB@example.net", Convert.ToHexStringLower(house.BobEncryption.Sha256.Span)[..16], house.BobEncryption.SerialNumberHex,
            Convert.ToHexString(house.BobEncryption.SubjectKeyIdentifier.Span), "cn=bob",
        ];
        foreach (string form in forms)
        {
            JsonElement found = (await ToolRun.Async("cert", "find", "--json", form, "--store", store)).Exits(0).Json;
            Assert.Equal("CN=Bob", Assert.Single(found.GetProperty("certificates").EnumerateArray()).GetProperty("subject").GetString());
            Assert.Empty(found.GetProperty("anchors").EnumerateArray());
        }

        Assert.Contains("trust anchor", (await ToolRun.Async("cert", "find", "House Root", "--store", store)).Exits(0).Output, StringComparison.Ordinal);
        string[] bob = ["cert", "find", "bob@example.net", "--store", store];
        (await ToolRun.Async([.. bob, "--purpose", "email-encrypt", "--at", "2026-06-02T00:00:00Z"])).Exits(0);
        (await ToolRun.Async([.. bob, "--purpose", "email-sign"])).Exits(4);
        (await ToolRun.Async([.. bob, "--at", "2040-01-01T00:00:00Z"])).Exits(4);
        ToolRun none = (await ToolRun.Async("cert", "find", "--json", "carol", "--store", store)).Exits(4);
        Assert.Equal("certificate-not-found", none.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Import_OfKeysWithoutTheStoresPassphrase_IsRefusedAndChangesNothing()
    {
        House house = await House.Instance;
        string store = _folder["store.db"];
        ToolRun run = (await ToolRun.Async("cert", "import", "--json", house.AliceKeys, "--store", store, "--password-file", house.PasswordFile)).Exits(4);
        Assert.Equal("store-passphrase-required", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty((await ToolRun.Async("cert", "list", "--json", "--store", store)).Exits(0).Json.GetProperty("certificates").EnumerateArray());
    }

    [Fact]
    public async Task DefaultStore_LiesInTheDataFolder_AndIsUsedWithoutBeingNamed()
    {
        House house = await House.Instance;
        var input = new ToolInput { DataFolder = _folder["data"] };
        (await ToolRun.Async(input, "cert", "list")).Exits(7);
        (await ToolRun.Async(input, "cert", "import", house.RootFile, "--anchor")).Exits(0);
        Assert.True(File.Exists(Path.Combine(_folder["data"], "store.db")));
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        (await ToolRun.Async(input, "open", _folder["signed"])).Exits(0);
        (await ToolRun.Async(input, "open", _folder["signed"], "--no-store")).Exits(1);
        (await ToolRun.Async(input, "open", _folder["signed"], "--trust", house.BobCertificate)).Exits(1); // named anchors alone count
    }

    [Fact]
    public async Task Issue_MakesACaAndPeople_WhoseMailIsTrusted()
    {
        House house = await House.Instance;
        string[] password = ["--new-password-file", house.PasswordFile, "--password-file", house.PasswordFile, "--key-type", "p256"];
        (await ToolRun.Async(["cert", "issue", "root", "--name", "My Root", "-o", _folder["root.p12"], .. password])).Exits(0);
        (await ToolRun.Async(["cert", "issue", "intermediate", "--name", "My CA", "--ca", _folder["root.p12"], "-o", _folder["ca.p12"], .. password])).Exits(0);
        ToolRun person = (await ToolRun.Async(
            ["cert", "issue", "person", "--json", "--name", "Alice", "--email", "alice@example.org", "--ca", _folder["ca.p12"], "-o", _folder["alice.p12"], .. password])).Exits(0);
        Assert.Equal(2, person.Json.GetProperty("certificates").GetArrayLength());
        JsonElement shown = (await ToolRun.Async("cert", "show", "--json", _folder["root.p12"], "--password-file", house.PasswordFile)).Json;
        string store = _folder["store.db"];
        (await ToolRun.Async("cert", "import", _folder["root.p12"], "--anchor", "--store", store, "--password-file", house.PasswordFile, "--store-password-file", house.PasswordFile)).Exits(0);
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(_folder["alice.p12"])])).Exits(0);
        (await ToolRun.Async("verify", _folder["signed.eml"], "--store", store)).Exits(0);
        Assert.True(shown.GetProperty("certificates")[0].GetProperty("ca").GetBoolean());
        (await ToolRun.Async(["cert", "issue", "person", "--name", "Bob", "--email", "no address", "--ca", _folder["ca.p12"], "-o", _folder["bob.p12"], .. password])).Exits(2);
        (await ToolRun.Async(["cert", "issue", "person", "--name", "Bob", "--email", "b@example.org", "--ca", _folder["alice.p12"], "-o", _folder["bob.p12"], .. password])).Exits(4);
        Assert.False(File.Exists(_folder["bob.p12"]));
    }

    [Fact]
    public async Task Issue_KeyFile_IsReadByOpenSsl()
    {
        House house = await House.Instance;
        Peer.OpenSsl.Require();
        (await ToolRun.Async(
            "cert", "issue", "root", "--name", "My Root", "-o", _folder["root.p12"], "--new-password-file", house.PasswordFile, "--key-type", "p256")).Exits(0);
        Peer.OpenSsl.Run(["pkcs12", "-in", _folder["root.p12"], "-noout", "-passin", "file:" + house.PasswordFile]).Succeeded();
    }

    public void Dispose() => _folder.Dispose();
}
