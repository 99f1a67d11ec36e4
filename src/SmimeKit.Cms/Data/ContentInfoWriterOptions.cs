using SmimeKit.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Data;

/// <summary>How a ContentInfo around content that nothing protects is written.</summary>
public sealed record ContentInfoWriterOptions
{
    /// <summary>
    /// Gets the type of the content as an object identifier. The content of id-data is any octets; that of every other type is one encoded value,
    /// tag and length included, in DER.
    /// </summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>
    /// Gets the number of octets of the content when it is known: then every length is definite. Otherwise null, and the spine of the message
    /// is of indefinite length (BER).
    /// </summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets the limits: how deep the value may nest.</summary>
    public CmsLimits Limits { get; init; } = CmsLimits.Default;
}
