using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Somebody to encrypt for: a certificate, and how the content-encryption key is to reach its key.</summary>
/// <param name="Certificate">The certificate, with an RSA key a key on P-256, P-384 or P-521, or an ML-KEM key. It is not validated here.</param>
public sealed record CertificateRecipient(Certificate Certificate) : EnvelopeRecipient
{
    /// <summary>
    /// Gets the padding for an RSA key; null for the one that key and policy ask for: the parameters of an id-RSAES-OAEP key, else
    /// OAEP with SHA-256 or PKCS #1 v1.5 by <see cref="Policy.CmsPolicy.SendsModernToStrangers"/>. Null for other keys.
    /// </summary>
    public KeyTransportScheme? KeyTransport { get; init; }

    /// <summary>Gets the digest of the key derivation for an EC key, an ML-KEM key, or RSA-KEM; null for the one that suits the key, and for other keys.</summary>
    public DigestAlgorithm? KeyDerivationDigest { get; init; }

    /// <summary>Gets whether the message names the certificate by its subjectKeyIdentifier instead of issuer and serial number.</summary>
    public bool BySubjectKeyIdentifier { get; init; }

    /// <summary>Gets whether the key for an RSA key is encapsulated by RSA-KEM (RFC 9690) instead of transported. ML-KEM keys always encapsulate.</summary>
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

        bool encapsulates = EncapsulatesKey && publicKey.Algorithm.Oid == Oids.RsaEncryption;
        if (publicKey.IsRsa && !encapsulates ? KeyDerivationDigest is not null || EncapsulatesKey : KeyTransport is not null)
        {
            throw new ArgumentException($"The algorithms chosen do not fit the key of {Certificate}.", nameof(options)); // R3560-2.2-b
        }

        if (MLKemParameterSet.Find(publicKey.Algorithm.Oid) is { } set)
        {
            return KeyEncapsulationPlan.Create(this, set, keySize);
        }

        return encapsulates ? KeyEncapsulationPlan.CreateRsa(this, options, keySize)
            : publicKey.IsRsa && publicKey.Algorithm.Oid != Oids.RsassaPss
            ? KeyTransportPlan.Create(this, options, keySize)
            : KeyAgreement.SuitableDigest(publicKey.CurveOid) is { } digest
                ? KeyAgreementPlan.Create(this, KeyDerivationDigest ?? digest, options)
                : throw new UnsupportedAlgorithmException(publicKey.Algorithm.Oid, $"Encryption to the key of {Certificate} is not supported.");
    }

    /// <summary>Refuses a certificate whose key usage excludes what is about to be done with its key.</summary>
    internal void RequireUsage(KeyUsages usage)
    {
        if (!Certificate.AllowsKeyUsage(usage))
        {
            throw new PolicyViolationException("key-usage", $"The certificate {Certificate} does not allow {usage}.");
        }
    }
}
