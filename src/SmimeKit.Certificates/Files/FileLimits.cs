namespace SmimeKit.Certificates;

/// <summary>What one file of certificates or keys may cost. Files come from strangers, too.</summary>
public sealed record FileLimits
{
    /// <summary>Gets the limits used when the caller names none.</summary>
    public static FileLimits Default { get; } = new();

    /// <summary>Gets the largest file in bytes: 16 MiB, a thousand times what a person's PKCS #12 file has.</summary>
    public int MaxFileSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Gets the most certificates of one file: 10 000; the trust bundles of browsers have 150.</summary>
    public int MaxCertificates { get; init; } = 10_000;

    /// <summary>Gets the most bags of one PKCS #12 file, nested ones included: 1000.</summary>
    public int MaxBags { get; init; } = 1000;

    /// <summary>
    /// Gets the most iterations of password-based key derivation for one file, all derivations together: 10 million, a few
    /// seconds. Checked before the time is spent (CVE-2023-29331 and its kin).
    /// </summary>
    public long MaxKdfIterations { get; init; } = 10_000_000;
}
