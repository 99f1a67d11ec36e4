using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Signed;

/// <summary>How a SignedData is written.</summary>
public sealed record SignedDataWriterOptions
{
    /// <summary>Gets the signers. None makes a certs-only message, which has no content (RFC 5652 §5.2).</summary>
    public IReadOnlyList<CmsSigner> Signers { get; init; } = [];

    /// <summary>Gets the type of the content as an object identifier; id-data for MIME.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>Gets whether the content stays outside. It is written to the writer all the same, to be digested.</summary>
    public bool IsDetached { get; init; }

    /// <summary>
    /// Gets the length of the content in bytes when it is known. Then the lengths are definite, all of them when each signature has a
    /// fixed size (RSA), those around the content otherwise. Null writes the indefinite form.
    /// </summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets the certificates to carry. Repeated ones are written once.</summary>
    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    /// <summary>Gets the CRLs to carry, encoded.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; init; } = [];

    /// <summary>
    /// Gets what may be written: digests, schemes and sizes of keys that the policy does not list are refused before anything is written.
    /// MD5, SHA-1 and DSA need <see cref="CmsPolicy.Legacy"/>. Where the policy ends the acceptance of an algorithm at some instant, the
    /// signing time of the signer counts; without one only the listing does.
    /// </summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;

    /// <summary>Gets the limits; of these, <see cref="CmsLimits.MaxContentSignedWhole"/> counts in writing.</summary>
    public CmsLimits Limits { get; init; } = CmsLimits.Default;
}
