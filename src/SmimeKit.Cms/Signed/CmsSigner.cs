using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>How one signer signs.</summary>
public sealed record CmsSigner
{
    /// <summary>Initializes a signer with the defaults that suit the key.</summary>
    /// <param name="key">The key.</param>
    public CmsSigner(ISigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    /// <summary>Gets the key.</summary>
    public ISigningKey Key { get; }

    /// <summary>
    /// Gets the digest; null for the one that suits the key: SHA-256; SHA-384 and SHA-512 with curves of 384 bits and more; that of the RFC
    /// with Ed25519, Ed448, ML-DSA and SLH-DSA, where it is the digest of the content in the signed attributes only.
    /// </summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>
    /// Gets the scheme, for parameters of the caller's choice: <see cref="RsaPssSignature.Create(DigestAlgorithm, DigestAlgorithm, int)"/>.
    /// Null for the one that suits the key, <see cref="Digest"/> and <see cref="UsePss"/>, which have no say otherwise.
    /// </summary>
    public SignatureAlgorithm? Scheme { get; init; }

    /// <summary>Gets whether an RSA key signs with RSASSA-PSS instead of RSASSA-PKCS1-v1_5.</summary>
    public bool UsePss { get; init; }

    /// <summary>Gets whether the certificate is named by its subjectKeyIdentifier. S/MIME v2 and gpgsm read issuer and serial number only.</summary>
    public bool UseSubjectKeyIdentifier { get; init; }

    /// <summary>
    /// Gets whether signed attributes are written. Without them no signing time is told and old attacks return; and Ed25519, Ed448, ML-DSA
    /// and SLH-DSA then sign the content itself, which is kept in memory up to <see cref="Policy.CmsLimits.MaxContentSignedWhole"/>.
    /// </summary>
    public bool UseSignedAttributes { get; init; } = true;

    /// <summary>Gets the claimed signing time; null for none.</summary>
    public DateTimeOffset? SigningTime { get; init; }

    /// <summary>Gets how the signing-certificate attribute is written (RFC 5035). It is written whenever there are signed attributes.</summary>
    public SigningCertificateOptions SigningCertificate { get; init; } = SigningCertificateOptions.Default;

    /// <summary>Gets further signed attributes: capabilities, key preference and others. Not content type and message digest.</summary>
    public IReadOnlyList<CmsAttribute> SignedAttributes { get; init; } = [];

    /// <summary>Gets unsigned attributes.</summary>
    public IReadOnlyList<CmsAttribute> UnsignedAttributes { get; init; } = [];
}
