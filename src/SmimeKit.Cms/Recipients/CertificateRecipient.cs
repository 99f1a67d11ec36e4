using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Somebody to encrypt for: a certificate, and how the content-encryption key is to reach its key.</summary>
/// <param name="Certificate">
/// The certificate, with an RSA key, an ML-KEM key, or one that agrees: EC, X25519, X448, X9.42 Diffie-Hellman. It is not validated here.
/// </param>
public sealed record CertificateRecipient(Certificate Certificate) : EnvelopeRecipient
{
    /// <summary>
    /// Gets the padding for an RSA key; null for the one that key and policy ask for: the parameters of an id-RSAES-OAEP key, else
    /// OAEP with SHA-256 or PKCS #1 v1.5 by <see cref="Policy.CmsPolicy.SendsModernToStrangers"/>. Null for other keys.
    /// </summary>
    public KeyTransportScheme? KeyTransport { get; init; }

    /// <summary>
    /// Gets the digest of the key derivation for an EC key, an ML-KEM key, or RSA-KEM; null for the one that suits the key, and for other keys. An ML-KEM
    /// key gets HKDF with it, and KMAC with <see cref="DigestAlgorithm.Shake128"/> and <see cref="DigestAlgorithm.Shake256"/> (RFC 9688 §5.2).
    /// </summary>
    public DigestAlgorithm? KeyDerivationDigest { get; init; }

    /// <summary>
    /// Gets the key agreement; null for the one that suits the key: ECDH with the X9.63 function for EC keys, with HKDF for X25519 and
    /// X448. Keys of X9.42 Diffie-Hellman get none unless it is named here. Null for RSA keys.
    /// </summary>
    public KeyAgreementScheme? KeyAgreement { get; init; }

    /// <summary>
    /// Gets the key wrap of a key agreement; null for AES as strong as the content's cipher. One that is weaker than the content key is
    /// refused when the message is opened. Null for RSA keys.
    /// </summary>
    public KeyWrapAlgorithm? KeyWrap { get; init; }

    /// <summary>
    /// Gets the sender's own key to agree with, of the kind of the recipient's (RFC 6278, RFC 3370 §4.1.2): the message then names its
    /// certificate, and who decrypts it knows that one of the two owners made it. Used until the message has begun, and not disposed. Null
    /// for a key made for the message, and for RSA keys.
    /// </summary>
    public IDecryptionKey? Originator { get; init; }

    /// <summary>
    /// Gets whether the message names the certificate of the <see cref="Originator"/> by its subjectKeyIdentifier instead of issuer and serial
    /// number. No effect without an originator.
    /// </summary>
    public bool OriginatorBySubjectKeyIdentifier { get; init; }

    /// <summary>Gets whether the message names the certificate by its subjectKeyIdentifier instead of issuer and serial number.</summary>
    public bool BySubjectKeyIdentifier { get; init; }

    /// <summary>
    /// Gets whether the key for an RSA key is encapsulated by RSA-KEM (RFC 9690) instead of transported. ML-KEM keys always encapsulate, and RSA
    /// keys that are for it alone (id-rsa-kem-spki); where these say how (GenericHybridParameters), another choice is refused.
    /// </summary>
    public bool EncapsulatesKey { get; init; }

    /// <summary>Gets octets that go into the key derivation of a key encapsulation and are sent along (ukm, RFC 9629 §3); empty sends none.</summary>
    public ReadOnlyMemory<byte> UserKeyingMaterial { get; init; }

    /// <summary>Gets how the message names the certificate.</summary>
    internal CertificateIdentifier Identifier => BySubjectKeyIdentifier
        ? SubjectKeyIdentifier.Of(Certificate)
        : IssuerAndSerialNumber.Of(Certificate);

    /// <inheritdoc/>
    internal override RecipientPlan Plan(RecipientWriterOptions options, int keySize)
    {
        SubjectPublicKeyInfo publicKey = Certificate.PublicKey;
        if (BySubjectKeyIdentifier && Certificate.SubjectKeyIdentifier.IsEmpty)
        {
            throw new ArgumentException($"{Certificate} has no subjectKeyIdentifier.", nameof(options));
        }

        bool encapsulates = Encapsulates(publicKey);
        bool isTransport = TransportsKey;
        bool choosesAgreement = KeyAgreement is not null || KeyWrap is not null || Originator is not null;
        if ((isTransport ? KeyDerivationDigest is not null || EncapsulatesKey : KeyTransport is not null)
            || (choosesAgreement && publicKey.TryComplete(publicKey.Algorithm, publicKey.Key.Span) is null)
            || (KeyDerivationDigest is not null && KeyAgreement is not null))
        {
            throw new ArgumentException($"The algorithms chosen do not fit the key of {Certificate}.", nameof(options)); // R3560-2.2-b
        }

        if (MLKemParameterSet.Find(publicKey.Algorithm.Oid) is { } set)
        {
            return KeyEncapsulationPlan.Create(this, set, keySize);
        }

        return encapsulates ? KeyEncapsulationPlan.CreateRsa(this, options, keySize)
            : isTransport && publicKey.Algorithm.Oid != Oids.RsassaPss
            ? KeyTransportPlan.Create(this, options, keySize)
            : publicKey.TryComplete(publicKey.Algorithm, publicKey.Key.Span) is not null
                ? KeyAgreementPlan.Create(this, options, keySize)
                : throw new UnsupportedAlgorithmException(publicKey.Algorithm.Oid, $"Encryption to the key of {Certificate} is not supported.");
    }

    /// <summary>Gets whether the key is encrypted to an RSA key as it is, whatever its size.</summary>
    internal bool TransportsKey => Certificate.PublicKey.IsRsa && !Encapsulates(Certificate.PublicKey);

    // R9690-2.3-a: one identifier leaves the choice, the other has made it.
    private bool Encapsulates(SubjectPublicKeyInfo key) =>
        key.Algorithm.Oid == Oids.RsaKemKey || (EncapsulatesKey && key.Algorithm.Oid == Oids.RsaEncryption);

    /// <summary>Refuses a certificate whose key usage excludes what is about to be done with its key.</summary>
    internal void RequireUsage(KeyUsages usage) => RequireUsage(Certificate, usage);

    /// <inheritdoc cref="RequireUsage(KeyUsages)"/>
    internal static void RequireUsage(Certificate certificate, KeyUsages usage)
    {
        if (!certificate.AllowsKeyUsage(usage))
        {
            throw new PolicyViolationException("key-usage", $"The certificate {certificate} does not allow {usage}.");
        }
    }
}
