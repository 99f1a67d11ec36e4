using System.Diagnostics;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Hostile certificate bags cost a bounded effort.</summary>
public sealed class PathBudgetTests
{
    private static readonly TestKey _shared = TestKey.Ec();

    private readonly TestAuthority _root = new("CN=Root");

    [Theory]
    [InlineData(12)]
    [InlineData(30)]
    [Trait("Kind", "negative")]
    public void Mesh_OfCrossSignedCasWithoutAnchor_ExhaustsTheBudgetQuickly(int size)
    {
        (TestAuthority[] cas, Certificate[] mesh) = Mesh(size);
        PathValidationOptions options = PathTest.Options([_root.Root()], mesh) with { TimeProvider = TimeProvider.System };
        long start = Stopwatch.GetTimestamp();
        PathValidationResult result = options.Validate(cas[0].Leaf());
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "The limit is two seconds; the rest is the machine's.");
        Assert.Contains(PathProblemCodes.BudgetExhausted, result.Codes());
        Assert.InRange(result.SignatureChecks, 1, PathLimits.Default.SignatureChecks);
        Assert.InRange(result.RejectedPaths.Length, 0, PathLimits.Default.RejectedPaths);
    }

    [Fact]
    public void Mesh_OfCrossSignedCasWithOneWayOut_IsLeftByIt()
    {
        (TestAuthority[] cas, Certificate[] mesh) = Mesh(12);
        Certificate wayOut = _root.Certify(cas[11]);
        Certificate leaf = cas[0].Leaf();
        Certificate root = _root.Root();
        PathValidationResult result = PathTest.Validate(leaf, [root], [.. mesh, wayOut]);
        Assert.Equal(TrustStatus.Trusted, result.Outcome);
        Assert.Equal([leaf, wayOut, root], [result.Path[0], result.Path[^2], result.Path[^1]]);
        Assert.Equal(4, result.Path.Length); // leaf, first CA signed by the last, last CA signed by the root: the shortest way
    }

    [Fact]
    public void Cycle_OfTwoCas_EndsByItself()
    {
        (TestAuthority a, TestAuthority b) = (new("CN=A"), new("CN=B"));
        PathValidationResult result = PathTest.Validate(a.Leaf(), [_root.Root()], b.Certify(a), a.Certify(b));
        PathTest.IsUntrusted(result, PathProblemCodes.NoAnchor);
        Assert.Equal(2, result.SignatureChecks);
        Assert.Equal("The issuers lead back to each other, and none is among the anchors.", result.Problems[0].Message);
    }

    [Fact]
    public void Cycle_OfOneNameWithTwoKeys_EndsByItself()
    {
        (TestAuthority old, TestAuthority young) = (new("CN=A"), new("CN=A"));
        Certificate[] bag = [old.Certify(young), young.Certify(old), old.Root(), young.Root()];
        PathValidationResult result = PathTest.Validate(old.Leaf(), [_root.Root()], bag);
        PathTest.IsUntrusted(result, PathProblemCodes.NoAnchor);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Impostors_OfOneName_AreTriedUpToTheLimit()
    {
        Certificate[] impostors = [.. Enumerable.Range(0, 250).Select(_ => _root.Certify(new TestAuthority("CN=Mail CA")))];
        Certificate leaf = new TestAuthority("CN=Mail CA").Leaf();
        PathValidationResult result = PathTest.Validate(leaf, [_root.Root()], impostors);
        PathTest.IsUntrusted(result, PathProblemCodes.SignatureMismatch, PathProblemCodes.BudgetExhausted);
        Assert.Equal(100, result.SignatureChecks);
        Assert.Equal("The limit CandidatesPerIssuer = 100 ended the search.", result.Problems[1].Message);
        Assert.Equal(PathLimits.Default.RejectedPaths, result.RejectedPaths.Length);
    }

    [Fact]
    public void Impostors_BelowTheLimit_DoNotHideTheRightOne()
    {
        var ca = new TestAuthority("CN=Mail CA");
        Certificate[] impostors = [.. Enumerable.Range(0, 99).Select(_ => _root.Certify(new TestAuthority("CN=Mail CA")))];
        (Certificate root, Certificate right, Certificate leaf) = (_root.Root(), _root.Certify(ca), ca.Leaf());
        PathTest.IsTrusted(PathTest.Validate(leaf, [root], [.. impostors, right]), leaf, right, root);
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void PathLength_IsLimited(int authorities, bool accepted)
    {
        (Certificate leaf, Certificate root, Certificate[] between) = Chain(authorities);
        PathValidationResult result = PathTest.Validate(leaf, [root], between);
        Assert.Equal(accepted ? [] : [PathProblemCodes.BudgetExhausted], result.Codes());
        Assert.Equal(20, result.Path.Length);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public void SignatureChecks_AreLimitedToWhatTheCallerAllows(int checks, bool accepted)
    {
        (Certificate leaf, Certificate root, Certificate[] between) = Chain(4);
        PathLimits limits = PathLimits.Default with { SignatureChecks = checks };
        PathValidationOptions options = PathTest.Options([root], between) with { Limits = limits };
        PathValidationResult result = options.Validate(leaf);
        Assert.Equal(accepted ? [] : [PathProblemCodes.BudgetExhausted], result.Codes());
        Assert.Equal(checks, result.SignatureChecks);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public void CandidatePaths_AreLimitedToWhatTheCallerAllows(int candidates, bool accepted)
    {
        (Certificate leaf, Certificate root, Certificate[] between) = Chain(4);
        PathLimits limits = PathLimits.Default with { CandidatePaths = candidates };
        PathValidationOptions options = PathTest.Options([root], between) with { Limits = limits };
        Assert.Equal(accepted ? [] : [PathProblemCodes.BudgetExhausted], options.Validate(leaf).Codes());
    }

    [Fact]
    public void Impostors_InAFlood_LeaveTheLikeliestToBeTried()
    {
        byte[] id = [7];
        var ca = new TestAuthority("CN=Mail CA");
        Certificate[] impostors = [.. Enumerable.Range(0, 1100).Select(_ => _root.Certify(new TestAuthority("CN=Mail CA", _shared)))];
        Certificate right = _root.Certify(ca, c => c with { Extensions = [.. c.Extensions, TestAuthority.OwnIdentifier(id)] });
        Certificate plain = ca.Leaf();
        Certificate leaf = ca.Leaf(c => c with { Extensions = [.. c.Extensions, TestAuthority.IssuerIdentifier(id)] });
        Certificate root = _root.Root();
        Assert.Equal(TrustStatus.Trusted, PathTest.Validate(leaf, [root], [.. impostors, right]).Outcome);
        Assert.Equal(TrustStatus.Trusted, PathTest.Validate(plain, [root], [right, .. impostors]).Outcome);
        PathTest.IsUntrusted(
            PathTest.Validate(plain, [root], [.. impostors, right]), PathProblemCodes.SignatureMismatch, PathProblemCodes.BudgetExhausted);
    }

    [Fact]
    public void CandidatePaths_BeyondTheLimit_DoNotKeepThoseAtHandFromBeingTried()
    {
        var ca = new TestAuthority("CN=Mail CA");
        (Certificate root, Certificate right, Certificate leaf) = (_root.Root(), _root.Certify(ca), ca.Leaf());
        PathValidationOptions options = PathTest.Options([root], right, new TestAuthority("CN=Mail CA").Root()) with
        {
            Limits = PathLimits.Default with { CandidatePaths = 1 },
        };
        PathValidationResult result = options.Validate(leaf);
        PathTest.IsUntrusted(result, PathProblemCodes.BudgetExhausted);
        Assert.Equal(1, result.SignatureChecks);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1000, false)]
    public void Elapsed_IsMeasuredByTheClockOfTheCaller(int millisecondsAStep, bool accepted)
    {
        (Certificate leaf, Certificate root, Certificate[] between) = Chain(4);
        PathValidationOptions options = PathTest.Options([root], between) with { TimeProvider = new SteppingClock(millisecondsAStep) };
        PathValidationResult result = options.Validate(leaf);
        Assert.Equal(accepted ? [] : [PathProblemCodes.BudgetExhausted], result.Codes());
    }

    [Fact]
    public void Elapsed_LeavesOutTheTimeThatStoresTake()
    {
        var ca = new TestAuthority("CN=Mail CA");
        (Certificate root, Certificate right, Certificate leaf) = (_root.Root(), _root.Certify(ca), ca.Leaf());
        var clock = new SteppingClock(milliseconds: 1);
        PathValidationOptions options = PathTest.Options([root]) with { Stores = [new SlowStore(clock, right)], TimeProvider = clock };
        PathTest.IsTrusted(options.Validate(leaf), leaf, right, root);
        Assert.True(clock.GetTimestamp() > 10_000);
    }

    [Fact]
    public void CandidatesPerIssuer_LimitsTheAnswersOfAStore()
    {
        var ca = new TestAuthority("CN=Mail CA");
        Certificate[] impostors = [.. Enumerable.Range(0, 100).Select(_ => new TestAuthority("CN=Mail CA", _shared).Root())];
        PathValidationOptions options = PathTest.Options([_root.Root()]) with
        {
            Stores = [new TestStore(honest: true, [.. impostors, _root.Certify(ca)])],
        };
        PathTest.IsUntrusted(options.Validate(ca.Leaf()), PathProblemCodes.SignatureMismatch);
        options = options with { Limits = PathLimits.Default with { CandidatesPerIssuer = 101 } };
        Assert.Equal(TrustStatus.Trusted, options.Validate(ca.Leaf()).Outcome);
    }

    [Fact]
    public void Limits_HaveTheDocumentedDefaults()
    {
        PathLimits limits = PathLimits.Default;
        Assert.Equal(
            (200, 20, 1000, 100, TimeSpan.FromSeconds(2)),
            (limits.SignatureChecks, limits.PathLength, limits.CandidatePaths, limits.CandidatesPerIssuer, limits.Elapsed));
    }

    private static (TestAuthority[] Cas, Certificate[] Mesh) Mesh(int size)
    {
        TestAuthority[] cas = [.. Enumerable.Range(0, size).Select(i => new TestAuthority($"CN=Mesh {i}"))];
        return (cas, [.. cas.SelectMany(issuer => cas.Where(subject => subject != issuer).Select(subject => issuer.Certify(subject)))]);
    }

    // A leaf below so many CAs, the first of which is the root.
    private (Certificate Leaf, Certificate Root, Certificate[] Between) Chain(int authorities)
    {
        TestAuthority[] cas = [_root, .. Enumerable.Range(1, authorities - 1).Select(i => new TestAuthority($"CN=Level {i}"))];
        return (cas[^1].Leaf(), _root.Root(), [.. cas.Skip(1).Select((ca, i) => cas[i].Certify(ca))]);
    }

    private sealed class SteppingClock(int milliseconds) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        internal void Advance(int by) => _now += by;

        public override long GetTimestamp() => _now += milliseconds;
    }

    private sealed class SlowStore(SteppingClock clock, Certificate answer) : ICertificateStore
    {
        public ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default)
        {
            clock.Advance(10_000);
            return new([new StoredCertificate(answer, CertificateProvenance.Imported, "test")]);
        }
    }
}
