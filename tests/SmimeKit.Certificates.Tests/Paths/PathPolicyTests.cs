using System.Security.Cryptography;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Algorithms and keys.</summary>
public sealed class PathPolicyTests
{
    [Theory]
    [InlineData("MD5")]
    [InlineData("SHA1")]
    [Trait("Requirement", "R3850-4.3-b")]
    [Trait("Kind", "negative")]
    public void Digest_Broken_IsRefusedUnverified(string hash)
    {
        var root = new TestAuthority("CN=Root", TestKey.Rsa(hash: new HashAlgorithmName(hash)));
        PathValidationResult result = PathTest.Validate(root.Leaf(), [root.Root()]);
        PathTest.IsUntrusted(result, PathProblemCodes.WeakAlgorithm);
        Assert.Equal((TrustStatus.Untrusted, PolicyStatus.Refused), (result.Trust, result.Policy));
        Assert.Equal(0, result.SignatureChecks);
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("SHA1")]
    [Trait("Requirement", "R3850-4.3-b")]
    [Trait("Policy", "legacy")]
    public void Digest_Broken_IsAcceptedByLegacyWithAWarning(string hash)
    {
        var root = new TestAuthority("CN=Root", TestKey.Rsa(hash: new HashAlgorithmName(hash)));
        (Certificate anchor, Certificate leaf) = (root.Root(), root.Leaf());
        PathValidationResult result = (PathTest.Options([anchor]) with { Policy = CertificatePolicy.Legacy }).Validate(leaf);
        PathTest.IsTrusted(result, leaf, anchor);
        PathProblem warning = Assert.Single(result.Warnings);
        Assert.Equal((PathProblemCodes.WeakAlgorithm, leaf), (warning.Code, warning.Certificate));
    }

