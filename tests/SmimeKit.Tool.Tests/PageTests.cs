using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmimeKit.TestKit;

namespace SmimeKit.Tool.Tests;

/// <summary><c>inspect --html</c>: one page that shows what the text shows, and cannot be made to do anything else.</summary>
public sealed partial class PageTests : IDisposable
{
    private static readonly string[] _tags =
    [
        "html", "head", "meta", "title", "style", "body", "h1", "p", "ul", "li", "b", "i", "details", "summary", "table", "tr", "th", "td", "footer",
    ];

    private static readonly string[] _attributes = ["lang", "charset", "http-equiv", "content", "name", "class"];

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Page_ShowsTheTreeOfTheTextWithItsOffsets()
    {
        string mail = await SignAsync();
        ToolRun run = (await ToolRun.Async("inspect", mail, "--html", _folder["page.html"])).Exits(0);
        Assert.Equal(_folder["page.html"], run.Output.TrimEnd()); // the page takes the place of the text
        string page = await ReadPageAsync();
        string text = (await ToolRun.Async("inspect", "--asn1", mail)).Exits(0).Output;
        string words = System.Net.WebUtility.HtmlDecode(Tags().Replace(page, ""));
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Assert.All(
                line.Split([": ", " ", "+"], StringSplitOptions.RemoveEmptyEntries),
                word => Assert.Contains(word, words, StringComparison.Ordinal));
        }

