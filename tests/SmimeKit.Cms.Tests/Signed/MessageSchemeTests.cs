using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Schemes that sign the message itself: the digest that is named beside them, and content without signed attributes.</summary>
public sealed class MessageSchemeTests
{
    private static readonly CmsReaderOptions _strict = new() { Policy = CmsPolicy.Strict };

    [Theory]
    [InlineData("ed25519", "sha-256")]
    [InlineData("ed25519", "shake256")]
    [InlineData("ed448", "sha-512")]
    [InlineData("ml-dsa-65", "sha-256")]
    [InlineData("slh-dsa-sha2-128f", "sha-224")]
    [InlineData("hss-lms-sha256", "sha-512")]
    [InlineData("hss-lms-sha256", "shake256")]
    [InlineData("hss-lms-shake256", "sha-256")]
    [Trait("Requirement", "R8419-3-b")]
    [Trait("Requirement", "R9882-3.3-c")]
    [Trait("Requirement", "R9814-4-c")]
    [Trait("Requirement", "R9708-5-a")]
    public void Verify_DigestThatTheRfcDoesNotAdmit_IsADeviationAndRefusedByTheStrictPolicy(string scheme, string digest)
    {
        byte[] message = Sign(Signer(scheme, DigestAlgorithm.FindByMicalg(digest)!));
        SignerReport signer = Assert.Single(SignedMessage.Read(message).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
        Assert.Equal(["digest-not-of-scheme"], signer.Deviations);
        Assert.Equal("digest-not-of-scheme", Assert.IsType<SignerVerdict.RefusedByPolicy>(SignedMessage.Read(message, options: _strict).Verdict).Rule);
    }

    [Theory]
    [InlineData("sig-ed25519-sha256-attrs.der", false)]
    [InlineData("sig-ed25519-sha512-attrs.der", true)]
    [Trait("Requirement", "R8419-3-b")]
    public void Verify_Ed25519OfOpenSsl_SaysWhetherTheDigestIsProper(string name, bool proper)
    {
        SignedMessage read = SignedMessage.Read(Vectors.Read("openssl36/" + name));
        Assert.Equal(Vectors.Read("openssl36/content.txt"), read.Content);
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(proper ? [] : ["digest-not-of-scheme"], read.Report.Signers[0].Deviations);
    }

    [Theory]
    [InlineData("ml-dsa-44", "2.16.840.1.101.3.4.2.1")]  // SHA-256
    [InlineData("ml-dsa-87", "2.16.840.1.101.3.4.2.1")]
    [InlineData("ml-dsa-87", "1.3.14.3.2.26")]           // SHA-1
    [InlineData("ml-dsa-65", "1.3.6.1.4.1.99999.1")]     // nobody's
    [InlineData("slh-dsa-sha2-128f", "1.3.6.1.4.1.99999.1")]
    [Trait("Requirement", "R9882-3.3-e")]
    [Trait("Requirement", "R9814-4-d")]
    public void Verify_WithoutAttributes_IgnoresTheDigestNamed(string scheme, string digest)
    {
        var signer = Signer(scheme, DigestAlgorithm.Sha512) with { Attributes = null, DigestIdentifier = Asn.Algorithm(digest) };
        SignerReport report = Assert.Single(SignedMessage.Read(Sign(signer)).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Empty(report.Deviations);
    }

    [Theory]
    [InlineData(100, false, true)]
    [InlineData(101, false, false)]
    [InlineData(100, true, true)]
    [InlineData(101, true, false)]
    [InlineData(1_000_000, true, false)]
    [Trait("Requirement", "R8419-4-a")]
    public void Verify_ContentWithoutAttributes_IsKeptUpToALimit(int size, bool detached, bool kept)
    {
        byte[] content = new byte[size];
        ForgedMessage forged = Message(Signer("ed25519", DigestAlgorithm.Sha512) with { Attributes = null }) with { SignedContent = content };
        byte[] message = detached ? forged with { EContent = [] } : forged;
        var options = new CmsReaderOptions { Limits = CmsLimits.Default with { MaxContentSignedWhole = 100 } };
        SignerVerdict verdict = SignedMessage.Read(message, content, options).Verdict;
        Assert.Equal(kept ? null : "content-not-kept", (verdict as SignerVerdict.Unsupported)?.Oid);
        Assert.Equal(kept, verdict is SignerVerdict.Valid);
    }

    [Fact]
    [Trait("Requirement", "R8419-4-a")]
    public void Sign_WithoutAttributes_StopsAtTheLimit()
    {
        TestIdentity key = TestIdentity.Signer("ed25519");
        Assert.True(new CmsSigner(key).UseSignedAttributes);
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(key) { UseSignedAttributes = false }],
            Limits = CmsLimits.Default with { MaxContentSignedWhole = 100 },
        };
        using SignedDataWriter writer = SignedDataWriter.Open(Stream.Null, options);
        writer.Content.Write(new byte[100]);
        Assert.Equal(nameof(CmsLimits.MaxContentSignedWhole), Assert.Throws<LimitExceededException>(() => writer.Content.Write(new byte[1])).Limit);
    }

