using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>Every mail of Thunderbird's unit tests has the outcome that its manifest entry names.</summary>
public sealed class ThunderbirdTests
{
    public static TheoryData<string> Mails() =>
        [.. MessageCorpus.Mails("thunderbird-smime").Concat(MessageCorpus.Mails("thunderbird-interop")).Select(e => e.Path)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Mails))]
    [Trait("Requirement", "R3369-2-a")]
    public async Task Open_MailOfThunderbird_HasTheExpectedOutcome(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        (SmimeReport report, byte[] content) = await MessageCorpus.OpenAsync(entry, legacy: true, bytes => new MemoryStream(bytes));
        ExpectedOutcome.Check(entry, report);
        Assert.NotEmpty(content);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Mails))]
    public async Task Open_MailOfThunderbirdByteAtATime_HasTheSameOutcome(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        (SmimeReport report, byte[] content) = await MessageCorpus.OpenAsync(entry, legacy: true, bytes => DribblingStream.InChunks(bytes, 1));
        (_, byte[] whole) = await MessageCorpus.OpenAsync(entry, legacy: true, bytes => new MemoryStream(bytes));
        ExpectedOutcome.Check(entry, report);
        Assert.Equal(whole, content);
    }
}
