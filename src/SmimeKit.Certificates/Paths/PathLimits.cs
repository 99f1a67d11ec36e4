namespace SmimeKit.Certificates;

/// <summary>
/// What one path validation may spend. Every certificate but the anchors comes from strangers, who can cross-sign CAs so that the
/// number of paths grows exponentially; reaching a limit is reported as <see cref="PathProblemCodes.BudgetExhausted"/>.
/// </summary>
public sealed record PathLimits
{
    /// <summary>Gets the limits used when the caller names none.</summary>
    public static PathLimits Default { get; } = new();

    /// <summary>
    /// Gets the most signature checks. Default 200: twice what Go's crypto/x509 allows; a real path needs one a certificate.
    /// </summary>
    public int SignatureChecks { get; init; } = 200;

    /// <summary>
    /// Gets the most certificates in a path, leaf and anchor included. Default 20, as in NSS; deployed hierarchies, bridges
    /// among them, stay far below.
    /// </summary>
    public int PathLength { get; init; } = 20;

    /// <summary>
    /// Gets the most candidate paths, whole or in part; those beyond are not looked at. Default 1000: five for each signature check.
    /// </summary>
    public int CandidatePaths { get; init; } = 1000;

    /// <summary>
    /// Gets the most candidates for the issuer of one certificate, likeliest first, and the most answers wanted from one store. Default
    /// 100, as <see cref="CertificateQuery.Limit"/>: CAs that renewed their certificates for decades have a tenth of that.
    /// </summary>
    public int CandidatesPerIssuer { get; init; } = 100;

    /// <summary>
    /// Gets the most time, looked at between steps; that spent waiting for anchors and stores does not count, a token ends that.
    /// Default 2 seconds: ten milliseconds a signature check, many times its cost.
    /// </summary>
    public TimeSpan Elapsed { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets the most rejected candidates in a report. Default 20: for people to read. More are left out.</summary>
    public int RejectedPaths { get; init; } = 20;
}
