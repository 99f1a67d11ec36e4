namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>What the tests of path validation share.</summary>
internal static class PathTest
{
    internal static PathValidationOptions Options(IEnumerable<Certificate> anchors, params IEnumerable<Certificate> extras) => new()
    {
        Anchors = new TestAnchors(anchors),
        At = TestAuthority.Now,
        Purpose = CertificatePurpose.EmailSigning,
        ExtraCertificates = [.. extras],
        TimeProvider = new FrozenClock(), // a slow machine does not change a verdict
    };

    internal static PathValidationResult Validate(this PathValidationOptions options, Certificate leaf) =>
        CertificatePathValidator.ValidateAsync(leaf, options, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();

    internal static PathValidationResult Validate(Certificate leaf, IEnumerable<Certificate> anchors, params IEnumerable<Certificate> extras) =>
        Options(anchors, extras).Validate(leaf);

    internal static string[] Codes(this PathValidationResult result) => [.. result.Problems.Select(p => p.Code)];

    internal static void IsTrusted(PathValidationResult result, params Certificate[] path)
    {
        Assert.Empty(result.Problems);
        Assert.Equal(TrustStatus.Trusted, result.Outcome);
        Assert.Equal(TrustStatus.Trusted, result.Trust);
        Assert.Equal(TimeStatus.Valid, result.Time);
        Assert.Equal(UsageStatus.Ok, result.Usage);
        Assert.Equal(PolicyStatus.Ok, result.Policy);
        Assert.Equal(RevocationStatus.NotChecked, result.Revocation);
        Assert.Equal(path[^1], result.Anchor);
        Assert.Equal(path, result.Path);
    }

    internal static void IsUntrusted(PathValidationResult result, params string[] codes)
    {
        Assert.Equal(TrustStatus.Untrusted, result.Outcome);
        Assert.Equal(codes, result.Codes());
    }

    /// <summary>Time stands still: the time limit is never reached.</summary>
    private sealed class FrozenClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
