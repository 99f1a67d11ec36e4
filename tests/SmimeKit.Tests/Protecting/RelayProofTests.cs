using System.Text;
using MimeKit;
using MimeKit.Utils;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Protecting;

/// <summary>Whatever the body holds, what is sent survives relays and comes out as it went in.</summary>
public sealed class RelayProofTests
{
    public static TheoryData<string> Bodies =>
    [
        "ascii", "8bit", "utf-8 long", "trailing blanks", "from line", "from line in quoted-printable", "long line", "lf", "cr", "nul", "empty", "no newline",
        "dots", "binary", "attachments", "forwarded", "calendar", "related", "declared 8bit",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait("Requirement", "R3851-3.1.1-a")]
    [Trait("Requirement", "R3851-3.1.2-d")]
    [Trait("Requirement", "R3851-3.1.3-a")]
    [Trait("Requirement", "R3851-3.1.4-a")]
    [Trait("Requirement", "R3851-3.1.4-b")]
    [Trait("Requirement", "R1847-2.1-e")]
    [Trait("Requirement", "R1847-2.1-f")]
    [Trait("Requirement", "R3851-1.3-a")]
    public async Task SignClear_AnyBody_IsSevenBitShortAndWithoutTraps(string kind)
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        mail.Body = CreateBody(kind);
        byte[][] before = Decode(mail.Body);
        string text = await GoldenTests.ProtectAsync(mail, TestMail.ProtectOptions(TestPerson.AliceRsa), ProtectionLayer.Sign);
        string[] lines = text.Split("\r\n");
        Assert.All(lines, line =>
        {
            Assert.DoesNotContain('\n', line);
            Assert.DoesNotContain('\r', line);
            Assert.True(line.Length <= 78, line);
            Assert.False(line.EndsWith(' ') || line.EndsWith('\t'), line);
            Assert.False(line.StartsWith("From ", StringComparison.Ordinal), line);
            Assert.All(line, c => Assert.InRange(c, '\t', '~'));
        });
        string body = text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];
        Assert.All(body.Split("\r\n"), line => Assert.True(line.Length <= 76 || line.StartsWith(' ') || line.StartsWith('\t') || line.Contains(':', StringComparison.Ordinal), line));

        // What a relay may do: strip blanks at line ends, escape From, use its own newlines.
        string relayed = string.Join('\n', lines.Select(l => l.TrimEnd()).Select(l => l.StartsWith("From ", StringComparison.Ordinal) ? ">" + l : l));
        foreach (string received in new[] { text, relayed })
        {
            using OpenedMessage opened = await new SmimeOpener(TestMail.OpenOptions()).OpenAsync(new MemoryStream(RawMail.Bytes(received)));
            Assert.Equal(MessageOutcome.Valid, opened.Report.Outcome);
            Assert.Equal(before.Select(b => Canonical(kind, b)), Decode(opened.Entity).Select(b => Canonical(kind, b)));
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait("Requirement", "R9787-7.2-a")]
    public async Task Encrypt_AnyBody_ComesOutAsItWentIn(string kind)
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        mail.Body = CreateBody(kind);
        byte[][] before = Decode(mail.Body);
        using MimeMessage secret = await new SmimeProtector(TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa) with { Form = SigningForm.Opaque }).SignThenEncryptAsync(mail);
        using OpenedMessage opened = await new SmimeOpener(TestMail.OpenOptions(TestPerson.BobRsa)).OpenAsync(secret);
        Assert.Equal(MessageOutcome.Valid, opened.Report.Outcome);
        Assert.Equal(before.Select(b => Canonical(kind, b)), Decode(opened.Entity).Select(b => Canonical(kind, b)));
    }

    [Theory]
    [InlineData("plain", "a\nb\r\nc\n", "a\r\nb\r\nc\r\n")]
    [InlineData("plain", "From here\nb \n", "From here\r\nb \r\n")] // base64
    [InlineData("html", "<p>\u00e4</p>\n<p>\u00f6</p>\n", "<p>\u00e4</p>\r\n<p>\u00f6</p>\r\n")] // base64
    [InlineData("html", "<p>quite some text for one letter \u00e4 beyond</p>\n<p>more</p>\n", "<p>quite some text for one letter \u00e4 beyond</p>\r\n<p>more</p>\r\n")]
    [Trait("Requirement", "R3851-3.1.1-b")]
    [Trait("Coverage", "partial")] // the charset stays as it is, and so does a bare CR
    public async Task Protect_TextWithOtherLineEndings_IsSignedAndEncryptedWithCrlf(string subtype, string text, string expected)
    {
        foreach (ProtectionLayer layer in Enum.GetValues<ProtectionLayer>())
        {
            using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
            mail.Body = Leaf("text/" + subtype, Encoding.UTF8.GetBytes(text));
            byte[] entity = await ProtectAndOpenAsync(mail, SigningForm.Opaque, layer);
            Assert.Equal(entity, await ProtectAndOpenAsync(mail, SigningForm.Opaque, layer));
            Assert.Equal(expected, Encoding.UTF8.GetString(Assert.Single(Decode(MimeEntity.Load(new MemoryStream(entity))))));
        }
    }

    [Fact]
    public async Task Protect_TextInUtf16_KeepsItsOctets()
    {
        byte[] text = Encoding.Unicode.GetBytes("a\nb\r\n");
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        mail.Body = Leaf("text/plain; charset=utf-16", text);
        byte[] entity = await ProtectAndOpenAsync(mail, SigningForm.Clear, ProtectionLayer.Sign);
        Assert.Equal(text, Assert.Single(Decode(MimeEntity.Load(new MemoryStream(entity)))));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait("Requirement", "R3851-3.1-b")]
    public async Task Protect_OneBody_IsPreparedAlikeForEverything(string kind)
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        mail.Body = CreateBody(kind);
        byte[] clear = await ProtectAndOpenAsync(mail, SigningForm.Clear, ProtectionLayer.Sign);
        Assert.Equal(clear, await ProtectAndOpenAsync(mail, SigningForm.Opaque, ProtectionLayer.Sign));
        Assert.Equal(clear, await ProtectAndOpenAsync(mail, SigningForm.Clear, ProtectionLayer.Encrypt));
    }

    [Fact]
    [Trait("Requirement", "R3851-3.1.3-b")]
    [Trait("Requirement", "R9787-6.3-a")]
    public async Task Sign_ForwardedSignedMail_StaysValidInside()
    {
        // The inner mail has traps that a second pass of encoding would change.
        string inner = RawMail.Header + await RawMail.ClearSignedAsync("Content-Type: text/plain\r\n\r\nblanks   \r\nFrom here\r\n");
        using MimeMessage mail = TestMail.Create(TestPerson.BobRsa, TestPerson.AliceRsa);
        mail.Body = new Multipart("mixed") { new TextPart("plain") { Text = "see below" }, new MessagePart { Message = MimeMessage.Load(new MemoryStream(RawMail.Bytes(inner))) } };
        using MimeMessage signed = await new SmimeProtector(TestMail.ProtectOptions(TestPerson.BobRsa)).SignAsync(mail);
        using OpenedMessage outer = await new SmimeOpener(TestMail.OpenOptions()).OpenAsync(signed);
        Assert.Equal(MessageOutcome.Valid, outer.Report.Outcome);
        Assert.Equal(["1.1.2.1"], outer.Report.ErrantParts);
        var forwarded = (MessagePart)((Multipart)outer.Entity)[1];
        using OpenedMessage opened = await new SmimeOpener(TestMail.OpenOptions()).OpenAsync(forwarded.Message!);
        Assert.Equal(MessageOutcome.Valid, opened.Report.Outcome);
    }

    private static async Task<byte[]> ProtectAndOpenAsync(MimeMessage mail, SigningForm form, ProtectionLayer layer)
    {
        string text = await GoldenTests.ProtectAsync(mail, TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa) with { Form = form }, layer);
        return (await RawMail.OpenAsync(text, TestMail.OpenOptions(TestPerson.BobRsa))).Content;
    }

    private static MimeEntity CreateBody(string kind)
    {
        switch (kind)
        {
            case "attachments":
                var builder = new BodyBuilder { TextBody = TestMail.Text, HtmlBody = "<p>ä</p>  \r\n" };
                builder.Attachments.Add("Bericht für März.pdf", Encoding.UTF8.GetBytes("%PDF\0\r\nFrom here\n"), new ContentType("application", "pdf"));
                builder.Attachments.Add(new string('n', 90) + ".txt", "From x  \n"u8.ToArray(), new ContentType("text", "plain"));
                return builder.ToMessageBody();
            case "related":
                var related = new BodyBuilder { HtmlBody = "<img src=cid:x>" };
                related.LinkedResources.Add("x.png", new byte[] { 0x89, 0x50, 13, 10, 26, 10 }).ContentId = MimeUtils.GenerateMessageId("example.org");
                return related.ToMessageBody();
            case "forwarded":
                var inner = new MimeMessage { Subject = "inner ü", Body = new TextPart("plain") { Text = TestMail.Text } };
                inner.From.Add(new MailboxAddress("Ünner", "inner@example.org"));
                return new Multipart("mixed") { new TextPart("plain") { Text = "see" }, new MessagePart { Message = inner } };
            case "calendar":
                return new MultipartAlternative
                {
                    new TextPart("plain") { Text = "meeting" },
                    new TextPart("calendar") { Text = "BEGIN:VCALENDAR\r\nSUMMARY:Prüfung \r\n of all\r\nEND:VCALENDAR\r\n" },
                };
            case "from line in quoted-printable":
                return new TextPart("plain") { Text = "From here\r\n", ContentTransferEncoding = ContentEncoding.QuotedPrintable };
            case "declared 8bit":
                return new TextPart("plain") { Text = "ä \r\nFrom\r\n", ContentTransferEncoding = ContentEncoding.EightBit };
            case "binary":
                return Leaf("application/octet-stream", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]);
            default:
                return Leaf("text/plain", kind switch
                {
                    "8bit" => Encoding.UTF8.GetBytes("Grüße\r\n"),
                    "utf-8 long" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ёлка ", 300)) + "\r\n"),
                    "trailing blanks" => "a \r\nb\t\r\n \r\n-- \r\nend "u8.ToArray(),
                    "from line" => "From me\r\n>From you\r\n From them\r\nFrom\r\n"u8.ToArray(),
                    "long line" => [.. Enumerable.Repeat((byte)'x', 5000)],
                    "lf" => "a\nb\n"u8.ToArray(),
                    "cr" => "a\rb\r\n"u8.ToArray(),
                    "nul" => "a\0b\r\n"u8.ToArray(),
                    "empty" => [],
                    "no newline" => "end"u8.ToArray(),
                    "dots" => ".\r\n..\r\n--\r\n--=\r\n"u8.ToArray(),
                    _ => "plain\r\n"u8.ToArray(),
                });
        }
    }

    private static MimePart Leaf(string type, byte[] content) => new(ContentType.Parse(type)) { Content = new MimeContent(new MemoryStream(content)) };

    private static byte[][] Decode(MimeEntity entity) => [.. Leaves(entity).Select(part =>
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        return content.ToArray();
    })];

    private static IEnumerable<MimePart> Leaves(MimeEntity entity) => entity switch
    {
        Multipart multipart => multipart.SelectMany(Leaves),
        MessagePart { Message.Body: { } body } => Leaves(body),
        MimePart part => [part],
        _ => [],
    };

    // Text becomes CRLF (RFC 8551 §3.1.1), and a clear text at the end of a part may gain a newline; other octets are untouched.
    private static string Canonical(string kind, byte[] content) =>
        kind is "binary" or "cr" or "nul" ? Convert.ToHexString(content)
            : RawMail.Text(content).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
}
