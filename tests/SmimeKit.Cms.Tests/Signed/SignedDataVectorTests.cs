using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Messages of OpenSSL, read in every way a stream can be read.</summary>
public sealed class SignedDataVectorTests
{
    private static readonly DateTimeOffset _at = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CmsReaderOptions _legacy = new() { Policy = CmsPolicy.Legacy };

    public static TheoryData<string> Attached { get; } =
    [
        "sign-ec-sha384.der", "sign-rsa-keyid.der", "sign-rsa-noattr.der", "sign-rsa-pss-sha384-salt20.der",
        "sign-rsa-pss-sha512-saltmax.der", "sign-rsa-sha256.stream.ber",
    ];

    [Theory]
    [MemberData(nameof(Attached))]
    [Trait("Requirement", "R3369-5.6-c")]
    public async Task Complete_MessageOfOpenSsl_IsValidAndYieldsContent(string name)
    {
        byte[] message = Vectors.Read("peer-openssl/" + name);
        (SignedDataReport report, byte[] content) = await ReadAsync(DribblingStream.InChunks(message, 7));
        SignerReport signer = Assert.Single(report.Signers);
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
        Assert.Equal(Vectors.Read("peer-openssl/content.txt"), content);
    }

    [Theory]
    [InlineData("sign-rsa-detached.der", true)]
    [InlineData("bad-sign-rsa-detached.signature-bit.der", false)]
    public async Task Complete_DetachedMessageOfOpenSsl_JudgesTheContentGiven(string name, bool valid)
    {
        using var content = new MemoryStream(Vectors.Read("peer-openssl/content.txt"));
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(new MemoryStream(Vectors.Read("peer-openssl/" + name)));
        await reader.DigestDetachedAsync(content);
        SignedDataReport report = await reader.CompleteAsync(_at);
        Assert.Equal(valid, Assert.Single(report.Signers).Verdict is SignerVerdict.Valid);
    }

    public static TheoryData<string> Published { get; } =
    [
        .. Vectors.Entries.Where(e => e.Kind is "cms-der" or "cms-pem" && e.Expected("verify") is "valid" or "invalid").Select(e => e.Path),
    ];

    /// <summary>Every published message in binary or PEM form: what is good is valid.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Published))]
    [Trait("Requirement", "R3370-3.1-a")]
    [Trait("Requirement", "R3370-3.1-d")]
    [Trait("Requirement", "R3370-3.2-b")]
    [Trait("Requirement", "R5754-3.1-a")]
    [Trait("Requirement", "R8419-2-a")]
    [Trait("Requirement", "R8702-3.1-a")]
    [Trait("Requirement", "R9882-3.2-a")]
    [Trait("Requirement", "R9882-3.2-b")]
    [Trait("Requirement", "R9814-4-a")]
    [Trait("Policy", "legacy")]
    public void Complete_PublishedMessage_AgreesWithItsExpectation(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        byte[]? detached = entry.Text("detached_content") is { } content ? Vectors.Read(content) : null;
        SignedDataReport report = SignedMessage.Read(Vectors.Read(path), detached, _legacy, Resolver(entry)).Report;
        Assert.NotEmpty(report.Signers);
        if (entry.Expected("verify") == "valid")
        {
            Assert.All(report.Signers, s => Assert.True(s.Verdict is SignerVerdict.Valid, $"{s.Verdict} {s.SignatureAlgorithm} {s.DigestAlgorithm}"));
        }
        else
        {
            Assert.Contains(report.Signers, s => s.Verdict is not SignerVerdict.Valid);
        }
    }

    public static TheoryData<string> WithOtherDigests { get; } =
        [.. Vectors.Group("openssl36").Where(e => e.Expected("verify") == "any").Select(e => e.Path)];

    /// <summary>OpenSSL signs with digests that the RFCs do not admit beside Ed25519 and ML-DSA.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(WithOtherDigests))]
    [Trait("Requirement", "R8419-3-b")]
    [Trait("Requirement", "R9882-3.3-b")]
    [Trait("Requirement", "R9882-3.3-c")]
    public void Complete_DigestNotOfTheScheme_IsADeviation(string path)
    {
        SignerReport tolerated = Assert.Single(SignedMessage.Read(Vectors.Read(path)).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(tolerated.Verdict);
        Assert.Contains("digest-not-of-scheme", tolerated.Deviations);
        var strict = new CmsReaderOptions { Policy = CmsPolicy.Strict };
        Assert.Equal(new SignerVerdict.RefusedByPolicy("digest-not-of-scheme"), SignedMessage.Read(Vectors.Read(path), options: strict).Verdict);
    }

    /// <summary>Diane's certificate leaves out its DSA parameters, and the message does not carry the issuer's.</summary>
    [Fact]
    [Trait("Requirement", "R3370-3.1-c")]
    [Trait("Policy", "legacy")]
    public void Complete_InheritedParameters_NeedTheIssuerAndAreReported()
    {
        Certificate carl = Certificate.Decode(Vectors.Read("rfc4134/CarlDSSSelf.cer"));
        byte[] message = Vectors.Read("rfc4134/4.6.bin");
        SignerReport alone = SignedMessage.Read(message, options: _legacy).Report.Signers.Single(IsDiane);
        SignerReport helped = SignedMessage.Read(
            message, options: _legacy, resolver: (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([carl])).Report.Signers.Single(IsDiane);

        Assert.Equal(new SignerVerdict.Unsupported("1.2.840.10040.4.1"), alone.Verdict);
        Assert.Equal(["weak-digest", "weak-signature"], Assert.IsType<SignerVerdict.Valid>(helped.Verdict).Weaknesses);
        Assert.Equal(carl, helped.ParametersFrom);

        static bool IsDiane(SignerReport signer) => signer.Certificate!.PublicKey.InheritsParameters;
    }

    // The manifest names certificates that messages do not carry: as intermediates, or in its notes.
    private static SignerCertificateResolver Resolver(VectorEntry entry)
    {
        const string InNotes = "signer certificate: ";
        IEnumerable<string> named = entry.List("intermediates");
        if (entry.Text("notes") is { } notes && notes.IndexOf(InNotes, StringComparison.Ordinal) is >= 0 and var at)
        {
            string file = notes[(at + InNotes.Length)..].Split(';', ' ')[0];
            named = named.Append(file.Contains('/', StringComparison.Ordinal) ? file : entry.Group + "/" + file);
        }

        IReadOnlyList<Certificate> certificates = [.. named.SelectMany(n => CertificateFile.Decode(Vectors.Read(n)))];
        return (_, _) => ValueTask.FromResult(certificates);
    }

    private static async Task<(SignedDataReport Report, byte[] Content)> ReadAsync(Stream message)
    {
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(message);
        using var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return (await reader.CompleteAsync(_at), content.ToArray());
    }
}
