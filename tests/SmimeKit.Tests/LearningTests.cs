using MimeKit;
using SmimeKit.Certificates;
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

    private static async Task<byte[]> SignAsync(TestPerson person)
    {
        using MimeMessage mail = TestMail.Create(person, TestPerson.BobRsa);
        using var signed = new MemoryStream();
        await new SmimeProtector(TestMail.ProtectOptions(person)).ProtectAsync(mail, [ProtectionLayer.Sign], signed);
        return signed.ToArray();
    }
}