    [Fact]
    public void Digest_OfAnAnchorsOwnSignature_DoesNotMatter()
    {
        TestKey key = TestKey.Rsa();
        var issuer = new TestAuthority("CN=Root", key);
        using RSA other = RSA.Create(2048);
        Certificate anchor = new TestAuthority("CN=Root", TestKey.Rsa(hash: HashAlgorithmName.SHA1))
            .Root(c => c with { Key = key });
        Certificate leaf = issuer.Leaf();
        PathTest.IsTrusted(PathTest.Validate(leaf, [anchor]), leaf, anchor);
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    [Trait("Requirement", "R8550-4.3-a")]
    [Trait("Coverage", "partial")]
    public void Digest_OfToday_IsAccepted(string hash)
    {
        var root = new TestAuthority("CN=Root", TestKey.Rsa(hash: new HashAlgorithmName(hash)));
        (Certificate anchor, Certificate leaf) = (root.Root(), root.Leaf());
        PathTest.IsTrusted(PathTest.Validate(leaf, [anchor]), leaf, anchor);
    }

    [Fact]
    [Trait("Requirement", "R8550-4.3-a")]
    [Trait("Coverage", "partial")]
    public void Signature_OfRsaPss_IsAccepted()
    {
        using RSA key = RSA.Create(2048);
        byte[] algorithm = RsaPssSignature.Create(DigestAlgorithm.Sha256).Identifier.Encode();
        var root = new TestAuthority("CN=Root", new TestKey(
            key.ExportSubjectPublicKeyInfo(), algorithm, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        (Certificate anchor, Certificate leaf) = (root.Root(), root.Leaf());
        PathTest.IsTrusted(PathTest.Validate(leaf, [anchor]), leaf, anchor);
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(3072, true)]
    [InlineData(4096, true)]
    [Trait("Requirement", "R8551-4.3-a")]
    [Trait("Requirement", "R8550-4.3-b")]
    [Trait("Requirement", "R8550-6-a")]
    public void RsaKey_OfAnIssuerOrALeaf_HasAtLeast2048Bits(int size, bool accepted)
    {
        TestKey key = RsaOf(size);
        var root = new TestAuthority("CN=Root", key);
        var strong = new TestAuthority("CN=Strong root");
        PathValidationResult ofIssuer = PathTest.Validate(root.Leaf(), [root.Root()]);
        PathValidationResult ofLeaf = PathTest.Validate(strong.Leaf(c => c with { Key = key }), [strong.Root()]);
        Assert.Equal(accepted ? [] : [PathProblemCodes.WeakKey], ofIssuer.Codes());
        Assert.Equal(accepted ? [] : [PathProblemCodes.WeakKey], ofLeaf.Codes());
        Assert.Equal(accepted ? 1 : 0, ofIssuer.SignatureChecks); // a refused key meets no mathematics
        Assert.Equal(TrustStatus.Trusted, ofLeaf.Trust);
        Assert.Equal(accepted ? PolicyStatus.Ok : PolicyStatus.Refused, ofLeaf.Policy);
    }

    [Fact]
    [Trait("Requirement", "R8550-6-a")]
    [Trait("Policy", "legacy")]
    public void RsaKey_Of1024Bits_IsAcceptedByLegacyWithAWarning()
    {
        var root = new TestAuthority("CN=Root", TestKey.Rsa(1024));
        (Certificate anchor, Certificate leaf) = (root.Root(), root.Leaf());
        PathValidationResult result = (PathTest.Options([anchor]) with { Policy = CertificatePolicy.Legacy }).Validate(leaf);
        PathTest.IsTrusted(result, leaf, anchor);
        PathProblem warning = Assert.Single(result.Warnings);
        Assert.Equal((PathProblemCodes.WeakKey, anchor), (warning.Code, warning.Certificate));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void RsaKey_OfAbsurdSize_IsRefusedUnused()
    {
        byte[] modulus = new byte[2048];
        Array.Fill(modulus, (byte)0xFF);
        using RSA absurd = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        TestKey signer = TestKey.Rsa();
        var root = new TestAuthority("CN=Root", signer with { PublicKeyInfo = absurd.ExportSubjectPublicKeyInfo() });
        PathValidationResult result = PathTest.Validate(root.Leaf(), [root.Root()]);
        PathTest.IsUntrusted(result, PathProblemCodes.WeakKey);
        Assert.Equal("An RSA key of 16384 bits is outside 2048 to 8192 bits.", result.Problems[0].Message);
        Assert.Equal(0, result.SignatureChecks);
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", true)] // P-256
    [InlineData("1.3.132.0.34", true)] // P-384
    [InlineData("1.3.132.0.35", true)] // P-521
    [InlineData("1.3.132.0.10", false)] // secp256k1
    [InlineData("1.2.840.10045.3.1.1", false)] // P-192
    [Trait("Requirement", "R8550-4.3-a")]
    [Trait("Requirement", "R5758-3.2-a")]
    [Trait("Coverage", "partial")]
    public void EcKey_OfAListedCurve_IsAccepted(string curve, bool accepted)
    {
        TestKey key;
        try
        {
            key = TestKey.Ec(ECCurve.CreateFromValue(curve));
        }
        catch (Exception e) when (e is PlatformNotSupportedException or CryptographicException)
        {
            Assert.Skip($"The platform has no curve {curve}.");
            return;
        }

        var root = new TestAuthority("CN=Root", key);
        PathValidationResult result = PathTest.Validate(root.Leaf(c => c with { Key = TestKey.Ec() }), [root.Root()]);
        Assert.Equal(accepted ? [] : [PathProblemCodes.WeakKey], result.Codes());
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void EcKey_WithExplicitParameters_IsRefused()
    {
        using ECDsa named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa explicitKey = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        byte[] publicKey = explicitKey.ExportSubjectPublicKeyInfo();
        Assert.True(publicKey.Length > 200, "The curve is written out.");
        TestKey key = TestKey.Ec() with
        {
            PublicKeyInfo = publicKey,
            Sign = data => explicitKey.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        };
        var root = new TestAuthority("CN=Root", key);
        PathTest.IsUntrusted(PathTest.Validate(root.Leaf(), [root.Root()]), PathProblemCodes.WeakKey);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Kinds_OfKeysAndSignaturesThatNobodyKnows_AreRefused()
    {
        var root = new TestAuthority("CN=Root");
        Certificate strange = root.Leaf(c => c with { Key = c.Key.WithKeyAlgorithm("1.2.3.4") });
        PathTest.IsUntrusted(PathTest.Validate(strange, [root.Root()]), PathProblemCodes.WeakKey);

        var other = new TestAuthority("CN=Root", TestKey.Ec() with { Algorithm = TestKey.Identifier("1.2.3.4", withNull: false) });
        PathTest.IsUntrusted(PathTest.Validate(other.Leaf(), [other.Root()]), PathProblemCodes.UnsupportedAlgorithm);

        var mixed = new TestAuthority("CN=Root", TestKey.Ec() with { Algorithm = TestKey.Rsa().Algorithm });
        PathTest.IsUntrusted(PathTest.Validate(mixed.Leaf(), [mixed.Root()]), PathProblemCodes.UnsupportedAlgorithm);
    }

    // 2047 bits cannot be generated; a modulus of that size that nobody uses will do.
    private static TestKey RsaOf(int size)
    {
        if (size % 64 == 0)
        {
            return TestKey.Rsa(size);
        }

        byte[] modulus = new byte[(size + 7) / 8];
        Array.Fill(modulus, (byte)0xFF);
        modulus[0] >>= (modulus.Length * 8) - size;
        using RSA odd = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        return TestKey.Rsa() with { PublicKeyInfo = odd.ExportSubjectPublicKeyInfo() };
    }
}
