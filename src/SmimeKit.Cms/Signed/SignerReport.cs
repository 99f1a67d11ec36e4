using System.Collections.Immutable;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>What one SignerInfo says, and the outcome of checking it.</summary>
public sealed record SignerReport
{
    /// <summary>Gets how the message names the signer's certificate; null when the SignerInfo is malformed.</summary>
    public CertificateIdentifier? Identifier { get; init; }

    /// <summary>Gets the digest algorithm named; null when the SignerInfo is malformed.</summary>
    public AlgorithmIdentifier? DigestAlgorithm { get; init; }

    /// <summary>Gets the signature algorithm named; null when the SignerInfo is malformed.</summary>
    public AlgorithmIdentifier? SignatureAlgorithm { get; init; }

    /// <summary>Gets the scheme that <see cref="SignatureAlgorithm"/> stands for: <c>rsa</c>, <c>rsa-pss</c>, <c>ecdsa</c>, <c>ed25519</c>, …; null when unknown.</summary>
    public string? SchemeName { get; init; }

    /// <summary>Gets the signed attributes. They are the signer's only when the verdict is <see cref="SignerVerdict.Valid"/>.</summary>
    public CmsAttributes SignedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets the unsigned attributes. Nobody vouches for them.</summary>
    public CmsAttributes UnsignedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets the octets of the signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Gets the signing time that the signer claims (RFC 5652 §11.3), or null. Never a proof of time.</summary>
    public DateTimeOffset? SigningTime { get; init; }

    /// <summary>Gets the exact certificate that the verdict is about, or null when none matched.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>
    /// Gets one report for each countersignature over <see cref="Signature"/> (RFC 5652 §11.4), with its own verdict, certificate and
    /// countersignatures. One says that its signer has seen this signature, not that this signature is valid or the content was read.
    /// </summary>
    public ImmutableArray<SignerReport> Countersignatures { get; init; } = [];

    /// <summary>Gets one report for each signature time-stamp over <see cref="Signature"/> (RFC 3161 appendix A), with its own verdict.</summary>
    public ImmutableArray<TimeStampReport> TimeStamps { get; init; } = [];

    /// <summary>
    /// Gets the issuer's certificate whose DSA parameters complete the key of <see cref="Certificate"/> (RFC 3279 §2.3.2); null when the
    /// key is complete. The verdict is worth nothing unless the certification path leads through this very certificate: who chooses
    /// parameters makes signatures for any key.
    /// </summary>
    public Certificate? ParametersFrom { get; init; }

    /// <summary>Gets the outcome.</summary>
    public required SignerVerdict Verdict { get; init; }

    /// <summary>Gets tolerated deviations from the format, as stable codes.</summary>
    public ImmutableArray<string> Deviations { get; init; } = [];

    /// <summary>
    /// Tells whether the signer admits a certificate into the path of its own, the trust anchor apart: signing-certificate attributes
    /// that name further certificates admit no others (RFC 5035 §5.4.1).
    /// </summary>
    /// <param name="certificate">A certificate of the path.</param>
    /// <returns>True when the attributes say nothing against it.</returns>
    public bool AllowsInPath(Certificate certificate) =>
        Signed.SigningCertificate.FindAll(SignedAttributes).All(a => a.AllowsInPath(certificate));
}
