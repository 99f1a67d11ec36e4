using MimeKit;
using SmimeKit.Stores.Sqlite;
using SmimeKit.TestKit;

namespace SmimeKit.Samples.Tests;

public sealed class ReadmeSampleTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db");

    [Fact]
    public async Task Sample_AnswersASignedMail_WithOneThatItsSenderCanRead()
    {
        (TestPerson alice, TestPerson bob) = (TestPerson.CarolEc, TestPerson.BobRsa);
        await using SqliteCertificateStore store = await OpenStoreAsync(bob);
        using var received = new MemoryStream();
        using MimeMessage mail = Mail(alice, bob);
        await new SmimeProtector(new() { SigningKeys = [alice.SigningKey], OwnEncryptionCertificate = alice.EncryptionCertificate })
            .ProtectAsync(mail, [ProtectionLayer.Sign], received);
        received.Position = 0;

        using MimeMessage draft = Mail(bob, alice);
        using MimeMessage reply = await ReadmeSample.ReplyAsync(received, draft, store);

        var opener = new SmimeOpener(new() { Anchors = new FixedAnchors(TestPerson.Root), DecryptionKeys = [alice.DecryptionKey] });
        using OpenedMessage opened = await opener.OpenAsync(reply);
        Assert.Equal(MessageOutcome.Valid, opened.Report.Outcome);
        Assert.Equal(EncryptionStatus.Authenticated, opened.Report.Encryption);
        Assert.Equal(bob.Address, Assert.Single(opened.Report.Signatures).MatchedAddress);
    }

    public void Dispose()
    {
        foreach (string file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(_file) + "*"))
        {
            File.Delete(file);
        }
    }

    private static MimeMessage Mail(TestPerson from, TestPerson to)
    {
        var mail = new MimeMessage { Subject = "Sample", Body = new TextPart("plain") { Text = "Hello." } };
        mail.From.Add(new MailboxAddress("", from.Address));
        mail.To.Add(new MailboxAddress("", to.Address));
        return mail;
    }

    private async Task<SqliteCertificateStore> OpenStoreAsync(TestPerson owner)
    {
        SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(
            _file, new SqliteStoreOptions { Access = SqliteStoreAccess.ReadWriteCreate, Passphrase = "a passphrase for the sample".AsMemory() });
        await store.AddTrustAnchorAsync(TestPerson.Root);
        await store.ImportPrivateKeyAsync(owner.SigningCertificate, owner.SigningPkcs8);
        await store.ImportPrivateKeyAsync(owner.EncryptionCertificate, owner.DecryptionPkcs8);
        return store;
    }
}
