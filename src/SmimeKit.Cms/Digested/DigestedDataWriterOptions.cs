using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Digested;

/// <summary>How a DigestedData is written.</summary>
public sealed record DigestedDataWriterOptions
{
    /// <summary>Gets the digest.</summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>Gets the type of the content as an object identifier.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>Gets whether the content stays outside. It is written to the writer all the same, to be digested.</summary>
    public bool IsDetached { get; init; }

    /// <summary>Gets the number of octets of the content when it is known: then the message is DER. Otherwise null.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets what may be written: MD5 and SHA-1 need <see cref="CmsPolicy.Legacy"/>.</summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;
}