    [Fact]
    [Trait("Requirement", "R9708-5-b")]
    public void Verify_HssKeyInAnOctetString_IsTheSameKey()
    {
        ForgedSigner raw = Signer("hss-lms-sha256", DigestAlgorithm.Sha256);
        SubjectPublicKeyInfo key = raw.Identity.Certificate.PublicKey;
        var wrapped = new TestIdentity(
            TestAuthority.Issue("wrapped", TrapKeys.Any(key.Algorithm.Encode(), Asn.OctetString(key.Key.ToArray()))), raw.Identity.Pkcs8);
        Assert.IsType<SignerVerdict.Valid>(SignedMessage.Read(Sign(raw)).Verdict);
        Assert.IsType<SignerVerdict.Valid>(SignedMessage.Read(Sign(raw with { Identity = wrapped })).Verdict);
    }

    [Theory]
    [InlineData("00000000 00000005 00000003")]
    [InlineData("00000002 00000001 00000003")]
    [InlineData("00000002 00000005 00000011")]
    [Trait("Kind", "negative")]
    public void Verify_HssKeyOfUnknownParameters_IsUnsupported(string start)
    {
        ForgedSigner good = Signer("hss-lms-sha256", DigestAlgorithm.Sha256);
        SubjectPublicKeyInfo key = good.Identity.Certificate.PublicKey;
        PublicKey other = TrapKeys.Any(key.Algorithm.Encode(), [.. Asn.Hex(start), .. key.Key.Span[12..]]);
        var identity = new TestIdentity(TestAuthority.Issue("unknown", other), good.Identity.Pkcs8);
        SignerVerdict verdict = SignedMessage.Read(Sign(good with { Identity = identity })).Verdict;
        Assert.Equal("1.2.840.113549.1.9.16.3.17", Assert.IsType<SignerVerdict.Unsupported>(verdict).Oid);
    }

    [Fact]
    [Trait("Requirement", "R9708-6-a")]
    [Trait("Kind", "negative")]
    public void Sign_WithAnHssKeyOfAFile_IsNotOffered()
    {
        TestIdentity identity = TestIdentity.Signer("hss-lms-sha256");
        Assert.Throws<UnsupportedAlgorithmException>(() => SigningKey.FromPkcs8(identity.Certificate, identity.Pkcs8));
    }

    // The right signature for whatever is made: the key signs the attributes, or the content, themselves.
    private static ForgedSigner Signer(string scheme, DigestAlgorithm digest)
    {
        TestIdentity identity = TestIdentity.Signer(scheme);
        SignatureAlgorithm algorithm = SignatureAlgorithm.ForKey(identity.Certificate.PublicKey)!;
        return new ForgedSigner
        {
            Identity = identity,
            Digest = digest,
            DigestIdentifier = digest.ToIdentifier().Encode(),
            SignatureIdentifier = algorithm.Identifier.Encode(),
            Attributes = m => ForgedAttribute.Usual(m, digest),
            Sign = input => identity.SignAsync(algorithm, input).AsTask().GetAwaiter().GetResult(),
        };
    }

    private static ForgedMessage Message(ForgedSigner signer) => new() { Signers = [signer] };

    private static byte[] Sign(ForgedSigner signer) => Message(signer);
}
