using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>keyUsage and extKeyUsage, RFC 8550 §4.4.2 and §4.4.4.</summary>
public sealed class PathUsageTests
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string AnyUsage = "2.5.29.37.0";

    private static readonly TestKey _rsa = TestKey.Rsa();
    private static readonly TestKey _ec = TestKey.Ec();

    private const X509KeyUsageFlags Signs = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.CrlSign;
    private const X509KeyUsageFlags Agrees = X509KeyUsageFlags.KeyAgreement | X509KeyUsageFlags.EncipherOnly | X509KeyUsageFlags.DecipherOnly;

    private readonly TestAuthority _root = new("CN=Root");
    private readonly TestAuthority _ca = new("CN=Mail CA");

    [Theory]
    [InlineData("rsa", X509KeyUsageFlags.DigitalSignature, true, false)]
    [InlineData("rsa", X509KeyUsageFlags.NonRepudiation, true, false)]
    [InlineData("rsa", X509KeyUsageFlags.KeyEncipherment, false, true)]
    [InlineData("rsa", X509KeyUsageFlags.KeyAgreement, false, false)]
    [InlineData("rsa", X509KeyUsageFlags.DataEncipherment, false, false)]
    [InlineData("rsa", X509KeyUsageFlags.KeyCertSign, false, false)]
    [InlineData("rsa", X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true, true)]
    [InlineData("rsa", null, true, true)]
    [InlineData("rsa-pss", X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true, false)]
    [InlineData("rsa-oaep", X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, false, true)]
    [InlineData("ec", X509KeyUsageFlags.DigitalSignature, true, false)]
    [InlineData("ec", X509KeyUsageFlags.KeyAgreement, false, true)]
    [InlineData("ec", X509KeyUsageFlags.KeyEncipherment, false, false)]
    [InlineData("ec", null, true, true)]
    [InlineData("ed25519", null, true, false)]
    [InlineData("x25519", null, false, true)]
    [InlineData("ml-dsa", null, true, false)]
    [InlineData("ml-kem", X509KeyUsageFlags.KeyEncipherment, false, true)]
    [InlineData("ml-kem", null, false, true)]
    [InlineData("ml-kem", X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment, false, false)]
    [InlineData("ml-kem", X509KeyUsageFlags.KeyAgreement, false, false)]
    [InlineData("rsa-kem", X509KeyUsageFlags.KeyEncipherment, false, true)]
    [InlineData("rsa-kem", null, false, true)]
    [InlineData("rsa-kem", X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature, false, false)]
    [InlineData("rsa-kem", X509KeyUsageFlags.DataEncipherment, false, false)]
    [Trait("Requirement", "R3850-4.4.2-b")]
    [Trait("Requirement", "R3850-4.4.2-c")]
    [Trait("Requirement", "R3850-4.4.2-d")]
    [Trait("Requirement", "R3850-4.4.2-e")]
    [Trait("Requirement", "R3850-4.4.4-b")]
    [Trait("Requirement", "R8550-4.4.2-a")]
    [Trait("Requirement", "R9690-2.3-b")]
    [Trait("Requirement", "R9935-5-a")]
    public void KeyUsage_AndKindOfKey_DecideTogether(string kind, X509KeyUsageFlags? flags, bool signs, bool encrypts)
    {
        Certificate leaf = _root.Leaf(c => c with
        {
            Key = KeyOf(kind),
            Extensions = flags is { } bits ? [TestAuthority.Usage(bits)] : [],
        });
        PathValidationOptions options = PathTest.Options([_root.Root()]);
        PathValidationResult signing = (options with { Purpose = CertificatePurpose.EmailSigning }).Validate(leaf);
        PathValidationResult encryption = (options with { Purpose = CertificatePurpose.EmailEncryption }).Validate(leaf);
        Assert.Equal(signs ? [] : [PathProblemCodes.KeyUsage], signing.Codes());
        Assert.Equal(encrypts ? [] : [PathProblemCodes.KeyUsage], encryption.Codes());
        Assert.Equal(signs ? UsageStatus.Ok : UsageStatus.Refused, signing.Usage);
        Assert.Equal(TrustStatus.Trusted, signing.Trust);
        Assert.Empty((options with { Purpose = CertificatePurpose.Any }).Validate(leaf).Problems);
    }

    [Theory]
    [InlineData("x25519", CertificatePurpose.EmailEncryption, X509KeyUsageFlags.KeyAgreement, Agrees)]
    [InlineData("x448", CertificatePurpose.EmailEncryption, X509KeyUsageFlags.KeyAgreement, Agrees)]
    [InlineData("ed25519", CertificatePurpose.EmailSigning, X509KeyUsageFlags.DigitalSignature, Signs)]
    [InlineData("ed448", CertificatePurpose.EmailSigning, X509KeyUsageFlags.NonRepudiation, Signs)]
    [InlineData("ml-dsa", CertificatePurpose.EmailSigning, X509KeyUsageFlags.DigitalSignature, Signs)]
    [InlineData("slh-dsa", CertificatePurpose.EmailSigning, X509KeyUsageFlags.DigitalSignature, Signs)]
    [InlineData("hss", CertificatePurpose.EmailSigning, X509KeyUsageFlags.DigitalSignature, Signs)]
    [InlineData("ml-kem", CertificatePurpose.EmailEncryption, X509KeyUsageFlags.KeyEncipherment, X509KeyUsageFlags.KeyEncipherment)]
    [Trait("Requirement", "R8410-5-a")]
    [Trait("Requirement", "R8410-5-b")]
    [Trait("Requirement", "R9881-5-a")]
    [Trait("Requirement", "R9814-3-b")]
    [Trait("Requirement", "R9708-4-a")]
    [Trait("Requirement", "R9935-5-a")]
    [Trait("Kind", "negative")]
    public void KeyUsage_WithABitThatTheKindOfKeyForbids_IsRefused(
        string kind, CertificatePurpose purpose, X509KeyUsageFlags needed, X509KeyUsageFlags admissible)
    {
        foreach (X509KeyUsageFlags more in Enum.GetValues<X509KeyUsageFlags>())
        {
            Certificate leaf = _root.Leaf(c => c with { Key = KeyOf(kind), Extensions = [TestAuthority.Usage(needed | more)] });
            bool accepted = (more & ~admissible) == 0;
            PathValidationResult result = (PathTest.Options([_root.Root()]) with { Purpose = purpose }).Validate(leaf);
            Assert.Equal(accepted ? [] : [PathProblemCodes.KeyUsage], result.Codes());
            Assert.Equal(accepted, CertificateSelection.Matches(new CertificateQuery { Purpose = purpose }, leaf));
        }

        // Without the bit that its purpose needs, the others do not help: digitalSignature on X25519, keyCertSign alone on Ed25519.
        Certificate other = _root.Leaf(c => c with
        {
            Key = KeyOf(kind),
            Extensions = [TestAuthority.Usage(purpose == CertificatePurpose.EmailSigning ? X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature)],
        });
        PathTest.IsUntrusted((PathTest.Options([_root.Root()]) with { Purpose = purpose }).Validate(other), PathProblemCodes.KeyUsage);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.None, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, true)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, false)]
    [InlineData(X509KeyUsageFlags.KeyAgreement, false)]
    [Trait("Requirement", "R8410-5-b")]
    public void KeyUsage_OfAnIssuerWithAKeyThatOnlySigns_IsRefusedWhenItEncrypts(X509KeyUsageFlags more, bool accepted)
    {
        var ca = new TestAuthority("CN=Ed25519 CA", TestKey.Ed25519());
        Certificate certificate = _root.Certify(ca, c => c with
        {
            Extensions = [TestAuthority.BasicConstraints(true), TestAuthority.Usage(X509KeyUsageFlags.KeyCertSign | more)],
        });
        Assert.Equal(
            accepted ? [] : [PathProblemCodes.IssuerKeyUsage], PathTest.Validate(ca.Leaf(), [_root.Root()], certificate).Codes());
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.2-a")]
    [Trait("Requirement", "R8550-4.4.2-b")]
    [Trait("Kind", "negative")]
    public void KeyUsage_NotCritical_IsToleratedAndEnforced()
    {
        Certificate signer = LeafWith(X509KeyUsageFlags.DigitalSignature);
        Certificate other = LeafWith(X509KeyUsageFlags.KeyAgreement);
        Certificate root = _root.Root();
        PathTest.IsTrusted(PathTest.Validate(signer, [root]), signer, root);
        PathTest.IsUntrusted(PathTest.Validate(other, [root]), PathProblemCodes.KeyUsage);

        Certificate LeafWith(X509KeyUsageFlags flags) =>
            _root.Leaf(c => c with { Extensions = [TestAuthority.Usage(flags, critical: false)] });
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.2-c")]
    public void KeyUsage_ThatAPolicyDemands_IsTheOnlyOneAccepted()
    {
        Certificate leaf = _root.Leaf(c => c with { Extensions = [TestAuthority.Usage(X509KeyUsageFlags.NonRepudiation)] });
        PathValidationOptions options = PathTest.Options([_root.Root()]) with
        {
            Policy = CertificatePolicy.Default with { SigningKeyUsages = KeyUsages.DigitalSignature },
        };
        PathTest.IsUntrusted(options.Validate(leaf), PathProblemCodes.KeyUsage);
    }

    [Theory]
    [InlineData(new[] { EmailProtection }, true, true)]
    [InlineData(new[] { ServerAuth, EmailProtection }, true, true)]
    [InlineData(new[] { AnyUsage }, true, false)]
    [InlineData(new[] { ServerAuth, AnyUsage }, true, false)]
    [InlineData(new[] { ServerAuth }, false, false)]
    [InlineData(null, true, true)]
    [Trait("Requirement", "R3850-4.4.4-c")]
    [Trait("Requirement", "R8550-4.4.4-a")]
    public void ExtendedKeyUsage_OfALeaf_AdmitsMailOrAnything(string[]? usages, bool accepted, bool strictly)
    {
        Certificate leaf = _root.Leaf(c => c with { Extensions = usages is null ? [] : [TestAuthority.Purposes(usages)] });
        PathValidationOptions options = PathTest.Options([_root.Root()]);
        PathValidationOptions strict = options with { Policy = CertificatePolicy.Strict };
        Assert.Equal(accepted ? [] : [PathProblemCodes.ExtendedKeyUsage], options.Validate(leaf).Codes());
        Assert.Equal(strictly ? [] : [PathProblemCodes.ExtendedKeyUsage], strict.Validate(leaf).Codes());
        Assert.Empty((options with { Purpose = CertificatePurpose.Any }).Validate(leaf).Problems);
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.4-a")]
    public void ExtendedKeyUsage_AndKeyUsage_IntersectWithEachOther()
    {
        Certificate leaf = _root.Leaf(); // digitalSignature and emailProtection
        PathValidationOptions options = PathTest.Options([_root.Root()]);
        Assert.Empty(options.Validate(leaf).Problems);
        PathTest.IsUntrusted((options with { Purpose = CertificatePurpose.EmailEncryption }).Validate(leaf), PathProblemCodes.KeyUsage);
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.4-d")]
    public void ExtendedKeyUsage_OfOtherApplications_CanBeDemanded()
    {
        Certificate with = _root.Leaf(c => c with { Extensions = [TestAuthority.Purposes("1.3.6.1.5.5.7.3.36")] });
        Certificate without = _root.Leaf(c => c with { Extensions = [] });
        PathValidationOptions options = PathTest.Options([_root.Root()]) with
        {
            Policy = CertificatePolicy.Default with { ExtendedKeyUsage = "1.3.6.1.5.5.7.3.36", RequireExtendedKeyUsage = true },
        };
        Assert.Empty(options.Validate(with).Problems);
        PathTest.IsUntrusted(options.Validate(without), PathProblemCodes.ExtendedKeyUsage);
        PathTest.IsUntrusted(options.Validate(_root.Leaf()), PathProblemCodes.ExtendedKeyUsage);
    }

    [Theory]
    [InlineData(new[] { EmailProtection }, true)]
    [InlineData(new[] { AnyUsage }, true)]
    [InlineData(new[] { ServerAuth }, false)]
    [Trait("Requirement", "R3850-4.4.4-e")]
    public void ExtendedKeyUsage_OfAnIssuer_ConstrainsTheLeafUnlessSwitchedOff(string[] usages, bool accepted)
    {
        Certificate root = _root.Root();
        Certificate ca = _root.Certify(_ca, c => c with { Extensions = [.. c.Extensions, TestAuthority.Purposes(usages)] });
        Certificate constrainedRoot = _root.Root(c => c with { Extensions = [.. c.Extensions, TestAuthority.Purposes(usages)] });
        string[] expected = accepted ? [] : [PathProblemCodes.IssuerExtendedKeyUsage];
        PathValidationOptions off = PathTest.Options([root], ca) with
        {
            Policy = CertificatePolicy.Default with { NestedExtendedKeyUsage = false },
        };
        Assert.Equal(expected, PathTest.Validate(_ca.Leaf(), [root], ca).Codes());
        Assert.Equal(expected, PathTest.Validate(_root.Leaf(), [constrainedRoot]).Codes());
        Assert.Empty(off.Validate(_ca.Leaf()).Problems);
    }

    private static TestKey KeyOf(string kind) => kind switch
    {
        "rsa" => _rsa,
        "rsa-pss" => _rsa.WithKeyAlgorithm("1.2.840.113549.1.1.10"),
        "rsa-oaep" => _rsa.WithKeyAlgorithm("1.2.840.113549.1.1.7"),
        "rsa-kem" => _rsa.WithKeyAlgorithm("1.2.840.113549.1.9.16.3.14"),
        "ec" => _ec,
        "ed25519" => _ec.WithKeyAlgorithm("1.3.101.112"),
        "ed448" => _ec.WithKeyAlgorithm("1.3.101.113"),
        "x25519" => _ec.WithKeyAlgorithm("1.3.101.110"),
        "x448" => _ec.WithKeyAlgorithm("1.3.101.111"),
        "slh-dsa" => _ec.WithKeyAlgorithm("2.16.840.1.101.3.4.3.20"),
        "hss" => _ec.WithKeyAlgorithm("1.2.840.113549.1.9.16.3.17"),
        "ml-dsa" => _ec.WithKeyAlgorithm("2.16.840.1.101.3.4.3.18"),
        _ => _ec.WithKeyAlgorithm("2.16.840.1.101.3.4.4.2"),
    };
}
