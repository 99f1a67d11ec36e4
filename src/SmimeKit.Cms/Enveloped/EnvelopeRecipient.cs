using SmimeKit.Certificates;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Somebody to encrypt for: a certificate, and how the content-encryption key is to reach its key.</summary>
/// <param name="Certificate">The certificate, with an RSA key or a key on P-256, P-384 or P-521. It is not validated here.</param>
public sealed record EnvelopeRecipient(Certificate Certificate)
{
    /// <summary>
    /// Gets the padding for an RSA key; null for the one that key and policy ask for: the parameters of an id-RSAES-OAEP key, else
    /// OAEP with SHA-256 or PKCS #1 v1.5 by <see cref="Policy.CmsPolicy.SendsModernToStrangers"/>. Null for other keys.
    /// </summary>
    public KeyTransportScheme? KeyTransport { get; init; }

    /// <summary>Gets the digest of the key derivation for an EC key; null for the one that suits the curve (RFC 5753 §8), and for other keys.</summary>
    public DigestAlgorithm? KeyDerivationDigest { get; init; }

    /// <summary>Gets whether the message names the certificate by its subjectKeyIdentifier instead of issuer and serial number.</summary>
    public bool BySubjectKeyIdentifier { get; init; }
}
