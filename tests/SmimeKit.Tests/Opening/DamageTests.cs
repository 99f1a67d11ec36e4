using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>Small mails of every kind, cut off, changed and split at every offset: a typed exception or an honest report, nothing else.</summary>
public sealed class DamageTests
{
    public static TheoryData<string> Kinds => ["clear", "opaque", "cbc", "gcm", "clear in cbc"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Open_CutOffAnywhere_IsTypedOrHonest(string kind)
    {
        string mail = await CreateAsync(kind);
        for (int length = 0; length < mail.Length; length++)
        {
            await AssertHonestAsync(kind, mail[..length], $"cut at {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Open_AnyByteChanged_IsTypedOrHonest(string kind)
    {
        string mail = await CreateAsync(kind);
        for (int i = 0; i < mail.Length; i++)
        {
            await AssertHonestAsync(kind, string.Concat(mail.AsSpan(0, i), [(char)(mail[i] ^ 1)], mail.AsSpan(i + 1)), $"changed at {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Open_SplitAnywhere_HasTheSameOutcome(string kind)
    {
        string mail = await CreateAsync(kind);
        (SmimeReport whole, _) = await RawMail.OpenAsync(mail, Options);
        for (int i = 0; i < mail.Length; i++)
        {
            (SmimeReport report, byte[] content) = await RawMail.OpenAsync(DribblingStream.SplitAt(RawMail.Bytes(mail), i), Options);
            Assert.True(RawMail.Entity == RawMail.Text(content), $"split at {i}");
            Assert.Equal(whole.Outcome, report.Outcome);
            Assert.Equal(whole.Warnings, report.Warnings);
        }
    }

    private static SmimeOpenOptions Options => TestMail.OpenOptions(TestPerson.DaveEc);

    // Carol's keys are short, so that few offsets cover all that there is.
    private static async Task<string> CreateAsync(string kind)
    {
        byte[] entity = RawMail.Bytes(RawMail.Entity);
        string header = RawMail.Header.Replace("alice", "carol", StringComparison.Ordinal);
        return header + kind switch
        {
            "clear" => await RawMail.ClearSignedAsync(signer: TestPerson.CarolEc),
            "opaque" => RawMail.Pkcs7Mime(await RawMail.SignAsync(entity, detached: false, TestPerson.CarolEc)),
            "cbc" => RawMail.Pkcs7Mime(await RawMail.EncryptAsync(entity, TestPerson.DaveEc, authenticated: false)),
            "gcm" => RawMail.Pkcs7Mime(await RawMail.EncryptAsync(entity, TestPerson.DaveEc, authenticated: true)),
            _ => RawMail.Pkcs7Mime(await RawMail.EncryptAsync(
                RawMail.Bytes(await RawMail.ClearSignedAsync(signer: TestPerson.CarolEc)), TestPerson.DaveEc, authenticated: false)),
        };
    }

    private static async Task AssertHonestAsync(string kind, string mail, string where)
    {
        using var output = new MemoryStream();
        SmimeReport report;
        try
        {
            report = await new SmimeOpener(Options).OpenAsync(new MemoryStream(RawMail.Bytes(mail)), output);
        }
        catch (SmimeKitException)
        {
            return;
        }
        catch (Exception e)
        {
            Assert.Fail($"{where}: {e}");
            return;
        }

        string content = RawMail.Text(output.ToArray());
        if (report.Outcome == MessageOutcome.Valid)
        {
            Assert.True(content == RawMail.Entity, $"{where}: valid with {content}");
            Assert.True(Assert.Single(report.Signatures).MatchedAddress == "carol@example.org", where);
        }

        if (report.Encryption == EncryptionStatus.Authenticated)
        {
            Assert.True(content == RawMail.Entity, $"{where}: authenticated with {content}");
        }

        Assert.True(kind is not ("cbc" or "gcm") || report.Outcome == MessageOutcome.NoSignature, where);
    }
}
