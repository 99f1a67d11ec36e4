using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What the RFCs of the newer schemes fix beside the signature itself: identifiers to the octet, the digest, sizes.</summary>
public sealed class SchemeIdentifierTests
{
    private const string Sha256 = "300B 0609608648016503040201";
    private const string Sha512 = "300B 0609608648016503040203";
    private const string Shake128 = "300B 060960864801650304020B";
    private const string Shake256 = "300B 060960864801650304020C";

    [Theory]
    [InlineData("rsa-sha3-224", "300B 0609608648016503040207", "300D 060960864801650304030D 0500")]
    [InlineData("rsa-sha3-256", "300B 0609608648016503040208", "300D 060960864801650304030E 0500")]
    [InlineData("rsa-sha3-384", "300B 0609608648016503040209", "300D 060960864801650304030F 0500")]
    [InlineData("rsa-sha3-512", "300B 060960864801650304020A", "300D 0609608648016503040310 0500")]
    [InlineData("ecdsa-p256-sha3-224", "300B 0609608648016503040207", "300B 0609608648016503040309")]
    [InlineData("ecdsa-p256-sha3-256", "300B 0609608648016503040208", "300B 060960864801650304030A")]
    [InlineData("ecdsa-p384-sha3-384", "300B 0609608648016503040209", "300B 060960864801650304030B")]
    [InlineData("ecdsa-p521-sha3-512", "300B 060960864801650304020A", "300B 060960864801650304030C")]
    [Trait("Requirement", "R9688-2-a")]
    [Trait("Requirement", "R9688-3.1-a")]
    [Trait("Requirement", "R9688-3.2-a")]
    public void Sign_WithSha3_WritesTheIdentifiersOfRfc9688(string scheme, string digest, string signature) => AssertIdentifiers(scheme, null, digest, signature);

    [Theory]
    [InlineData("pss-shake128", Shake128, "300A 06082B0601050507061E")]
    [InlineData("pss-shake256", Shake256, "300A 06082B0601050507061F")]
    [InlineData("ecdsa-p256-shake128", Shake128, "300A 06082B06010505070620")]
    [InlineData("ecdsa-p521-shake256", Shake256, "300A 06082B06010505070621")]
    [Trait("Requirement", "R8702-3.1-b")]
    [Trait("Requirement", "R8702-3.2.1-a")]
    [Trait("Requirement", "R8702-3.2.2-a")]
    public void Sign_WithShake_WritesTheIdentifiersOfRfc8702(string scheme, string digest, string signature) => AssertIdentifiers(scheme, null, digest, signature);

    [Theory]
    [InlineData("ed25519", true, Sha512, "3005 06032B6570", 64)]
    [InlineData("ed25519", false, Sha512, "3005 06032B6570", 64)]
    [InlineData("ed448", true, "300F 0609608648016503040212 02020200", "3005 06032B6571", 114)]
    [InlineData("ed448", false, Shake256, "3005 06032B6571", 114)]
    [Trait("Requirement", "R8419-2.3-a")]
    [Trait("Requirement", "R8419-3-a")]
    [Trait("Requirement", "R8419-3.1-a")]
    [Trait("Requirement", "R8419-3.1-b")]
    [Trait("Requirement", "R8419-3.2-a")]
    public void Sign_WithEdDsa_WritesTheIdentifiersOfRfc8419(string scheme, bool attributes, string digest, string signature, int size) =>
        Assert.Equal(size, AssertIdentifiers(scheme, attributes, digest, signature).Signature.Length);

    [Theory]
    [InlineData("ml-dsa-44", true, "300B 0609608648016503040311")]
    [InlineData("ml-dsa-65", true, "300B 0609608648016503040312")]
    [InlineData("ml-dsa-87", true, "300B 0609608648016503040313")]
    [InlineData("ml-dsa-65", false, "300B 0609608648016503040312")]
    [Trait("Requirement", "R9882-3.3-a")]
    [Trait("Requirement", "R9882-3.3-d")]
    [Trait("Requirement", "R9882-3.2-b")]
    public void Sign_WithMLDsa_NamesSha512(string scheme, bool attributes, string signature)
    {
        SignerReport signer = AssertIdentifiers(scheme, attributes, Sha512, signature);
        Assert.Equal(attributes, signer.SignedAttributes.Contains("1.2.840.113549.1.9.3") && signer.SignedAttributes.Contains("1.2.840.113549.1.9.4"));
    }

