using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>
/// A small certification authority for a house: a root, intermediates, and for each person one certificate to sign with and one to
/// receive with.
/// </summary>
/// <remarks>
/// <para>
/// It issues and forgets: it keeps no list of what it issued, publishes no revocation, and proves nothing about whom an address belongs
/// to. The issuer's key may live anywhere that <see cref="ISigningKey"/> reaches, an HSM for instance.
/// </para>
/// <para>Safe for concurrent use when the key is.</para>
/// </remarks>
public sealed class CertificateIssuer
{
    private readonly ISigningKey _key;
    private readonly SignatureAlgorithm _algorithm;

    /// <summary>Initializes an issuer.</summary>
    /// <param name="key">The key of a certification authority; stays the caller's.</param>
    /// <param name="algorithm">The scheme to sign with, or null for the one that suits the key.</param>
    /// <exception cref="ArgumentException">The certificate of the key may not issue certificates.</exception>
    /// <exception cref="UnsupportedAlgorithmException">There is no scheme for the kind of the key.</exception>
    public CertificateIssuer(ISigningKey key, SignatureAlgorithm? algorithm = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.Certificate.IsCertificateAuthority || !key.Certificate.AllowsKeyUsage(KeyUsages.KeyCertSign))
        {
            throw new ArgumentException("The certificate of the key may not issue certificates (RFC 5280 §4.2.1.9).", nameof(key));
        }

