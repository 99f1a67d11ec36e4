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

    /// <summary>Every published message in binary or PEM form: what is good is valid, or uses what is not implemented.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Published))]
    public void Complete_PublishedMessage_AgreesWithItsExpectation(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        byte[]? detached = entry.Text("detached_content") is { } content ? Vectors.Read(content) : null;
        SignedDataReport report = SignedMessage.Read(Vectors.Read(path), detached, _legacy).Report;
        Assert.NotEmpty(report.Signers);
        if (entry.Expected("verify") == "valid")
        {
            Assert.All(report.Signers, s => Assert.True(IsValidOrBeyondUs(s, report), $"{s.Verdict} {s.SignatureAlgorithm} {s.DigestAlgorithm}"));
        }
        else
        {
            Assert.Contains(report.Signers, s => s.Verdict is not SignerVerdict.Valid);
        }
    }

    private static bool IsValidOrBeyondUs(SignerReport signer, SignedDataReport report) => signer.Verdict switch
    {
        SignerVerdict.Valid => true,
        SignerVerdict.CertificateNotFound => report.Carried.Certificates.Count == 0,
        SignerVerdict.Unsupported when signer.Certificate?.PublicKey.InheritsParameters == true => true, // its issuer is not carried
        SignerVerdict.Unsupported => SignatureAlgorithm.Resolve(
            signer.SignatureAlgorithm!, DigestAlgorithm.Find(signer.DigestAlgorithm!)) is null || DigestAlgorithm.Find(signer.DigestAlgorithm!) is null,
        _ => false,
    };

    private static async Task<(SignedDataReport Report, byte[] Content)> ReadAsync(Stream message)
    {
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(message);
        using var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return (await reader.CompleteAsync(_at), content.ToArray());
    }
}
