using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>RSASSA-PSS with parameters as they should not be, RFC 4055 and RFC 4056. Bouncy Castle signs them.</summary>
public sealed class PssParameterTests
{
    private const string PssOid = "1.2.840.113549.1.1.10";
    private const string Mgf1Oid = "1.2.840.113549.1.1.8";
    private static readonly byte[] _sha1 = Asn.Algorithm("1.3.14.3.2.26", [0x05, 0x00]);
    private static readonly byte[] _sha256 = Asn.Algorithm("2.16.840.1.101.3.4.2.1", [0x05, 0x00]);
    private static readonly byte[] _sha512 = Asn.Algorithm("2.16.840.1.101.3.4.2.3", [0x05, 0x00]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(222)] // the most that 2048 bits hold beside SHA-256
    [Trait("Requirement", "R4056-2.2-a")]
    [Trait("Requirement", "R4056-3-g")]
    public void Verify_AnySaltThatFits_IsValid(int salt) =>
        AssertValid(Read(Signer(Parameters(_sha256, Mgf(_sha256), salt), salt)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Verify_DigestIdentifierInsideWithOrWithoutNull_IsValid(bool nullInside)
    {
        byte[] digest = nullInside ? _sha256 : Asn.Algorithm("2.16.840.1.101.3.4.2.1");
        AssertValid(Read(Signer(Parameters(digest, Mgf(digest), 32), 32)));
    }

    [Fact]
    [Trait("Requirement", "R4056-3-c")]
    public void Verify_OtherDigestInMgf1_IsReportedAndRefusedWhenStrict()
    {
        ForgedSigner signer = Signer(Parameters(_sha256, Mgf(_sha1), 32), 32, new Sha1Digest());
        SignerReport report = Assert.Single(Read(signer).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(["mgf1-digest-differs"], report.Deviations);
        SignedMessage strict = Read(signer, new CmsReaderOptions { Policy = CmsPolicy.Strict });
        Assert.Equal("mgf1-digest-differs", Assert.IsType<SignerVerdict.RefusedByPolicy>(strict.Verdict).Rule);
    }

    public static TheoryData<string> Abuses { get; } =
    [
        "absent", "NULL", "garbage", "unknown digest", "unknown mask", "mask without digest", "trailer 2", "salt -1", "salt 2^31", "salt 5000",
        "extra field", "digest twice",
    ];

    [Theory]
    [MemberData(nameof(Abuses))]
    [Trait("Requirement", "R4056-2.2-b")]
    [Trait("Requirement", "R4056-3-g")]
    [Trait("Kind", "negative")]
    public void Verify_ParametersThatMakeNoSense_AreUnsupported(string abuse)
    {
        byte[][] parameters = abuse switch
        {
            "absent" => [],
            "NULL" => [[0x05, 0x00]],
            "garbage" => [Asn.Sequence(Asn.Number(1))],
            "unknown digest" => [Parameters(Asn.Algorithm("1.2.3.4"), Mgf(_sha256), 32)],
            "unknown mask" => [Parameters(_sha256, Asn.Algorithm("1.2.3.4", _sha256), 32)],
            "mask without digest" => [Parameters(_sha256, Asn.Algorithm(Mgf1Oid), 32)],
            "trailer 2" => [Asn.Sequence(Explicit(0, _sha256), Explicit(1, Mgf(_sha256)), Explicit(2, Asn.Number(32)), Explicit(3, Asn.Number(2)))],
            "salt -1" => [Parameters(_sha256, Mgf(_sha256), -1)],
            "salt 2^31" => [Parameters(_sha256, Mgf(_sha256), 1L << 31)],
            "salt 5000" => [Parameters(_sha256, Mgf(_sha256), 5000)],
            "extra field" => [Asn.Sequence(Explicit(0, _sha256), Explicit(1, Mgf(_sha256)), Explicit(2, Asn.Number(32)), Explicit(4, Asn.Number(1)))],
            _ => [Asn.Sequence(Explicit(0, [.. _sha256, .. _sha256]), Explicit(1, Mgf(_sha256)), Explicit(2, Asn.Number(32)))],
        };
        SignerVerdict verdict = Read(Signer(parameters, 32)).Verdict;
        Assert.Equal(PssOid, Assert.IsType<SignerVerdict.Unsupported>(verdict).Oid);
    }

    [Fact]
    [Trait("Requirement", "R4056-3-b")]
    [Trait("Kind", "negative")]
    public void Verify_OtherDigestThanTheSigners_IsMalformed()
    {
        SignerVerdict verdict = Read(Signer(Parameters(_sha512, Mgf(_sha512), 64), 64)).Verdict;
        Assert.Equal("digest-algorithm-mismatch", Assert.IsType<SignerVerdict.Malformed>(verdict).Rule);
        byte[] defaults = Asn.Sequence(); // SHA-1 throughout
        Assert.IsType<SignerVerdict.Malformed>(Read(Signer([defaults], 20)).Verdict);
    }

    [Theory]
    [InlineData("the same", true)]
    [InlineData("trailer spelled out", true)]
    [InlineData("digests without NULL", true)]
    [InlineData("other salt", false)]
    [InlineData("other digest in the mask", false)]
    [InlineData("defaults left out", false)] // they mean SHA-1
    [Trait("Requirement", "R4056-3-e")]
    [Trait("Requirement", "R6211-3-b")]
    public void Verify_AlgorithmProtection_ComparesWhatParametersMean(string spelling, bool valid)
    {
        byte[] bare = Asn.Algorithm("2.16.840.1.101.3.4.2.1");
        byte[] parameters = spelling switch
        {
            "the same" => Parameters(_sha256, Mgf(_sha256), 20),
            "trailer spelled out" => Asn.Sequence(Explicit(0, _sha256), Explicit(1, Mgf(_sha256)), Explicit(2, Asn.Number(20)), Explicit(3, Asn.Number(1))),
            "digests without NULL" => Parameters(bare, Mgf(bare), 20),
            "other salt" => Parameters(_sha256, Mgf(_sha256), 32),
            "other digest in the mask" => Parameters(_sha256, Mgf(_sha512), 20),
            _ => Asn.Sequence(),
        };
        byte[] written = Asn.Sequence(Explicit(0, _sha256), Explicit(1, Mgf(_sha256))); // a salt of 20 is the default
        ForgedSigner signer = Signer(written, 20) with
        {
            Attributes = m => [.. ForgedAttribute.Usual(m), ForgedAttribute.AlgorithmProtection(_sha256, Asn.Algorithm(PssOid, parameters))],
        };
        SignerVerdict verdict = Read(signer).Verdict;
        Assert.Equal(valid ? null : "algorithm-protection", (verdict as SignerVerdict.Malformed)?.Rule);
        Assert.Equal(valid, verdict is SignerVerdict.Valid);
    }

    [Theory]
    [InlineData(31, 32)]
    [InlineData(32, 31)]
    [InlineData(0, 20)]
    [InlineData(20, 0)]
    [InlineData(1000, 20)] // does not fit the modulus
    [Trait("Kind", "negative")]
    public void Verify_OtherSaltThanSaid_IsAMismatch(int said, int used) =>
        Assert.IsType<SignerVerdict.SignatureMismatch>(Read(Signer(Parameters(_sha256, Mgf(_sha256), said), used)).Verdict);

    private static ForgedSigner Signer(byte[] parameters, int salt, IDigest? mgf = null) => Signer([parameters], salt, mgf);

    private static ForgedSigner Signer(byte[][] parameters, int salt, IDigest? mgf = null) => new()
    {
        Identity = TestIdentity.Rsa,
        SignatureIdentifier = Asn.Algorithm(PssOid, parameters),
        Sign = input => Sign(input, salt, mgf ?? new Sha256Digest()),
    };

    private static byte[] Sign(byte[] input, int salt, IDigest mgf)
    {
        var signer = new PssSigner(new RsaBlindedEngine(), new Sha256Digest(), mgf, salt, PssSigner.TrailerImplicit);
        signer.Init(true, PrivateKeyFactory.CreateKey(TestIdentity.Rsa.Key.ExportPkcs8PrivateKey()));
        signer.BlockUpdate(input);
        return signer.GenerateSignature();
    }

    private static byte[] Parameters(byte[] digest, byte[] mask, long salt) =>
        Asn.Sequence(Explicit(0, digest), Explicit(1, mask), Explicit(2, Asn.Number(salt)));

    private static byte[] Mgf(byte[] digest) => Asn.Algorithm(Mgf1Oid, digest);

    private static byte[] Explicit(int tag, byte[] value) => Asn.Tagged((byte)(0xA0 | tag), value);

    private static SignedMessage Read(ForgedSigner signer, CmsReaderOptions? options = null) =>
        SignedMessage.Read(new ForgedMessage { Signers = [signer] }, options: options);

    private static void AssertValid(SignedMessage message) => Assert.IsType<SignerVerdict.Valid>(message.Verdict);
}
