using System.Security.Cryptography;
using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.TestKit;

namespace SmimeKit.Tests;

/// <summary>Mails between test persons, and what it takes to protect and open them.</summary>
internal static class TestMail
{
    internal const string Text = "Dear reader,\r\n\r\nthis line ends with blanks  \r\nFrom here on it is fragile.\r\n-- \r\nä signature\r\n";

    internal static MimeMessage Create(TestPerson from, params TestPerson[] to)
    {
        var message = new MimeMessage { Subject = "Proof", Date = TestPerson.Now.AddMinutes(-1) };
        message.From.Add(new MailboxAddress("Sender", from.Address));
        message.To.AddRange(to.Select(t => new MailboxAddress("", t.Address)));
        var builder = new BodyBuilder { TextBody = Text };
        builder.Attachments.Add("data.bin", RandomNumberGenerator.GetBytes(3000));
        message.Body = builder.ToMessageBody();
        return message;
    }

    internal static MemoryCertificateStore StoreOf(params TestPerson[] persons)
    {
        var store = new MemoryCertificateStore();
        foreach (TestPerson person in persons)
        {
            store.AddAsync(person.EncryptionCertificate, CertificateProvenance.Imported).AsTask().GetAwaiter().GetResult();
        }

        return store;
    }

    internal static SmimeProtectOptions ProtectOptions(TestPerson sender, params TestPerson[] known) => new()
    {
        SigningKeys = [sender.SigningKey],
        OwnEncryptionCertificate = sender.EncryptionCertificate,
        Stores = [StoreOf(known)],
        Anchors = new FixedAnchors(TestPerson.Root),
        At = TestPerson.Now,
    };

    internal static SmimeOpenOptions OpenOptions(TestPerson? reader = null) => new()
    {
        Anchors = new FixedAnchors(TestPerson.Root),
        DecryptionKeys = reader is null ? [] : [reader.DecryptionKey],
        At = TestPerson.Now,
        ComputesContentDigest = true,
    };
}