        _key = key;
        _algorithm = algorithm ?? SuitableAlgorithm(key.Certificate.PublicKey);
    }

    /// <summary>Gets the certificate of the issuer.</summary>
    public Certificate Certificate => _key.Certificate;

    /// <summary>Creates a root with a fresh key.</summary>
    /// <param name="template">What it says; see <see cref="CertificateTemplate.ForRoot"/>.</param>
    /// <param name="kind">The kind of its key.</param>
    /// <returns>The root and its key, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The template contradicts RFC 5280 or itself.</exception>
    public static IssuedCertificate CreateRoot(CertificateTemplate template, CertificateKeyKind kind = CertificateKeyKind.Rsa3072)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (!template.IsCertificateAuthority)
        {
            throw new ArgumentException("A root issues certificates.", nameof(template));
        }

        PrivateKeyMaterial material = PrivateKeyMaterial.Generate(kind);
        try
        {
            return new IssuedCertificate(SelfSign(template, material), [], material);
        }
        catch
        {
            material.Dispose();
            throw;
        }
    }

    /// <summary>Issues a certificate for a key that someone else holds.</summary>
    /// <param name="template">What it says.</param>
    /// <param name="key">The public key. That the subject holds its private half is for the caller to know.</param>
    /// <param name="cancellationToken">Ends a remote signature.</param>
    /// <returns>The certificate. Its validity may reach beyond the issuer's, and then ends with it.</returns>
    /// <exception cref="ArgumentException">The template contradicts RFC 5280, itself or the issuer.</exception>
    /// <exception cref="StoreException">The issuer's key failed (<c>key-unusable</c>).</exception>
    public async Task<Certificate> IssueAsync(
        CertificateTemplate template, SubjectPublicKeyInfo key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(key);
        RequirePathLength(template);
        Certificate issuer = Certificate;
        byte[] tbs = CertificateWriter.WriteTbs(
            template, key, issuer.Subject, CertificateIndex.SubjectKeyIdentifiers(issuer)[0], _algorithm.Identifier);
        byte[] signature = await _key.SignAsync(_algorithm, _algorithm.GetInput(tbs), cancellationToken).ConfigureAwait(false);
        Certificate certificate = CertificateWriter.Assemble(tbs, _algorithm.Identifier, signature);
        return certificate.VerifySignature(issuer.PublicKey) == SignatureCheck.Match
            ? certificate
            : throw KeyFailure.Unusable(); // a device that signs something else
    }

    /// <summary>Issues a certificate for a fresh key.</summary>
    /// <param name="template">What it says; see <see cref="CertificateTemplate.ForIntermediate"/>.</param>
    /// <param name="kind">The kind of its key.</param>
    /// <param name="cancellationToken">Ends a remote signature.</param>
    /// <returns>The certificate and its key, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The template contradicts RFC 5280, itself or the issuer.</exception>
    /// <exception cref="StoreException">The issuer's key failed (<c>key-unusable</c>).</exception>
    public Task<IssuedCertificate> IssueAsync(
        CertificateTemplate template, CertificateKeyKind kind, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        return WithFreshKey(kind, (material, key) => IssueAsync(template, material, key, cancellationToken));
    }

    /// <summary>Issues a person's two certificates: one to sign with and one to receive with, each with a fresh key of its own.</summary>
    /// <param name="subject">The name of the person.</param>
    /// <param name="emailAddresses">The mail addresses of the person.</param>
    /// <param name="notBefore">The first instant of validity.</param>
    /// <param name="notAfter">The last instant of validity.</param>
    /// <param name="kind">The kind of the keys.</param>
    /// <param name="cancellationToken">Ends a remote signature.</param>
    /// <returns>Both certificates with their keys, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">An address is none, or the names or the validity contradict RFC 5280.</exception>
    /// <exception cref="StoreException">The issuer's key failed (<c>key-unusable</c>).</exception>
    public async Task<IssuedIdentity> IssueIdentityAsync(
        DistinguishedName subject,
        IEnumerable<string> emailAddresses,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        CertificateKeyKind kind = CertificateKeyKind.Rsa3072,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(emailAddresses);
        string[] addresses = [.. emailAddresses];
        CertificateTemplate forSigning = CertificateTemplate.ForSigning(subject, addresses, notBefore, notAfter);
        IssuedCertificate signing = await IssueAsync(forSigning, kind, cancellationToken).ConfigureAwait(false);
        try
        {
            IssuedCertificate encryption = await WithFreshKey(kind, (material, key) => IssueAsync(
                CertificateTemplate.ForEncryption(subject, addresses, notBefore, notAfter, key), material, key, cancellationToken))
                .ConfigureAwait(false);
            return new IssuedIdentity(signing, encryption);
        }
        catch
        {
            signing.Dispose();
            throw;
        }
    }

    private static Certificate SelfSign(CertificateTemplate template, PrivateKeyMaterial material)
    {
        SubjectPublicKeyInfo key = SubjectPublicKeyInfo.Decode(material.ExportPublicKey()!);
        SignatureAlgorithm algorithm = SuitableAlgorithm(key);
        byte[] tbs = CertificateWriter.WriteTbs(template, key, template.Subject, default, algorithm.Identifier);
        using PrivateSigner signer = PrivateSigner.Open(material);
        byte[] signature = signer.Sign(key, algorithm, algorithm.GetInput(tbs).Span);
        return CertificateWriter.Assemble(tbs, algorithm.Identifier, signature);
    }

    private async Task<IssuedCertificate> IssueAsync(
        CertificateTemplate template, PrivateKeyMaterial material, SubjectPublicKeyInfo key, CancellationToken cancellationToken)
    {
        Certificate certificate = await IssueAsync(template, key, cancellationToken).ConfigureAwait(false);
        return new IssuedCertificate(certificate, [Certificate, .. _key.Chain.Where(c => !c.Equals(Certificate))], material);
    }

    private static SignatureAlgorithm SuitableAlgorithm(SubjectPublicKeyInfo key) => SignatureAlgorithm.ForKey(key)
        ?? throw new UnsupportedAlgorithmException(key.Algorithm.Oid, "The issuer's kind of key is not supported.");

    // RFC 5280 §4.2.1.9
    private void RequirePathLength(CertificateTemplate template)
    {
        if (template.IsCertificateAuthority && Certificate.PathLengthConstraint is { } limit && !(template.PathLength < limit))
        {
            throw new ArgumentException("The issuer's limit on paths leaves no room for this one.", nameof(template));
        }
    }

    // The material goes over to what is made of it, or is wiped.
    private static async Task<IssuedCertificate> WithFreshKey(
        CertificateKeyKind kind, Func<PrivateKeyMaterial, SubjectPublicKeyInfo, Task<IssuedCertificate>> issue)
    {
        PrivateKeyMaterial material = PrivateKeyMaterial.Generate(kind);
        try
        {
            return await issue(material, SubjectPublicKeyInfo.Decode(material.ExportPublicKey()!)).ConfigureAwait(false);
        }
        catch
        {
            material.Dispose();
            throw;
        }
    }
}
