using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>The spoofing mails of "Johnny, you are fired!" do not get through; the genuine ones do.</summary>
public sealed class JohnnyTests
{
    public static TheoryData<string> Mails() => [.. MessageCorpus.Mails("johnny").Select(e => e.Path)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Mails))]
    [Trait("Requirement", "R3850-3-k")]
    public async Task Open_MailOfJohnny_IsValidOnlyWhenGenuine(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        bool genuine = entry.Expected("verify") == "valid" && entry.Text("sender_match") is null or "ok";
        SmimeReport report;
        try
        {
            (report, _) = await MessageCorpus.OpenAsync(entry, legacy: false, bytes => new MemoryStream(bytes));
        }
        catch (SmimeKitException) when (!genuine)
        {
            return;
        }

        string problems = string.Join("; ", report.Signatures.SelectMany(s => s.Problems));
        Assert.True(genuine == (report.Outcome == MessageOutcome.Valid), $"{report.Outcome}: {problems}");
        if (entry.Text("sender_match") == "fail")
        {
            SignatureReport signature = Assert.Single(report.Signatures);
            Assert.True(signature.Integrity.HasPassed && signature.Chain.HasPassed, problems);
            Assert.IsType<Check.Fail>(signature.Address);
        }
    }
}
