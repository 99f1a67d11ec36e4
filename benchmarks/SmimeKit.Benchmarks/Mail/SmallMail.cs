using MimeKit;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>One way to sign and encrypt a mail of 2 KiB in memory, and to decrypt and verify it with the path to the anchor.</summary>
internal abstract class SmallMail
{
    private const int LineLength = 62;

    internal abstract string Name { get; }

    internal abstract byte[] SignEncrypt();

    internal abstract void DecryptVerify(byte[] mail);

    internal static string Text { get; } =
        string.Concat(Enumerable.Repeat(new string('x', LineLength) + "\r\n", 2048 / (LineLength + 2)));

    protected static MimeMessage Compose(Person person)
    {
        var message = new MimeMessage { Subject = "Benchmark", Date = Person.Now, Body = new TextPart("plain") { Text = Text } };
        message.From.Add(new MailboxAddress("Alice", person.Address));
        message.To.Add(new MailboxAddress("Alice", person.Address));
        return message;
    }

    protected static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("The result is wrong.");
        }
    }
}
