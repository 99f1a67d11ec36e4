using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>How a SignedData is written.</summary>
public sealed record SignedDataWriterOptions
{
    /// <summary>Gets the signers. None makes a certs-only message, which has no content (RFC 5652 §5.2).</summary>
    public IReadOnlyList<CmsSigner> Signers { get; init; } = [];

    /// <summary>Gets the type of the content as an object identifier; id-data for MIME.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>
    /// Gets whether eContent is a value of the content type itself, as in PKCS #7 1.5 and in Authenticode
    /// (<c>1.3.6.1.4.1.311.2.1.4</c>), instead of an OCTET STRING (RFC 5652 §5.2.1). The writer then takes one DER value as its content,
    /// tag and length included; the signature covers its contents octets alone, and the version is 1. Content of type id-data is an OCTET
    /// STRING there too: the same message either way.
    /// </summary>
    /// <remarks>
    /// Only for readers that ask for it. PKCS #7 knows no key identifiers of signers, no <see cref="OtherCertificates"/> and no
    /// <see cref="OtherRevocationInfo"/>, and a detached message would not say which form its content has: these are refused.
    /// </remarks>
    public bool UsePkcs7Content { get; init; }

    /// <summary>Gets whether the content stays outside. It is written to the writer all the same, to be digested.</summary>
    public bool IsDetached { get; init; }

    /// <summary>
    /// Gets the length of the content in bytes when it is known, tag and length of a PKCS #7 value included. Then the lengths are definite, all of them when each signature has a
    /// fixed size (RSA), those around the content otherwise. Null writes the indefinite form.
    /// </summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets the certificates to carry. Repeated ones are written once.</summary>
    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    /// <summary>Gets the CRLs to carry, encoded. Repeated ones are written once.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; init; } = [];

    /// <summary>
    /// Gets attribute certificates of version 2 (<see cref="CarriedCertificates.EncodeAttributeCertificate"/>) and certificates of other
    /// formats <c>[3]</c> to carry, encoded with their tags. The obsolete choices <c>[0]</c> and <c>[1]</c> are not written (RFC 5652 §10.2.2).
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherCertificates { get; init; } = [];

    /// <summary>
    /// Gets revocation information other than CRLs to carry, encoded with its tag <c>[1]</c>: OCSP responses
    /// (<see cref="CarriedCertificates.EncodeOcspResponse"/>) and other formats (RFC 5940).
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherRevocationInfo { get; init; } = [];

    /// <summary>
    /// Gets what may be written: digests, schemes and sizes of keys that the policy does not list are refused before anything is written.
    /// MD5, SHA-1 and DSA need <see cref="CmsPolicy.Legacy"/>. Where the policy ends the acceptance of an algorithm at some instant, the
    /// signing time of the signer counts; without one only the listing does.
    /// </summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;

    /// <summary>Gets the limits; of these, <see cref="CmsLimits.MaxContentSignedWhole"/> counts in writing.</summary>
    public CmsLimits Limits { get; init; } = CmsLimits.Default;
}
