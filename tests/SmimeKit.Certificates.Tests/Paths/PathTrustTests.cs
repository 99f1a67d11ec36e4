using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Who is trusted, and through whom.</summary>
public sealed class PathTrustTests
{
    private readonly TestAuthority _root = new("CN=Root");
    private readonly TestAuthority _ca = new("CN=Mail CA");

    [Fact]
    [Trait("Requirement", "R3850-2.3-j")]
    [Trait("Requirement", "R3850-4.2-a")]
    public void Path_WithoutKeyIdentifiers_IsFoundByName()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        PathValidationResult result = PathTest.Validate(leaf, [root], leaf, ca);
        PathTest.IsTrusted(result, leaf, ca, root);
        Assert.Same(leaf, result.Leaf);
        Assert.Equal(2, result.SignatureChecks);
        Assert.Empty(result.RejectedPaths);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    [Trait("Requirement", "R3850-2.3-h")]
    [Trait("Requirement", "R5652-10.2.3-a")]
    [Trait("Kind", "negative")]
    public void Root_FromTheMessage_IsNotTrusted()
    {
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(_ca), _ca.Leaf());
        PathValidationResult result = PathTest.Validate(leaf, [new TestAuthority("CN=Somebody else").Root()], leaf, root, ca);
        PathTest.IsUntrusted(result, PathProblemCodes.NoAnchor);
        Assert.Equal(TrustStatus.Untrusted, result.Trust);
        Assert.Null(result.Anchor);
        Assert.Equal([leaf, ca, root], result.Path);
        Assert.Equal(root, result.Problems[0].Certificate);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Root_OfTheSameNameAsAnAnchor_IsNotTrusted()
    {
        var impostor = new TestAuthority("CN=Root");
        Certificate leaf = impostor.Leaf();
        (Certificate anchor, Certificate theirs) = (_root.Root(), impostor.Root());
        PathValidationResult result = PathTest.Validate(leaf, [anchor], theirs);
        PathTest.IsUntrusted(result, PathProblemCodes.SignatureMismatch);
        Assert.Equal(theirs, result.Problems[0].Certificate);
        Assert.Null(result.Anchor);
        RejectedPath direct = Assert.Single(result.RejectedPaths);
        Assert.Equal([leaf, anchor], direct.Certificates);
        Assert.Equal(leaf, Assert.Single(direct.Problems).Certificate);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Leaf_SignedByAnotherKey_HasASignatureMismatch()
    {
        (Certificate root, Certificate ca) = (_root.Root(), _root.Certify(_ca));
        Certificate leaf = new TestAuthority("CN=Mail CA").Leaf();
        PathValidationResult result = PathTest.Validate(leaf, [root], ca);
        PathTest.IsUntrusted(result, PathProblemCodes.SignatureMismatch);
        Assert.Equal(leaf, result.Problems[0].Certificate);
        Assert.Equal([leaf, ca], result.Path);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Leaf_WhoseIssuerIsMissing_HasNoAnchor()
    {
        PathValidationResult result = PathTest.Validate(_ca.Leaf(), [_root.Root()]);
        PathTest.IsUntrusted(result, PathProblemCodes.NoAnchor);
        Assert.Equal(0, result.SignatureChecks);
        Assert.Equal("no-anchor: No certificate of the issuer was found.", result.Problems[0].ToString());
    }

    [Fact]
    [Trait("Requirement", "R5280-7.1-a")]
    public void Names_OfOtherCaseBlanksAndStringType_Chain()
    {
        var inherited = new TestAuthority("CN=acme ltd", _ca.Key);
        Certificate root = _root.Root();
        Certificate ca = _root.Certify(new TestAuthority("CN=ACME  Ltd", _ca.Key));
        Certificate leaf = inherited.Leaf();
        Assert.NotEqual(ca.Subject.RawData.ToArray(), leaf.Issuer.RawData.ToArray());
        PathTest.IsTrusted(PathTest.Validate(leaf, [root], ca), leaf, ca, root);
    }

    [Fact]
    [Trait("Requirement", "R5280-6.1.3-a")]
    [Trait("Kind", "negative")]
    public void Names_ThatDoNotChain_AreReportedThoughTheKeyIdentifierFits()
    {
        byte[] id = [1, 2, 3, 4];
        Certificate ca = _root.Certify(_ca, c => c with { Extensions = [.. c.Extensions, TestAuthority.OwnIdentifier(id)] });
        Certificate leaf = new TestAuthority("CN=Another name", _ca.Key)
            .Leaf(c => c with { Extensions = [.. c.Extensions, TestAuthority.IssuerIdentifier(id)] });
        PathTest.IsUntrusted(PathTest.Validate(leaf, [_root.Root()], ca), PathProblemCodes.NameChaining, PathProblemCodes.NoAnchor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R3850-2.3-k")]
    [Trait("Requirement", "R3850-4.4-a")]
    public void KeyIdentifiers_OfTwoCasOfOneName_PointToTheRightOneFirst(bool reversed)
    {
        (byte[] ours, byte[] theirs) = ([1], [2]);
        var twin = new TestAuthority("CN=Mail CA");
        Certificate root = _root.Root();
        Certificate right = _root.Certify(_ca, c => c with { Extensions = [.. c.Extensions, TestAuthority.OwnIdentifier(ours)] });
        Certificate wrong = _root.Certify(twin, c => c with { Extensions = [.. c.Extensions, TestAuthority.OwnIdentifier(theirs)] });
        Certificate leaf = _ca.Leaf(c => c with { Extensions = [.. c.Extensions, TestAuthority.IssuerIdentifier(ours)] });
        PathValidationResult result = PathTest.Validate(leaf, [root], reversed ? [wrong, right] : [right, wrong]);
        PathTest.IsTrusted(result, leaf, right, root);
        Assert.Equal(2, result.SignatureChecks);
    }

    [Fact]
    public void KeyIdentifiers_ThatMislead_OnlyCostTime()
    {
        (byte[] ours, byte[] theirs) = ([1], [2]);
        var twin = new TestAuthority("CN=Mail CA");
        Certificate root = _root.Root();
        Certificate right = _root.Certify(_ca, c => c with { Extensions = [.. c.Extensions, TestAuthority.OwnIdentifier(theirs)] });
        Certificate wrong = _root.Certify(twin, c => c with { Extensions = [.. c.Extensions, TestAuthority.OwnIdentifier(ours)] });
        Certificate leaf = _ca.Leaf(c => c with { Extensions = [.. c.Extensions, TestAuthority.IssuerIdentifier(ours)] });
        PathValidationResult result = PathTest.Validate(leaf, [root], right, wrong);
        PathTest.IsTrusted(result, leaf, right, root);
        Assert.Equal(3, result.SignatureChecks);
        Assert.Equal(PathProblemCodes.SignatureMismatch, result.RejectedPaths.Single().Problems.Single().Code);
    }

    [Fact]
    [Trait("Requirement", "R3850-4-d")]
    public void Ca_IssuedTwice_CompletesThePathByTheCertificateThatIsValid()
    {
        Certificate root = _root.Root();
        Certificate expired = _root.Certify(_ca, c => c with { NotAfter = TestAuthority.Now.AddDays(-1) });
        Certificate renewed = _root.Certify(_ca);
        Certificate leaf = _ca.Leaf();
        foreach (Certificate[] order in (Certificate[][])[[expired, renewed], [renewed, expired]])
        {
            PathValidationResult result = PathTest.Validate(leaf, [root], order);
            PathTest.IsTrusted(result, leaf, renewed, root);
            Assert.Equal(PathProblemCodes.Expired, result.RejectedPaths.Single().Problems.Single().Code);
            Assert.Equal([leaf, expired], result.RejectedPaths.Single().Certificates);
        }
    }

    [Fact]
    [Trait("Requirement", "R3850-4-d")]
    public void Ca_CrossSignedByTwoRoots_IsTrustedThroughTheOneThatIsAnAnchor()
    {
        var other = new TestAuthority("CN=Other root");
        Certificate byOther = other.Certify(_ca);
        Certificate byRoot = _root.Certify(_ca);
        Certificate leaf = _ca.Leaf();
        Certificate root = _root.Root();
        PathTest.IsTrusted(PathTest.Validate(leaf, [root], byOther, other.Root(), byRoot), leaf, byRoot, root);
    }

    [Fact]
    public void Intermediate_ThatIsAnAnchor_EndsThePath()
    {
        (Certificate ca, Certificate leaf) = (_root.Certify(_ca), _ca.Leaf());
        PathTest.IsTrusted(PathTest.Validate(leaf, [ca], _root.Root()), leaf, ca);
    }

    [Fact]
    public void Leaf_ThatIsListedItself_IsAPathOfOne()
    {
        Certificate leaf = _ca.Leaf();
        PathValidationResult result = PathTest.Validate(leaf, [leaf]);
        PathTest.IsTrusted(result, leaf);
        Assert.Equal(0, result.SignatureChecks);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Leaf_ThatIsListedItself_IsStillJudgedByTimeAndUsage()
    {
        Certificate leaf = _ca.Leaf(c => c with
        {
            NotAfter = TestAuthority.Now.AddDays(-1),
            Extensions = [TestAuthority.Usage(X509KeyUsageFlags.KeyEncipherment)],
        });
        PathValidationResult result = PathTest.Validate(leaf, [leaf]);
        PathTest.IsUntrusted(result, PathProblemCodes.Expired, PathProblemCodes.KeyUsage);
        Assert.Equal((TrustStatus.Trusted, TimeStatus.Expired, UsageStatus.Refused), (result.Trust, result.Time, result.Usage));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Leaf_SelfSignedAndNotListed_HasNoAnchor()
    {
        var alice = new TestAuthority("CN=Alice");
        Certificate leaf = alice.Leaf(c => c with { Key = alice.Key });
        PathTest.IsUntrusted(PathTest.Validate(leaf, [_root.Root()], leaf), PathProblemCodes.NoAnchor);
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.1-c")]
    [Trait("Requirement", "R8550-4.4.1-a")]
    [Trait("Kind", "negative")]
    public void Person_WhoseCertificateIsListed_DoesNotBecomeACa()
    {
        var person = new TestAuthority("CN=Alice");
        Certificate listed = _root.Certify(person, c => c with { Extensions = [TestAuthority.Usage(X509KeyUsageFlags.KeyCertSign)] });
        Certificate issued = person.Leaf();
        PathValidationResult result = PathTest.Validate(issued, [listed]);
        PathTest.IsUntrusted(result, PathProblemCodes.NotACa);
        Assert.Equal([issued, listed], result.Path);
    }

    [Fact]
    [Trait("Requirement", "R3850-2.2-a")]
    public void Version1_IsAcceptedAsAnchorAndAsLeaf()
    {
        Certificate root = _root.Root(c => c with { Version = 1, Extensions = [] });
        Certificate leaf = _root.Leaf(c => c with { Version = 1, Extensions = [] });
        PathTest.IsTrusted(PathTest.Validate(leaf, [root]), leaf, root);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("Requirement", "R5280-6.1.4-a")]
    [Trait("Kind", "negative")]
    public void OldVersion_IsNoIntermediate(int version)
    {
        Certificate ca = _root.Certify(_ca, c => c with { Version = version, Extensions = [] });
        PathTest.IsUntrusted(PathTest.Validate(_ca.Leaf(), [_root.Root()], ca), PathProblemCodes.NotACa);
    }

    [Fact]
    [Trait("Requirement", "R3850-5-a")]
    [Trait("Kind", "negative")]
    public void Problems_OfEverySide_AreReportedTogetherAndApart()
    {
        Certificate ca = _root.Certify(_ca, c => c with { Extensions = [TestAuthority.BasicConstraints(false)] });
        Certificate leaf = _ca.Leaf(c => c with
        {
            NotBefore = TestAuthority.Now.AddDays(1),
            Extensions = [TestAuthority.Purposes("1.3.6.1.5.5.7.3.1")],
            Key = TestKey.Rsa(1024),
        });
        PathValidationResult result = PathTest.Validate(leaf, [_root.Root()], ca);
        PathTest.IsUntrusted(
            result, PathProblemCodes.NotYetValid, PathProblemCodes.WeakKey, PathProblemCodes.ExtendedKeyUsage, PathProblemCodes.NotACa);
        Assert.Equal([PathAspect.Time, PathAspect.Policy, PathAspect.Usage, PathAspect.Path], result.Problems.Select(p => p.Aspect));
        Assert.Equal(TrustStatus.Untrusted, result.Trust);
        Assert.Equal(TimeStatus.NotYetValid, result.Time);
        Assert.Equal(UsageStatus.Refused, result.Usage);
        Assert.Equal(PolicyStatus.Refused, result.Policy);
    }

    [Fact]
    public void Arguments_ThatMakeNoSense_AreRefusedAtOnce()
    {
        PathValidationOptions options = PathTest.Options([]);
        Certificate leaf = _ca.Leaf();
        Assert.Throws<ArgumentNullException>(() => options.Validate(null!));
        Assert.Throws<ArgumentNullException>(() => ((PathValidationOptions)null!).Validate(leaf));
        Assert.Throws<ArgumentNullException>(() => (options with { Anchors = null! }).Validate(leaf));
        Assert.Throws<ArgumentNullException>(() => (options with { Policy = null! }).Validate(leaf));
        Assert.Throws<ArgumentOutOfRangeException>(() => (options with { Purpose = (CertificatePurpose)9 }).Validate(leaf));
    }

    [Fact]
    public async Task Validation_OnManyThreads_AgreesWithItself()
    {
        var rsa = new TestAuthority("CN=RSA CA", TestKey.Rsa());
        (Certificate root, Certificate ca, Certificate leaf) = (_root.Root(), _root.Certify(rsa), rsa.Leaf());
        Certificate forged = new TestAuthority("CN=RSA CA", TestKey.Rsa()).Leaf();
        PathValidationOptions options = PathTest.Options([root], ca);
        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, async (i, token) =>
        {
            bool genuine = i % 2 == 0;
            PathValidationResult result = await CertificatePathValidator.ValidateAsync(genuine ? leaf : forged, options, token);
            Assert.Equal(genuine ? TrustStatus.Trusted : TrustStatus.Untrusted, result.Outcome);
        });
    }
}
