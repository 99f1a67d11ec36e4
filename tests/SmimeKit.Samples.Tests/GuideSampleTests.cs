using System.Security.Cryptography;
using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Stores.Sqlite;
using SmimeKit.TestKit;

namespace SmimeKit.Samples.Tests;

public sealed class GuideSampleTests : IDisposable
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Store_WithWhatTheCaIssued_SignsAndDecryptsForThatPerson()
    {
        (Certificate root, byte[] pkcs12) = await InHouseCaSample.IssueAsync("Alice", "alice@example.com", "secret", _now.AddHours(-1));
        await File.WriteAllBytesAsync(InFolder("alice.p12"), pkcs12);
        await File.WriteAllTextAsync(InFolder("root.pem"), CertificateFile.EncodePem([root]));

        await using SqliteCertificateStore store = await OpenStoreSample.OpenAsync(
            InFolder("alice.db"), "passphrase", InFolder("alice.p12"), "secret", InFolder("root.pem"));

        ISigningKey signing = Assert.Single(await store.FindSigningKeysAsync(new() { Purpose = CertificatePurpose.EmailSigning }));
        IDecryptionKey decryption = Assert.Single(await store.FindDecryptionKeysAsync(new() { Purpose = CertificatePurpose.EmailEncryption }));
        Assert.NotEqual(signing.Certificate, decryption.Certificate);
        Assert.Equal(root, Assert.Single(await store.ListTrustAnchorsAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mail_Judged_IsValidOnlyAsItWasSent(bool isChanged)
    {
        (TestPerson alice, TestPerson bob) = (TestPerson.AliceRsa, TestPerson.BobRsa);
        using var mail = new MemoryStream();
        using MimeMessage message = new() { Subject = "Sample", Body = new TextPart("plain") { Text = "Hello." } };
        message.From.Add(new MailboxAddress("", alice.Address));
        message.To.Add(new MailboxAddress("", bob.Address));
        await new SmimeProtector(new() { SigningKeys = [alice.SigningKey], OwnEncryptionCertificate = alice.EncryptionCertificate })
            .ProtectAsync(message, [ProtectionLayer.Sign], mail);
        if (isChanged)
        {
            mail.GetBuffer()[mail.GetBuffer().AsSpan().IndexOf("Hello"u8)] ^= 0x20;
        }

        mail.Position = 0;
        using var log = new StringWriter();
        bool isValid = await JudgeMailSample.JudgeAsync(mail, new() { Anchors = new FixedAnchors(TestPerson.Root) }, Stream.Null, log);

        Assert.Equal(!isChanged, isValid);
        Assert.Contains(alice.Address, log.ToString(), StringComparison.Ordinal);
        Assert.Equal(isChanged, log.ToString().Contains("digest-mismatch: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_Signed_VerifiesWithOpenSslAndHere()
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        using var signature = new MemoryStream();
        await SignFileSample.SignAsync(new MemoryStream(content), signature, TestPerson.AliceRsa.SigningKey, _now);

        signature.Position = 0;
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(await SignFileSample.VerifyAsync(new MemoryStream(content), signature, _now)).Verdict);
        await File.WriteAllBytesAsync(InFolder("content"), content);
        await File.WriteAllBytesAsync(InFolder("signature"), signature.ToArray());
        _ = Peer.OpenSsl.Run(["cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", InFolder("signature"), "-content", InFolder("content")])
            .Succeeded();
    }

    [Fact]
    public async Task File_Encrypted_ComesBack()
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        using var message = new MemoryStream();
        await EncryptFileSample.EncryptAsync(new MemoryStream(content), message, TestPerson.AliceRsa.EncryptionCertificate, TestPerson.CarolEc.EncryptionCertificate);
        message.Position = 0;
        using var decrypted = new MemoryStream();

        await EncryptFileSample.DecryptAsync(message, decrypted, TestPerson.CarolEc.DecryptionKey, _now);

        Assert.Equal(content, decrypted.ToArray());
    }

    [Fact]
    public async Task RemoteKey_IsAskedOnceForASignature()
    {
        SigningKey local = TestPerson.CarolEc.SigningKey;
        var asked = new List<string>();
        var key = new RemoteKeySample(local.Certificate, local.Chain, async (oid, digest, token) =>
        {
            asked.Add(oid);
            await Task.Yield();
            return await local.SignAsync(SignatureAlgorithm.ForKey(local.Certificate.PublicKey)!, digest, token);
        });
        using var signature = new MemoryStream();

        await SignFileSample.SignAsync(new MemoryStream([1, 2, 3]), signature, key, _now);

        signature.Position = 0;
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(await SignFileSample.VerifyAsync(new MemoryStream([1, 2, 3]), signature, _now)).Verdict);
        Assert.Equal("1.2.840.10045.4.3.2", Assert.Single(asked)); // ecdsa-with-SHA256
    }

    private string InFolder(string name) => Path.Combine(_folder, name);
}
