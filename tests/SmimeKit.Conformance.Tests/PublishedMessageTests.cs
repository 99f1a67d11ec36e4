using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>Published mails and bare CMS have the outcome that their manifest entries name, or one that is listed with its reason.</summary>
public sealed class PublishedMessageTests
{
    private static readonly string[] _groups = ["rfc4134", "rfc9216", "peer-openssl", "peer-mimekit", "peer-bouncycastle"];

    public static TheoryData<string> Messages() => [.. _groups.SelectMany(MessageCorpus.Messages).Select(e => e.Path)];

    public static TheoryData<string> WeakMails() =>
    [
        "peer-openssl/sign-rsa-sha1.opaque.eml",
        .. MessageCorpus.Mails("thunderbird-smime").Where(e => e.Path.Contains("sha1", StringComparison.OrdinalIgnoreCase) && e.Expected("verify") == "valid").Select(e => e.Path),
    ];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Messages))]
    [Trait("Requirement", "R3851-1.4-a")]
    [Trait("Requirement", "R3851-2.2-b")]
    [Trait("Requirement", "R3851-2.3-a")]
    [Trait("Policy", "legacy")]
    public async Task Open_PublishedMessage_HasTheExpectedOutcomeOrAListedOne(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        await Divergences.CheckAsync(entry, async () =>
        {
            (SmimeReport Report, byte[] Content)? opened = null;
            Exception? failure = await Record.ExceptionAsync(async () => opened = await MessageCorpus.OpenAsync(entry, legacy: true, bytes => new MemoryStream(bytes)));
            if (opened is { } found)
            {
                ExpectedOutcome.CheckAll(entry, found.Report, found.Content);
            }
            else if (failure is not SmimeKitException || MustOpen(entry))
            {
                Assert.Fail($"{failure}");
            }
        });
    }

    private static bool MustOpen(VectorEntry entry) =>
        entry.Expect.TryGetProperty("layers", out _) && entry.Expected("decrypt") != "fail" && entry.Expected("verify") != "invalid";

    [Fact]
    public void Divergences_NameMessagesThatExist()
    {
        Vectors.Require();
        Assert.All(Divergences.All, d =>
        {
            Assert.Contains(Vectors.Entries, e => e.Path == d.Key);
            Assert.NotEmpty(d.Value);
        });
    }

    [Theory]
    [MemberData(nameof(WeakMails))]
    [Trait("Requirement", "R3851-2.1-a")]
    public async Task Open_SignedWithSha1_HoldsAndIsNeverTrusted(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        foreach (bool legacy in new[] { false, true })
        {
            (SmimeReport report, _) = await MessageCorpus.OpenAsync(entry, legacy, bytes => new MemoryStream(bytes));
            Assert.NotEqual(MessageOutcome.Valid, report.Outcome);
            SignatureReport weak = report.Signatures.First(s => s.Signer.DigestAlgorithm?.Oid == "1.3.14.3.2.26");
            Assert.True(weak.Integrity.HasPassed, $"{weak.Integrity}");
            Assert.IsType<Check.Fail>(weak.Algorithms);
            Assert.False(weak.IsTrusted);
        }
    }
}
