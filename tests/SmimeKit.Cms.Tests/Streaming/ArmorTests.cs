using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Streaming;

/// <summary>PEM and bare base64, read wherever the stream happens to be split.</summary>
public sealed class ArmorTests
{
    private static readonly byte[] _content = SigningCase.Content;
    private static readonly byte[] _message = SigningCases.Named("ecdsa-p256/bare/issuer/indefinite/one").Sign(_content);

    public static TheoryData<string> Forms { get; } =
    [
        "{pem}", "{pem}\r\n", "\r\n\n{pem}", "From: someone\nMIME-Version: 1.0\n\n{pem}after -----", "MI\n{pem}", "MISSPELLING\n{pem}",
        "-----BEGIN {pem}", "{base64}", "{base64}\n", "\n {base64}", "{lines}", "{lines}\r\n\r\n", "{crlf}", "  \t\n{crlf}  ",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_ArmoredMessage_IsTheMessageWhereverItIsSplit(string form)
    {
        byte[] text = Encoding.ASCII.GetBytes(Fill(form));
        for (int offset = 1; offset < text.Length; offset += form.Length > 8 ? 3 : 1)
        {
            AssertRead(DribblingStream.SplitAt(text, offset));
        }

        AssertRead(DribblingStream.InChunks(text, 1));
        AssertRead(DribblingStream.InChunks(text, 7));
        AssertRead(new MemoryStream(text));
    }

    [Fact]
    public async Task ReadAsync_ArmoredMessage_IsTheMessage()
    {
        byte[] text = Encoding.ASCII.GetBytes(Fill("{pem}"));
        SignedMessage read = await SignedMessage.ReadAsync(DribblingStream.InChunks(text, 5));
        read.AssertValid([TestIdentity.P256], _content);
    }

    [Fact]
    public void Read_LargePaddingOfBlanks_DoesNotStopReading()
    {
        string base64 = Convert.ToBase64String(_message);
        string text = "-----BEGIN CMS-----\n" + base64[..100] + new string('\n', 100_000) + base64[100..] + "\n-----END CMS-----\n";
        AssertRead(new MemoryStream(Encoding.ASCII.GetBytes(text)));
        string before = new string('\n', 60_000) + base64;
        AssertRead(new MemoryStream(Encoding.ASCII.GetBytes(before)));
    }

    [Fact]
    public void Read_PreambleUpToItsLimit_IsSkipped()
    {
        string preamble = string.Concat(Enumerable.Repeat("explanatory text of some kind\n", 2000));
        AssertRead(DribblingStream.InChunks(Encoding.ASCII.GetBytes(preamble + Fill("{pem}")), 1000));
        string endless = string.Concat(Enumerable.Repeat("explanatory text of some kind\n", 4000));
        AssertNotCms(endless + Fill("{pem}"));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("-----BEGIN CMS-----")]
    [InlineData("-----BEGIN CMS-----\n")]
    [InlineData("-----BEGIN CMS-----\nMII")]
    [InlineData("MIIB!")]
    [InlineData("MII=AAAA")]
    [InlineData("\u0080\u0000")]
    [Trait("Kind", "negative")]
    public void Read_Nonsense_IsMalformed(string text) => AssertNotCms(text);

    [Theory]
    [InlineData("{base64}", "-")]
    [InlineData("{base64}", "=AAA")]
    [InlineData("{base64}", "!")]
    [InlineData("-----BEGIN CMS-----\n{base64}\n", "")]
    [InlineData("-----BEGIN CMS-----\n{base64}\n", "-----BEGIN CMS-----\n")]
    [InlineData("-----BEGIN CMS-----\n{base64}\n", "-----EN")]
    [Trait("Kind", "negative")]
    public void Read_DamagedEnd_IsMalformed(string start, string end) => AssertNotCms(Fill(start) + end);

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_TruncatedPem_IsMalformed()
    {
        string text = Fill("{pem}");
        int end = text.IndexOf("-----END ", StringComparison.Ordinal) + "-----END ".Length;
        for (int length = 0; length < end; length++)
        {
            byte[] truncated = Encoding.ASCII.GetBytes(text[..length]);
            Assert.Throws<MalformedDataException>(() => SignedMessage.Read(truncated));
        }
    }

    private static string Fill(string form)
    {
        string lines = Convert.ToBase64String(_message, Base64FormattingOptions.InsertLineBreaks);
        return form
            .Replace("{pem}", "-----BEGIN CMS-----\n" + lines.Replace("\r", "", StringComparison.Ordinal) + "\n-----END CMS-----\n", StringComparison.Ordinal)
            .Replace("{base64}", Convert.ToBase64String(_message), StringComparison.Ordinal)
            .Replace("{lines}", lines.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{crlf}", lines, StringComparison.Ordinal);
    }

    private static void AssertRead(Stream text) => SignedMessage.Read(text).AssertValid([TestIdentity.P256], _content);

    private static void AssertNotCms(string text)
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        Assert.Throws<MalformedDataException>(() => SignedMessage.Read(octets));
        Assert.Throws<MalformedDataException>(() => SignedMessage.Read(DribblingStream.InChunks(octets, 1)));
    }
}
