using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Signed;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Tests;

/// <summary>The words that scripts compare: what reports say is what options accept, and the worst of several outcomes counts.</summary>
public sealed class NameTests
{
    [Fact]
    public void Cipher_InReports_IsTheNameThatTheOptionTakes()
    {
        string[] expected =
        [
            "aes256-gcm", "aes128-gcm", "aes192-gcm", "chacha20-poly1305", "aes256-ccm", "aes128-ccm", "aes192-ccm",
            "aes256-cbc", "aes128-cbc", "aes192-cbc",
            "camellia256-cbc", "camellia128-cbc", "camellia192-cbc", "3des-cbc", "rc2-128-cbc", "rc2-64-cbc", "rc2-40-cbc", "des-cbc",
        ];
        Assert.Equal(expected, ContentEncryptionAlgorithm.BuiltIn.Select(c => OidNames.Cipher(c.Name)));
        Assert.Equal(
            expected.Select(n => n.StartsWith("rc2", StringComparison.Ordinal) ? "rc2-cbc" : n), // told apart by their parameters
            ContentEncryptionAlgorithm.BuiltIn.Select(c => OidNames.Of(c.Oid)));
        Assert.Equal(ContentEncryptionAlgorithm.BuiltIn, expected.Select(AlgorithmNames.Cipher));
    }

    [Fact]
    public void Digest_InReports_IsTheNameThatTheOptionTakes()
    {
        string[] names = [.. DigestAlgorithm.BuiltIn.Select(d => OidNames.Digest(d.ToIdentifier()))];
        Assert.Equal(
            [
                "md5", "sha1", "sha224", "sha256", "sha3224", "sha3256", "sha3384", "sha3512", "sha384", "sha512", "shake128", "shake256",
                "shake256",
            ],
            names.Order(StringComparer.Ordinal));
        Assert.All(names.Zip(DigestAlgorithm.BuiltIn), d => Assert.True(AlgorithmNames.Digest(d.First).HasSameOutput(d.Second)));
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.1", "rsa")]
    [InlineData("1.2.840.113549.1.1.7", "rsa-oaep")]
    [InlineData("1.3.132.1.11.1", "ecdh-sha256")]
    [InlineData("2.16.840.1.101.3.4.1.45", "aes256-wrap")]
    [InlineData("1.2.840.113549.1.9.16.3.9", "pwri-kek")]
    [InlineData("1.2.3.4", "1.2.3.4")] // what has no name keeps its digits
    public void Recipient_Algorithm_HasAStableName(string oid, string name) => Assert.Equal(name, OidNames.Of(oid));

    [Fact]
    public void Outcomes_FromBadToGood_AreInThePromisedOrder()
    {
        string[] promised =
            ["malformed", "limit", "unsupported", "refused", "no-key", "decrypt-failed", "invalid", "untrusted", "unsigned", "plain", "ok"];
        Assert.Equal(promised, Enum.GetValues<Outcome>().Where(o => o <= Outcome.Malformed).OrderDescending().Select(o => o.ToName()));
    }

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("plain", 0)]
    [InlineData("unsigned", 0)]
    [InlineData("untrusted", 1)]
    [InlineData("invalid", 1)]
    [InlineData("usage", 2)]
    [InlineData("malformed", 3)]
    [InlineData("no-key", 4)]
    [InlineData("decrypt-failed", 4)]
    [InlineData("limit", 5)]
    [InlineData("refused", 6)]
    [InlineData("unsupported", 6)]
    [InlineData("io", 7)]
    [InlineData("internal-error", 70)]
    public void Outcome_HasThePromisedExitCode(string name, int code) =>
        Assert.Equal(code, Assert.Single(Enum.GetValues<Outcome>(), o => o.ToName() == name).ToExitCode());

    [Theory]
    [InlineData("valid valid", "ok")]
    [InlineData("valid untrusted", "untrusted")]
    [InlineData("valid no-certificate", "untrusted")]
    [InlineData("valid refused", "untrusted")]
    [InlineData("untrusted digest", "invalid")]
    [InlineData("no-certificate signature", "invalid")]
    [InlineData("valid malformed", "invalid")]
    [InlineData("digest unsupported", "unsupported")]
    [InlineData("untrusted unsupported", "unsupported")]
    [InlineData("unsupported missing", "malformed")]
    [InlineData("digest missing", "malformed")]
    [InlineData("", "unsigned")]
    public void Outcome_OfSeveralSignatures_IsTheWorst(string signatures, string expected)
    {
        string[] words = signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, OutcomeRules.Of(Report(words)).ToName());
        Assert.Equal(expected, OutcomeRules.Of(Report([.. words.Reverse()])).ToName());
    }

    private static SmimeReport Report(string[] signatures) => new()
    {
        Outcome = signatures.Length == 0 ? MessageOutcome.NoSignature : signatures.All(s => s == "valid") ? MessageOutcome.Valid : MessageOutcome.NotValid,
        Coverage = SignatureCoverage.None,
        Encryption = EncryptionStatus.None,
        Layers = [new LayerReport { Kind = LayerKind.Signed, Form = "signed-data", Part = "1" }],
        Signatures = [.. signatures.Select(Signature)],
        ContentLength = 0,
        ContentSha256 = default,
    };

    private static SignatureReport Signature(string word)
    {
        Check failed = new Check.Fail("code", "explanation");
        Check open = new Check.NotChecked("code");
        (SignerVerdict verdict, Check integrity) = word switch
        {
            "digest" => ((SignerVerdict)new SignerVerdict.DigestMismatch(), failed),
            "signature" => (new SignerVerdict.SignatureMismatch(), failed),
            "malformed" => (new SignerVerdict.Malformed("rule"), failed),
            "unsupported" => (new SignerVerdict.Unsupported("1.2.3"), open),
            "missing" => (new SignerVerdict.ContentMissing(), open),
            "no-certificate" => (new SignerVerdict.CertificateNotFound(), open),
            "refused" => (new SignerVerdict.RefusedByPolicy("weak-digest"), Check.Passed),
            _ => (new SignerVerdict.Valid([]), Check.Passed),
        };
        return new SignatureReport
        {
            Layer = 0,
            Signer = new SignerReport { Verdict = verdict },
            Integrity = integrity,
            Identity = Check.Passed,
            Chain = word == "untrusted" ? failed : Check.Passed,
            Usage = Check.Passed,
            Revocation = open,
            Address = Check.Passed,
            Time = Check.Passed,
            Algorithms = Check.Passed,
            Coverage = Check.Passed,
            IsTrusted = word == "valid",
        };
    }
}
