namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Validity, RFC 5280 §4.1.2.5: both ends count, in whole seconds.</summary>
public sealed class PathTimeTests
{
    private readonly TestAuthority _root = new("CN=Root");
    private readonly TestAuthority _ca = new("CN=Mail CA");

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", TimeStatus.Valid)]
    [InlineData("2025-12-31T23:59:59Z", TimeStatus.NotYetValid)]
    [InlineData("2025-12-31T23:59:59.9999999Z", TimeStatus.NotYetValid)]
    [InlineData("2026-12-31T23:59:59Z", TimeStatus.Valid)]
    [InlineData("2026-12-31T23:59:59.9999999Z", TimeStatus.Valid)]
    [InlineData("2027-01-01T00:00:00Z", TimeStatus.Expired)]
    [InlineData("2027-01-01T01:59:59+02:00", TimeStatus.Valid)]
    [InlineData("0001-01-01T00:00:00Z", TimeStatus.NotYetValid)]
    [InlineData("9999-12-31T23:59:59.9999999Z", TimeStatus.Expired)]
    [Trait("Requirement", "R5280-6.1.3-a")]
    public void Time_AtTheEndsOfValidity_IsInclusive(string at, TimeStatus expected)
    {
        (Certificate root, Certificate leaf) = (_root.Root(), _root.Leaf());
        PathValidationOptions options = PathTest.Options([root]) with
        {
            At = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture),
        };
        PathValidationResult result = options.Validate(leaf);
        Assert.Equal(expected, result.Time);
        Assert.Equal(TrustStatus.Trusted, result.Trust);
        Assert.Equal(expected == TimeStatus.Valid, result.Outcome == TrustStatus.Trusted);
    }

    [Fact]
    [Trait("Requirement", "R3850-5-b")]
    [Trait("Requirement", "R3850-4.2-b")]
    [Trait("Kind", "negative")]
    public void Leaf_Expired_IsATimeProblemOfATrustedPath()
    {
        Certificate root = _root.Root();
        Certificate leaf = _root.Leaf(c => c with { NotAfter = TestAuthority.Now.AddSeconds(-1) });
        PathValidationResult result = PathTest.Validate(leaf, [root]);
        PathTest.IsUntrusted(result, PathProblemCodes.Expired);
        Assert.Equal((TrustStatus.Trusted, TimeStatus.Expired), (result.Trust, result.Time));
        Assert.Equal((UsageStatus.Ok, PolicyStatus.Ok), (result.Usage, result.Policy));
        Assert.Equal(root, result.Anchor);
        Assert.Equal("expired: Expired on 2026-06-15T11:59:59Z.", result.Problems[0].ToString());
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Ca_NotYetValid_IsNamed()
    {
        Certificate ca = _root.Certify(_ca, c => c with { NotBefore = TestAuthority.Now.AddSeconds(1) });
        PathValidationResult result = PathTest.Validate(_ca.Leaf(), [_root.Root()], ca);
        PathTest.IsUntrusted(result, PathProblemCodes.NotYetValid);
        Assert.Equal(TimeStatus.NotYetValid, result.Time);
        Assert.Equal(ca, result.Problems[0].Certificate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Anchor_Expired_CountsUnlessThePolicySaysOtherwise(bool check)
    {
        Certificate root = _root.Root(c => c with { NotAfter = TestAuthority.Now.AddSeconds(-1) });
        PathValidationOptions options = PathTest.Options([root]) with
        {
            Policy = CertificatePolicy.Default with { CheckAnchorValidity = check },
        };
        PathValidationResult result = options.Validate(_root.Leaf());
        Assert.Equal(check ? [PathProblemCodes.Expired] : [], result.Codes());
        Assert.Equal(check ? TimeStatus.Expired : TimeStatus.Valid, result.Time);
    }

    [Fact]
    [Trait("Requirement", "R3850-5-f")]
    [Trait("Requirement", "R8550-6-c")]
    [Trait("Kind", "negative")]
    public void Time_HasNoDefault()
    {
        // The instant is a required member: nothing in a message or on this machine stands in for it.
        System.Reflection.PropertyInfo at = typeof(PathValidationOptions).GetProperty(nameof(PathValidationOptions.At))!;
        Assert.NotEmpty(at.GetCustomAttributes(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: false));
    }
}
