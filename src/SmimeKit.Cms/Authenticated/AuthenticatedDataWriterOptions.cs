using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>How an AuthenticatedData is written.</summary>
public sealed record AuthenticatedDataWriterOptions : RecipientWriterOptions
{
    /// <summary>Gets the MAC. HMAC with SHA-1 has to be chosen here; the policy has to list what is chosen.</summary>
    public MacAlgorithm Algorithm { get; init; } = MacAlgorithm.HmacSha256;

    /// <summary>
    /// Gets the digest that binds the content to authenticated attributes: content-type, message-digest, algorithm protection (RFC 6211),
    /// and those below. Null writes a MAC over the content itself without attributes, which only id-data may have (RFC 5652 §9.1).
    /// </summary>
    public DigestAlgorithm? Digest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>Gets further attributes that the MAC covers and everybody can read; none as a rule.</summary>
    public CmsAttributes AuthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets attributes that nothing protects; none as a rule.</summary>
    public CmsAttributes UnauthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets whether the content stays outside. It is written to the writer all the same.</summary>
    public bool IsDetached { get; init; }
}
