using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Which algorithm identifiers go together: RFC 8933, RFC 6211, RFC 4056, RFC 5754.</summary>
public sealed class AlgorithmBindingTests
{
    private static readonly byte[] _null = [0x05, 0x00];
    private static readonly byte[] _sha256 = Asn.Algorithm("2.16.840.1.101.3.4.2.1");
    private static readonly byte[] _sha256Null = Asn.Algorithm("2.16.840.1.101.3.4.2.1", _null);
    private static readonly byte[] _sha512 = Asn.Algorithm("2.16.840.1.101.3.4.2.3");
    private static readonly byte[] _ecdsaSha256 = Asn.Algorithm("1.2.840.10045.4.3.2");
    private static readonly byte[] _ecdsaSha512 = Asn.Algorithm("1.2.840.10045.4.3.4");
    private static readonly byte[] _rsaSha256 = Asn.Algorithm("1.2.840.113549.1.1.11", _null);
    private static readonly byte[] _rsaSha512 = Asn.Algorithm("1.2.840.113549.1.1.13", _null);
    private static readonly byte[] _rsa = Asn.Algorithm("1.2.840.113549.1.1.1", _null);

    public static TheoryData<string, bool> Protections { get; } = new()
    {
        { "same", true },
        { "NULL instead of absent", true },
        { "other digest", false },
        { "other signature", false },
        { "MAC instead of signature", false },
        { "MAC and signature", false },
        { "neither", false },
        { "twice", false },
        { "two values", false },
        { "no value", false },
        { "garbage", false },
    };

    [Theory]
    [MemberData(nameof(Protections))]
    [Trait("Requirement", "R6211-2-a")]
    [Trait("Requirement", "R6211-3.1-a")]
    [Trait("Requirement", "R6211-2-c")]
    [Trait("Requirement", "R6211-3-b")]
    public void Verify_AlgorithmProtection_HasToAgree(string name, bool valid)
    {
        byte[] good = AlgorithmProtection(_sha256, _ecdsaSha256);
        IEnumerable<byte[]> protection = name switch
        {
            "same" => [good],
            "NULL instead of absent" => [AlgorithmProtection(_sha256Null, _ecdsaSha256)],
            "other digest" => [AlgorithmProtection(_sha512, _ecdsaSha256)],
            "other signature" => [AlgorithmProtection(_sha256, _ecdsaSha512)],
            "MAC instead of signature" => [AlgorithmProtection(_sha256, _ecdsaSha256, tag: 2)],
            "MAC and signature" => [Of(AlgorithmProtectionOid, Asn.Sequence(_sha256, Asn.Hex("A100"), Asn.Hex("A200")))],
            "neither" => [Of(AlgorithmProtectionOid, Asn.Sequence(_sha256))],
            "twice" => [good, good],
            "two values" => [Of(AlgorithmProtectionOid, Asn.Number(1), Asn.Number(2))],
            "no value" => [Of(AlgorithmProtectionOid)],
            _ => [Of(AlgorithmProtectionOid, Asn.Number(1))],
        };
        SignerVerdict verdict = Read(new ForgedSigner { Attributes = m => [.. Usual(m), .. protection] }).Verdict;
        Assert.Equal(valid ? null : "algorithm-protection", (verdict as SignerVerdict.Malformed)?.Rule);
        Assert.Equal(valid, verdict is SignerVerdict.Valid);
    }

    [Fact]
    [Trait("Requirement", "R6211-3.1-a")]
    [Trait("Kind", "negative")]
    public void Verify_DigestIdentifierSwappedAfterSigning_IsCaughtByTheProtection()
    {
        // rsaEncryption leaves the digest to the other field: without protection, swapping it ends as a mere mismatch.
        var signer = new ForgedSigner
        {
            Identity = TestIdentity.Rsa,
            SignatureIdentifier = _rsa,
            Attributes = m => [.. Usual(m), AlgorithmProtection(_sha256, _rsa)],
            DigestIdentifier = _sha512,
        };
        Assert.Equal("algorithm-protection", Assert.IsType<SignerVerdict.Malformed>(Read(signer).Verdict).Rule);
    }

    [Fact]
    [Trait("Requirement", "R6211-3-c")]
    public void Verify_WithoutProtection_IsValid() => Assert.IsType<SignerVerdict.Valid>(Read(new ForgedSigner()).Verdict);

