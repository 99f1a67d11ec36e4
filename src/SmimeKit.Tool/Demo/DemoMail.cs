using MimeKit;
using SmimeKit.Tool.Files;

namespace SmimeKit.Tool.Demo;

/// <summary>The mails of the story, and what happens to them on their way.</summary>
internal static class DemoMail
{
    internal static MimeMessage Letter(DemoPerson from, DemoPerson to, string attachment, DateTimeOffset date)
    {
        var body = new Multipart("mixed")
        {
            new TextPart("plain") { Text = "The figures that you asked for are attached.\r\n\r\nYours, Alice\r\n" },
            new MimePart("text", "csv")
            {
                Content = new MimeContent(File.OpenRead(attachment)),
                ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = Path.GetFileName(attachment) },
                ContentTransferEncoding = ContentEncoding.Base64,
            },
        };
        return Create(from, to, "The figures", date, body);
    }

    internal static MimeMessage Answer(DemoPerson from, MimeMessage to, DateTimeOffset date)
    {
        MimeMessage answer = Create(
            from, null, "Re: " + to.Subject, date, new TextPart("plain") { Text = "Thank you. I have read them, and nobody else has.\r\n\r\nBob\r\n" });
        answer.To.AddRange(to.From);
        answer.InReplyTo = to.MessageId;
        return answer;
    }

    internal static MimeMessage Note(DemoPerson from, DemoPerson to, DateTimeOffset date) =>
        Create(from, to, "For everybody to read", date, new TextPart("plain") { Text = "The meeting is at ten.\r\n" });

    internal static string FirstLine(MimeEntity entity)
    {
        TextPart? text = entity as TextPart ?? (entity as Multipart)?.OfType<TextPart>().FirstOrDefault();
        return text?.Text.Split('\n')[0].TrimEnd() ?? "";
    }

    internal static async Task<byte[]> DigestAttachmentAsync(MimeEntity entity, CancellationToken cancellationToken)
    {
        using var digest = new DigestingStream(Stream.Null);
        MimePart? attachment = (entity as Multipart)?.OfType<MimePart>().FirstOrDefault(p => p.IsAttachment);
        if (attachment?.Content is { } content)
        {
            await content.DecodeToAsync(digest, cancellationToken).ConfigureAwait(false);
        }

        return digest.CurrentDigest;
    }

    /// <summary>Copies a mail with one letter changed: in the middle of the base64 that is its body, or of its text.</summary>
    internal static async Task TamperAsync(string from, string to, CancellationToken cancellationToken)
    {
        byte[] mail = await File.ReadAllBytesAsync(from, cancellationToken).ConfigureAwait(false);
        int place = FindPlace(mail);
        mail[place] = mail[place] == (byte)'a' ? (byte)'b' : (byte)'a';
        await File.WriteAllBytesAsync(to, mail, cancellationToken).ConfigureAwait(false);
    }

    private static int FindPlace(ReadOnlySpan<byte> mail)
    {
        int text = mail.IndexOf("meeting"u8);
        if (text >= 0)
        {
            return text;
        }

        int middle = mail.Length / 2;
        while (!char.IsAsciiLetterOrDigit((char)mail[middle]))
        {
            middle++;
        }

        return middle;
    }

    private static MimeMessage Create(DemoPerson from, DemoPerson? to, string subject, DateTimeOffset date, MimeEntity body)
    {
        var message = new MimeMessage { Subject = subject, Date = date, Body = body };
        message.From.Add(new MailboxAddress(from.Name, from.Address));
        if (to is not null)
        {
            message.To.Add(new MailboxAddress(to.Name, to.Address));
        }

        return message;
    }

}
