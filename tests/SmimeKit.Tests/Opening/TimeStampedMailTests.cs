using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Tests.Opening;

/// <summary>Signatures whose certificates have expired since, with a time-stamp: RFC 3161 §4 and appendix B.</summary>
public sealed class TimeStampedMailTests
{
    private const string SignatureTimeStamp = "1.2.840.113549.1.9.16.2.14";

    private static readonly DateTimeOffset _stamped = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _later = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero); // persons expire in 2036, the authority in 2045
    private static readonly ITrustAnchors _authorities = new FixedAnchors(Certificate.FromX509Certificate2(TestAuthority.Root));

    [Fact]
    [Trait("Requirement", "R3161-4-a")]
    public async Task Open_ExpiredSignerWithATrustedStamp_IsJudgedAtItsTime()
    {
        string mail = await WriteAsync();
        var store = new MemoryCertificateStore();
        (SmimeReport report, _) = await RawMail.OpenAsync(mail, Options() with { TimeStampAnchors = _authorities, LearnInto = store });
        SignatureReport signature = Assert.Single(report.Signatures);
        Assert.Empty(signature.Problems);
        Assert.True(signature.IsTrusted);
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal(_stamped, signature.TimeStamp!.Info!.GenTime);
        Assert.Equal(0, store.Count); // what was valid once teaches nothing
    }

    [Fact]
    [Trait("Requirement", "R3161-4-a")]
    public async Task Open_SignerThatIsValidToday_IsJudgedToday()
    {
        (SmimeReport report, _) = await RawMail.OpenAsync(
            await WriteAsync(TestPerson.Now.AddDays(-1)), TestMail.OpenOptions() with { TimeStampAnchors = _authorities });
        Assert.True(Assert.Single(report.Signatures).IsTrusted);
        Assert.Null(report.Signatures[0].TimeStamp);
    }

    [Theory]
    [InlineData("no anchors of authorities")]
    [InlineData("another authority")]
    [InlineData("stamp of something else")]
    [InlineData("stamp before the certificate")]
    [InlineData("stamp after the certificate")]
    [InlineData("stamp that may be after the certificate")]
    [InlineData("authority for mail")]
    [InlineData("no stamp")]
    [Trait("Requirement", "R3161-4-a")]
    [Trait("Kind", "negative")]
    public async Task Open_ExpiredSignerWithoutProof_IsExpired(string fault)
    {
        string mail = fault switch
        {
            "stamp of something else" => await WriteAsync(change: s => s with { Stamped = [1] }),
            "stamp before the certificate" => await WriteAsync(TestPerson.Now.AddYears(-1)),
            "stamp after the certificate" => await WriteAsync(_later.AddYears(-1)),
            "stamp that may be after the certificate" => await WriteAsync(
                new(2035, 12, 31, 23, 0, 0, TimeSpan.Zero), s => s with { Options = [Asn.Sequence(Asn.Number(7200))] }),
            "authority for mail" => await WriteAsync(change: s => s with { Signer = TestIdentity.P256 }),
            "no stamp" => RawMail.Header + RawMail.Pkcs7Mime(await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false)),
            _ => await WriteAsync(),
        };
        ITrustAnchors? anchors = fault switch
        {
            "no anchors of authorities" => null,
            "another authority" => new FixedAnchors(TestPerson.Root),
            _ => _authorities,
        };
        (SmimeReport report, _) = await RawMail.OpenAsync(mail, Options() with { TimeStampAnchors = anchors });
        SignatureReport signature = Assert.Single(report.Signatures);
        Assert.Equal("expired", Assert.IsType<Check.Fail>(signature.Time).Code);
        Assert.True(signature.Integrity.HasPassed);
        Assert.False(signature.IsTrusted);
        Assert.Null(signature.TimeStamp);
    }

    private static SmimeOpenOptions Options() => TestMail.OpenOptions() with { At = _later };

    private static async Task<string> WriteAsync(DateTimeOffset? stamped = null, Func<ForgedTimeStamp, ForgedTimeStamp>? change = null)
    {
        byte[] signed = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        using var output = new MemoryStream();
        await SignedDataEditor.ApplyAsync(new MemoryStream(signed), output, new SignedDataEdits
        {
            EditSigner = (signer, _) =>
            {
                var stamp = new ForgedTimeStamp
                {
                    Stamped = signer.Signature.ToArray(),
                    GenTime = Asn.Write(w => w.WriteGeneralizedTime(stamped ?? _stamped, omitFractionalSeconds: true)),
                };
                signer.AddUnsignedAttribute(new CmsAttribute(SignatureTimeStamp, (change?.Invoke(stamp) ?? stamp).Encode()));
                return ValueTask.CompletedTask;
            },
        });
        return RawMail.Header + RawMail.Pkcs7Mime(output.ToArray());
    }
}