        JsonElement json = (await ToolRun.Async("inspect", "--json", "--asn1", mail)).Exits(0).Json;
        JsonElement cms = json.GetProperty("parts")[2].GetProperty("cms");
        Assert.All(
            cms.GetProperty("asn1").EnumerateArray(),
            e => Assert.Contains($"<tr><td>{e.GetProperty("offset").GetInt64()}</td>", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_NeedsAndAllowsNothingFromElsewhere()
    {
        await ToolRun.Async("inspect", await SignAsync(), "--html", _folder["page.html"]);
        string page = await ReadPageAsync();
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("//", page, StringComparison.Ordinal); // no address of any scheme
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        CheckTags(page);
    }

    [Fact]
    public async Task Page_OfHostileMail_HoldsItsTextAsTextOnly()
    {
        const string Attack = "</i></style></title><script>alert(1)</script><img src=x onerror=alert(2)>'&amp;\e[31m\u202E";
        string mail = _folder.Write("<svg onload=alert(3)>.eml", Encoding.UTF8.GetBytes(
            "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            + $"Content-Type: text/x<script>; name*=utf-8''{Uri.EscapeDataString(Attack)}\r\nContent-Transfer-Encoding: 7bit<script>\r\n\r\nx\r\n--b\r\n"
            + $"Content-Type: application/pkcs7-mime\r\nContent-Disposition: attachment; filename*=utf-8''{Uri.EscapeDataString(Attack)}\r\n\r\nx\r\n--b--\r\n"));
        (await ToolRun.Async("inspect", mail, "--html", _folder["page.html"])).Exits(3);
        string page = await ReadPageAsync();
        CheckTags(page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;svg onload", page, StringComparison.Ordinal);
        Assert.DoesNotContain(page, c => (char.IsControl(c) && c is not '\n' and not '\r') || c == '\u202E');
    }

    [Fact]
    public async Task Page_OfHostileCertificate_HoldsItsNameAsTextOnly()
    {
        Peer.OpenSsl.Require();
        Peer.OpenSsl.Run(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=<script>alert(1)<\\/script>",
                "-keyout", _folder["key"], "-out", _folder["cert"]]).Succeeded();
        Peer.OpenSsl.Run(
            ["cms", "-sign", "-in", _folder.Write("data", "data"), "-nodetach", "-outform", "DER", "-signer", _folder["cert"], "-inkey", _folder["key"],
                "-out", _folder["cms"]]).Succeeded();
        (await ToolRun.Async("inspect", _folder["cms"], "--html", _folder["page.html"])).Exits(0);
        string page = await ReadPageAsync();
        CheckTags(page);
        Assert.Contains("UTF8String: &lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfSeveralFiles_HasAChapterForEach_AndSaysWhatCouldNotBeRead()
    {
        string mail = await SignAsync();
        string broken = _folder.Write("broken.p7m", [0x30, 0x80, 0x06]);
        ToolRun run = (await ToolRun.Async("inspect", "--json", mail, broken, _folder["missing"], "--html", _folder["page.html"])).Exits(3);
        Assert.Equal(["ok", "malformed", "io"], run.Lines.Select(l => l.GetProperty("outcome").GetString()));
        string page = await ReadPageAsync();
        Assert.Equal(3, Regex.Count(page, "<h1>"));
        Assert.Contains("(io)", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>", page.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_IsWrittenWholeOrNotAtAll()
    {
        string mail = await SignAsync();
        _folder.Write("page.html", "an older page");
        (await ToolRun.Async("inspect", _folder["missing"], "--html", _folder["page.html"])).Exits(7);
        var cancelled = new ToolInput { Cancellation = new CancellationToken(canceled: true) };
        (await ToolRun.Async(cancelled, "inspect", mail, "--html", _folder["page.html"])).Exits(130);
        Assert.Equal("an older page", await File.ReadAllTextAsync(_folder["page.html"]));
        (await ToolRun.Async("inspect", mail, "--html", Path.Combine(_folder["nowhere"], "page.html"))).Exits(7);
        Assert.Equal(["mail.eml", "page.html", "signed.eml"], _folder.Files);
    }

    [Fact]
    public async Task Page_GoesToStandardOutputAlone_AndNeverOverItsInput()
    {
        string mail = await SignAsync();
        ToolRun run = (await ToolRun.Async("inspect", mail, "--html", "-")).Exits(0);
        Assert.StartsWith("<!DOCTYPE html>", Encoding.UTF8.GetString(run.Octets), StringComparison.Ordinal);
        Assert.Empty(run.Output);
        (await ToolRun.Async("inspect", "--json", mail, "--html", "-")).Exits(2);
        byte[] before = await File.ReadAllBytesAsync(mail);
        (await ToolRun.Async("inspect", mail, "--html", mail)).Exits(2);
        Assert.Equal(before, await File.ReadAllBytesAsync(mail));
    }

    [Fact]
    public async Task Page_OfEveryPublishedMail_HasOnlyTheTagsOfThePage()
    {
        Vectors.Require();
        string[] files = [.. Vectors.Entries.Where(e => e.Kind == "eml").Select(e => Vectors.PathOf(e.Path))];
        await ToolRun.Async(["inspect", "--quiet", "--html", _folder["page.html"], .. files]);
        string page = await ReadPageAsync();
        Assert.Equal(files.Length, Regex.Count(page, "<h1>"));
        CheckTags(page);
    }

    public void Dispose() => _folder.Dispose();

    // Everything between < and > is one of the page's own tags, with its own attributes.
    private static void CheckTags(string page)
    {
        string body = page["<!DOCTYPE html>".Length..page.IndexOf("<style>", StringComparison.Ordinal)]
            + page[page.IndexOf("</style>", StringComparison.Ordinal)..]; // the style comes before all that is not the page's own
        foreach (Match tag in Tags().Matches(body))
        {
            Match parts = Regex.Match(tag.Value, "^</?(?<name>[a-z0-9]+)(?: (?<attribute>[a-z-]+)=\"[^\"<>]*\")*>$");
            Assert.True(parts.Success, tag.Value);
            Assert.Contains(parts.Groups["name"].Value, _tags);
            Assert.All(parts.Groups["attribute"].Captures, a => Assert.Contains(a.Value, _attributes));
        }

        string rest = Tags().Replace(body, "");
        Assert.DoesNotContain('<', rest);
        Assert.DoesNotContain('>', rest);
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    private Task<string> ReadPageAsync() => File.ReadAllTextAsync(_folder["page.html"]);

    private async Task<string> SignAsync()
    {
        House house = await House.Instance;
        string mail = _folder.Write("mail.eml", House.Mail);
        (await ToolRun.Async(["sign", mail, "-o", _folder["signed.eml"], "--no-store", .. house.Keys(house.AliceKeys)])).Exits(0);
        return _folder["signed.eml"];
    }
}