    [Theory]
    [InlineData("slh-dsa-sha2-128f", Sha256, "300B 0609608648016503040315")]
    [InlineData("slh-dsa-sha2-192f", Sha512, "300B 0609608648016503040317")]
    [InlineData("slh-dsa-sha2-256f", Sha512, "300B 0609608648016503040319")]
    [InlineData("slh-dsa-shake-128f", Shake128, "300B 060960864801650304031B")]
    [InlineData("slh-dsa-shake-192f", Shake256, "300B 060960864801650304031D")]
    [InlineData("slh-dsa-shake-256f", Shake256, "300B 060960864801650304031F")]
    [Trait("Requirement", "R9814-4-b")]
    [Trait("Requirement", "R9814-4-c")]
    public void Sign_WithSlhDsa_NamesTheDigestOfItsStrength(string scheme, string digest, string signature) => AssertIdentifiers(scheme, null, digest, signature);

    [Theory]
    [InlineData("dsa-sha224", "300B 0609608648016503040204", "300B 0609608648016503040301")]
    [InlineData("dsa-sha256", Sha256, "300B 0609608648016503040302")]
    [Trait("Requirement", "R5754-3.1-a")]
    [Trait("Policy", "legacy")]
    public void Sign_WithDsa_WritesNoParametersAndASequenceOfTwoNumbers(string scheme, string digest, string signature)
    {
        SigningScheme dsa = SigningScheme.All.Single(s => s.Name == scheme);
        var numbers = new AsnReader(AssertIdentifiers(scheme, null, digest, signature).Signature, AsnEncodingRules.DER);
        AsnReader fields = numbers.ReadSequence();
        Assert.True(fields.ReadInteger().Sign > 0 && fields.ReadInteger().Sign > 0);
        Assert.False(fields.HasData || numbers.HasData);
        var signer = new CmsSigner(dsa.Signer()) { Digest = dsa.Digest };
        Assert.Equal(
            "signature-not-listed",
            Assert.Throws<PolicyViolationException>(() => SignedDataWriter.Open(Stream.Null, new SignedDataWriterOptions { Signers = [signer] })).Rule);
    }

    [Theory]
    [InlineData("hss-lms-sha256", true, Sha256)]
    [InlineData("hss-lms-sha256", false, Sha256)]
    [InlineData("hss-lms-shake256", true, Shake256)]
    [InlineData("hss-lms-shake256", false, Shake256)]
    [Trait("Requirement", "R9708-3-a")]
    [Trait("Requirement", "R9708-5-a")]
    public void Sign_WithHss_NamesTheHashFunctionOfTheTree(string scheme, bool attributes, string digest)
    {
        const string Hss = "300D 060B2A864886F70D0109100311";
        Assert.Equal(Asn.Hex(Hss), AssertIdentifiers(scheme, attributes, digest, Hss).Certificate!.PublicKey.Algorithm.Encode());
    }

    [Theory]
    [InlineData("ml-dsa-44", "ml-dsa-65")]
    [InlineData("slh-dsa-sha2-128f", "slh-dsa-sha2-128s")]
    [InlineData("ed25519", "ed448")]
    [Trait("Requirement", "R9814-4-f")]
    public void Scheme_OfAnotherParameterSetThanTheKey_DoesNotFit(string scheme, string other)
    {
        SignatureAlgorithm algorithm = SignatureAlgorithm.ForKey(TestIdentity.Signer(scheme).Certificate.PublicKey)!;
        Assert.True(algorithm.Fits(TestIdentity.Signer(scheme).Certificate.PublicKey));
        Assert.False(algorithm.Fits(TestIdentity.Signer(other).Certificate.PublicKey));
    }

    [Theory]
    [InlineData("ml-dsa-44", "sha-256 sha-384 sha-512 sha3-256 sha3-384 sha3-512 shake128 shake256")]
    [InlineData("ml-dsa-65", "sha-384 sha-512 sha3-384 sha3-512 shake256")]
    [InlineData("ml-dsa-87", "sha-512 sha3-512 shake256")]
    [Trait("Requirement", "R9882-3.3-b")]
    public void MLDsa_WithAttributes_TakesDigestsAsStrongAsItself(string scheme, string digests)
    {
        SignatureAlgorithm algorithm = SignatureAlgorithm.ForKey(TestIdentity.Signer(scheme).Certificate.PublicKey)!;
        string[] paired = [.. DigestAlgorithm.BuiltIn.Where(d => algorithm.IsPairedWith(d, signedAttributes: true)).Select(d => d.Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(digests.Split(' ').Order(StringComparer.Ordinal), paired);
    }

    private static SignerReport AssertIdentifiers(string scheme, bool? attributes, string digest, string signature)
    {
        SigningCase signing = SigningCases.All.First(c => c.Scheme.Name == scheme) with { Form = SigningForm.Definite, Several = false };
        signing = attributes is { } chosen ? signing with { Attributes = chosen } : signing;
        SignerReport signer = Assert.Single(
            SignedMessage.Read(signing.Sign(SigningCase.Content), options: signing.Scheme.ReaderOptions).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
        Assert.Equal(Asn.Hex(digest), signer.DigestAlgorithm!.Encode());
        Assert.Equal(Asn.Hex(signature), signer.SignatureAlgorithm!.Encode());
        return signer;
    }
}
