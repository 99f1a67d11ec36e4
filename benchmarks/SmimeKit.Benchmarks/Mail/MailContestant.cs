using MimeKit;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>One way to do the works of S/MIME on a mail with an attachment, file to file.</summary>
internal abstract class MailContestant
{
    internal const string Subject = "Benchmark";
    private const int Step = 64 * 1024;

    internal abstract string Name { get; }

    /// <summary>Makes <c>multipart/signed</c> of a text and an attachment.</summary>
    internal abstract void Sign(string attachment, string mail);

    /// <summary>Verifies <c>multipart/signed</c>, and drops its content.</summary>
    internal abstract void Verify(string mail);

    /// <summary>Encrypts a text and an attachment with AES-128-CBC to one recipient.</summary>
    internal abstract void Encrypt(string attachment, string mail);

    /// <summary>Decrypts to a file.</summary>
    internal abstract void Open(string mail, string entity);

    protected static FileStream Read(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: Step);

    protected static FileStream Write(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: Step);

    protected static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("The result is wrong.");
        }
    }

    /// <summary>Composes the mail; the attachment stays in its file.</summary>
    protected static MimeMessage Compose(Person person, Stream attachment)
    {
        var message = new MimeMessage
        {
            Subject = Subject,
            Date = Person.Now,
            Body = new Multipart("mixed")
            {
                new TextPart("plain") { Text = "See the attachment.\r\n" },
                new MimePart("application", "octet-stream")
                {
                    Content = new MimeContent(attachment),
                    ContentTransferEncoding = ContentEncoding.Base64,
                    FileName = "attachment.bin",
                },
            },
        };
        message.From.Add(new MailboxAddress("Alice", person.Address));
        message.To.Add(new MailboxAddress("Alice", person.Address));
        return message;
    }
}
