using SmimeKit.Certificates;

namespace SmimeKit.Cms.Signed;

/// <summary>How the signing-certificate attribute is written, RFC 5035 §5.4.</summary>
public sealed record SigningCertificateOptions
{
    /// <summary>Gets the usual form: the second version with SHA-256, naming the signer's certificate only.</summary>
    public static SigningCertificateOptions Default { get; } = new();

    /// <summary>
    /// Gets the hash of the certificates. SHA-1 writes the obsolete first version instead of the second, for readers that know no
    /// other (R5035-5.4-a).
    /// </summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>
    /// Gets further certificates to name. When there are any, verifiers build the path of the signer's certificate from no others
    /// (RFC 5035 §5.4.1).
    /// </summary>
    public IReadOnlyList<Certificate> Path { get; init; } = [];

    /// <summary>Gets the certificate policies to sign under, as object identifiers.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];
}