    [Fact]
    [Trait("Requirement", "R8933-3-a")]
    [Trait("Requirement", "R8933-3.4-a")]
    [Trait("Kind", "negative")]
    public void Verify_TwoDigestsInOneSigner_IsNotValid()
    {
        // The attributes hashed with SHA-512, the content with SHA-256: in the open, and hidden behind rsaEncryption.
        var open = new ForgedSigner
        {
            Identity = TestIdentity.Rsa,
            Sign = input => Rsa.SignData(input, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            SignatureIdentifier = _rsaSha512,
        };
        Assert.Equal("digest-algorithm-mismatch", Assert.IsType<SignerVerdict.Malformed>(Read(open).Verdict).Rule);
        Assert.IsType<SignerVerdict.SignatureMismatch>(Read(open with { SignatureIdentifier = _rsa }).Verdict);
        SignerVerdict other = Read(open with { SignatureIdentifier = _rsaSha512, DigestIdentifier = _sha512 }, digests: [_sha256, _sha512]).Verdict;
        Assert.IsType<SignerVerdict.DigestMismatch>(other); // R8933-3.3-a
    }

    [Fact]
    [Trait("Requirement", "R8933-3.3-a")]
    [Trait("Kind", "negative")]
    public void Verify_MessageDigestOfAnotherAlgorithm_IsADigestMismatch()
    {
        var signer = new ForgedSigner { Digest = DigestAlgorithm.Sha512, Attributes = m => Usual(m, DigestAlgorithm.Sha256) };
        Assert.IsType<SignerVerdict.DigestMismatch>(Read(signer).Verdict);
    }

    [Fact]
    [Trait("Requirement", "R8933-3.1-b")]
    [Trait("Requirement", "R3369-5.1-g")]
    public void Verify_DigestThatWasNotAnnounced_IsReportedAsNotComputed() => Assert.Equal(
        "digest-not-computed",
        Assert.IsType<SignerVerdict.Unsupported>(Read(new ForgedSigner(), digests: [_sha512]).Verdict).Oid);

    [Theory]
    [InlineData("empty")]
    [InlineData("three")]
    [InlineData("NULL")]
    [InlineData("unknown beside")]
    [InlineData("twice")]
    [Trait("Requirement", "R3369-5.1-e")]
    [Trait("Requirement", "R5754-2-a")]
    [Trait("Requirement", "R3370-2.1-e")]
    [Trait("Requirement", "R5758-2-a")]
    public void Verify_AnyDigestSetThatHoldsTheDigest_IsValid(string name)
    {
        byte[][] digests = name switch
        {
            "empty" => [],
            "three" => [_sha512, Asn.Algorithm("2.16.840.1.101.3.4.2.2"), _sha256],
            "NULL" => [_sha256Null],
            "twice" => [_sha256, _sha256Null, _sha256],
            _ => [Asn.Algorithm("1.3.6.1.4.1.99999.1", Asn.Sequence()), _sha256],
        };
        Assert.IsType<SignerVerdict.Valid>(Read(new ForgedSigner(), digests: digests).Verdict);
    }

    [Theory]
    [InlineData("NULL", true)]
    [InlineData("sequence", false)]
    [InlineData("number", false)]
    [Trait("Requirement", "R5754-2-a")]
    [Trait("Requirement", "R3369-10.1-a")]
    [Trait("Requirement", "R5758-2-a")]
    public void Verify_DigestParameters_AreAbsentOrNull(string parameters, bool valid)
    {
        byte[] identifier = Asn.Algorithm(DigestAlgorithm.Sha256.Oid, parameters switch
        {
            "NULL" => _null,
            "sequence" => Asn.Sequence(),
            _ => Asn.Number(5),
        });
        SignerVerdict verdict = Read(new ForgedSigner { DigestIdentifier = identifier }, digests: [_sha256]).Verdict;
        Assert.Equal(valid ? typeof(SignerVerdict.Valid) : typeof(SignerVerdict.Unsupported), verdict.GetType());
    }

    [Theory]
    [InlineData("absent", true)]
    [InlineData("NULL", true)]
    [InlineData("sequence", false)]
    [InlineData("number", false)]
    [Trait("Requirement", "R3370-2.1-a")]
    [Trait("Requirement", "R3370-2.1-b")]
    [Trait("Requirement", "R3370-2.1-d")]
    [Trait("Policy", "legacy")]
    public void Verify_ParametersOfSha1_AreAbsentOrNull(string parameters, bool valid)
    {
        var signer = new ForgedSigner
        {
            Identity = TestIdentity.Rsa,
            Digest = DigestAlgorithm.Sha1,
            Attributes = m => Usual(m, DigestAlgorithm.Sha1),
            DigestIdentifier = Asn.Algorithm(DigestAlgorithm.Sha1.Oid, parameters switch
            {
                "absent" => [],
                "NULL" => [_null],
                "sequence" => [Asn.Sequence()],
                _ => [Asn.Number(0)],
            }),
        };
        SignerVerdict verdict = Read(signer, new CmsReaderOptions { Policy = CmsPolicy.Legacy }, [Asn.Algorithm(DigestAlgorithm.Sha1.Oid)]).Verdict;
        Assert.Equal(valid ? typeof(SignerVerdict.Valid) : typeof(SignerVerdict.Unsupported), verdict.GetType());
    }

    [Theory]
    [InlineData("ecdsa-with-SHA512", "SHA-256")]
    [InlineData("ecdsa-with-SHA256", "SHA-512")]
    [Trait("Requirement", "R5753-2.1.1-a")]
    [Trait("Kind", "negative")]
    public void Verify_EcdsaWithAnotherDigestThanTheSigners_IsMalformed(string scheme, string digest)
    {
        // The signature is made with the digest of the scheme: it would verify, were the digest of the signer not looked at.
        DigestAlgorithm ofSigner = DigestAlgorithm.FindByMicalg(digest)!;
        DigestAlgorithm ofScheme = ofSigner == DigestAlgorithm.Sha256 ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;
        var signer = new ForgedSigner
        {
            Digest = ofScheme,
            Attributes = m => Usual(m, ofSigner),
            DigestIdentifier = Asn.Algorithm(ofSigner.Oid),
            SignatureIdentifier = scheme == "ecdsa-with-SHA512" ? _ecdsaSha512 : _ecdsaSha256,
        };
        Assert.Equal("digest-algorithm-mismatch", Assert.IsType<SignerVerdict.Malformed>(Read(signer).Verdict).Rule);
    }

    [Theory]
    [InlineData("rsaEncryption")]
    [InlineData("rsaEncryption, no parameters")]
    [InlineData("sha256WithRSA")]
    [InlineData("sha256WithRSA, no parameters")]
    [Trait("Requirement", "R5754-3.2-c")]
    [Trait("Requirement", "R3370-3.2-d")]
    [Trait("Requirement", "R3370-3.2-f")]
    [Trait("Requirement", "R5754-3.2-b")]
    public void Verify_EverySpellingOfRsa_IsValid(string spelling)
    {
        byte[] identifier = spelling switch
        {
            "rsaEncryption" => _rsa,
            "rsaEncryption, no parameters" => Asn.Algorithm("1.2.840.113549.1.1.1"),
            "sha256WithRSA" => _rsaSha256,
            _ => Asn.Algorithm("1.2.840.113549.1.1.11"),
        };
        Assert.IsType<SignerVerdict.Valid>(
            Read(new ForgedSigner { Identity = TestIdentity.Rsa, SignatureIdentifier = identifier }).Verdict);
    }

    [Theory]
    [InlineData("1.3.14.3.2.26", "weak-digest")]      // SHA-1
    [InlineData("1.2.840.113549.2.5", "weak-digest")] // MD5
    [Trait("Requirement", "R3369-5.1-m")]
    [Trait("Requirement", "R3370-2.2-c")]
    [Trait("Requirement", "R3370-3.2-b")]
    [Trait("Requirement", "R3370-3.2-d")]
    public void Verify_BrokenDigest_IsRefusedAndUnderLegacyAWeakness(string oid, string weakness)
    {
        var signer = new ForgedSigner
        {
            Identity = TestIdentity.Rsa,
            Digest = DigestAlgorithm.Find(oid)!,
            SignatureIdentifier = _rsa,
            Attributes = m => Usual(m, DigestAlgorithm.Find(oid)),
        };
        Assert.Equal("digest-not-listed", Assert.IsType<SignerVerdict.RefusedByPolicy>(Read(signer).Verdict).Rule);
        var legacy = new CmsReaderOptions { Policy = CmsPolicy.Legacy };
        Assert.Equal([weakness], Assert.IsType<SignerVerdict.Valid>(Read(signer, legacy).Verdict).Weaknesses);
    }

    [Fact]
    [Trait("Requirement", "R3370-9-e")]
    public void Verify_DigestPastItsCutoff_IsRefused()
    {
        CmsPolicy policy = CmsPolicy.Default with
        {
            Digests = CmsPolicy.Default.Digests.SetItem(DigestAlgorithm.Sha256.Oid, SignedMessage.At),
        };
        SignerVerdict verdict = Read(new ForgedSigner(), new CmsReaderOptions { Policy = policy }).Verdict;
        Assert.Equal("digest-past-cutoff", Assert.IsType<SignerVerdict.RefusedByPolicy>(verdict).Rule);
    }

    private static RSA Rsa => (RSA)TestIdentity.Rsa.Key;

    private static SignedMessage Read(ForgedSigner signer, CmsReaderOptions? options = null, IEnumerable<byte[]>? digests = null) =>
        SignedMessage.Read(new ForgedMessage { Signers = [signer], DigestAlgorithms = digests }, options: options);
}
