using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;

namespace SmimeKit.Tests;

/// <summary>A fully valid mail teaches how to answer it; anything less teaches nothing.</summary>
public sealed class LearningTests
{
    [Fact]
    [Trait("Requirement", "R3851-2.7.1-a")]
    [Trait("Requirement", "R3851-2.5.3.1-a")]
    [Trait("Requirement", "R3850-4-a")]
    [Trait("Requirement", "R3851-4-a")]
    public async Task Open_ValidMail_MakesAnEncryptedReplyPossibleWithNoFurtherStep()
    {
        var store = new MemoryCertificateStore();
        byte[] mail = await SignAsync(TestPerson.AliceRsa);
        await new SmimeOpener(TestMail.OpenOptions() with { LearnInto = store }).OpenAsync(new MemoryStream(mail), Stream.Null);

        using MimeMessage reply = TestMail.Create(TestPerson.BobRsa, TestPerson.AliceRsa);
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.BobRsa) with { Stores = [store] };
        using MimeMessage secret = await new SmimeProtector(options).SignThenEncryptAsync(reply);
        using OpenedMessage opened = await new SmimeOpener(TestMail.OpenOptions(TestPerson.AliceRsa)).OpenAsync(secret);

        // Alice announced AES-GCM in the mail that was learned from.
        Assert.Equal(EncryptionStatus.Authenticated, opened.Report.Encryption);
        Assert.Equal(MessageOutcome.Valid, opened.Report.Outcome);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("untrusted")]
    [InlineData("mismatched-from")]
    [InlineData("expired")]
    [InlineData("vetoed")]
    [Trait("Requirement", "R3851-2.7.1-c")]
    [Trait("Kind", "negative")]
    public async Task Open_MailThatIsNotFullyValid_TeachesNothing(string fault)
    {
        var store = new MemoryCertificateStore();
        byte[] mail = await SignAsync(TestPerson.AliceRsa);
        SmimeOpenOptions options = TestMail.OpenOptions() with { LearnInto = store };
        switch (fault)
        {
            case "changed":
                mail[mail.AsSpan().IndexOf("data.bin"u8)] ^= 1;
                break;
            case "untrusted":
                options = options with { Anchors = new FixedAnchors() };
                break;
            case "mismatched-from":
                mail = [.. "From: mallory@example.org\r\n"u8, .. mail.AsSpan(mail.AsSpan().IndexOf("\r\nTo:"u8) + 2)];
                break;
            case "expired":
                options = options with { At = TestPerson.Now.AddYears(20) };
                break;
            default:
                options = options with { LearnFilter = _ => false };
                break;
        }

        await new SmimeOpener(options).OpenAsync(new MemoryStream(mail), Stream.Null);
        Assert.Empty(await store.FindAsync(new CertificateQuery { Purpose = CertificatePurpose.Any }));
    }

    [Fact]
    public async Task Open_WithACertificateThatCannotBeRead_IsValidAndTeaches()
    {
        // Anyone can add a certificate to those of a message. This one has a key identifier that is none.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Junk", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.14", [0x02, 0x01, 0x01], critical: false));
        using X509Certificate2 junk = request.CreateSelfSigned(TestPerson.Now.AddDays(-1), TestPerson.Now.AddDays(1));
        TestPerson alice = TestPerson.AliceRsa;
        var signer = new CmsSigner(alice.SigningKey)
        {
            SigningTime = TestPerson.Now,
            SignedAttributes = [new CmsAttribute("1.2.840.113549.1.9.16.2.11", PreferenceByKeyIdentifier(alice.EncryptionCertificate))],
        };
        using var cms = new MemoryStream();
        var options = new SignedDataWriterOptions
        {
            Signers = [signer],
            Certificates = [Certificate.FromX509Certificate2(junk), alice.SigningCertificate, alice.EncryptionCertificate],
        };
        using (SignedDataWriter writer = await SignedDataWriter.OpenAsync(cms, options))
        {
            await writer.Content.WriteAsync(RawMail.Bytes(RawMail.Entity));
            await writer.CompleteAsync();
        }

        var store = new MemoryCertificateStore();
        (SmimeReport report, _) = await RawMail.OpenAsync(
            RawMail.Header + RawMail.Pkcs7Mime(cms.ToArray()), TestMail.OpenOptions() with { LearnInto = store });

        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal(
            alice.EncryptionCertificate,
            Assert.Single(await store.FindAsync(new CertificateQuery { Purpose = CertificatePurpose.EmailEncryption })).Certificate);
    }

    // SMIMEEncryptionKeyPreference ::= CHOICE { …, subjectAltKeyIdentifier [2] SubjectKeyIdentifier }, RFC 8551 §2.5.3
    private static byte[] PreferenceByKeyIdentifier(Certificate certificate) =>
        [0x82, (byte)certificate.SubjectKeyIdentifier.Length, .. certificate.SubjectKeyIdentifier.Span];

    private static async Task<byte[]> SignAsync(TestPerson person)
    {
        using MimeMessage mail = TestMail.Create(person, TestPerson.BobRsa);
        using var signed = new MemoryStream();
        await new SmimeProtector(TestMail.ProtectOptions(person)).ProtectAsync(mail, [ProtectionLayer.Sign], signed);
        return signed.ToArray();
    }
}
