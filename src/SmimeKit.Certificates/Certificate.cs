using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>An X.509 certificate, RFC 5280 §4.1: parsed once from DER, immutable, with nothing to dispose.</summary>
/// <remarks>
/// Parsing proves nothing: neither that the signature holds nor that anyone trusts the issuer. Extensions are decoded when asked for;
/// the accessors of malformed extensions throw <see cref="MalformedDataException"/>. Equality is equality of the bytes.
/// </remarks>
public sealed partial class Certificate : IEquatable<Certificate>
{
    private readonly Lazy<byte[]> _sha256;
    private SignatureAlgorithm? _resolvedSignatureAlgorithm;

    private Certificate(ReadOnlyMemory<byte> rawData, Fields fields)
    {
        RawData = rawData;
        TbsCertificate = fields.Tbs;
        Version = fields.Version;
        SerialNumber = fields.SerialNumber;
        TbsSignatureAlgorithm = fields.TbsSignatureAlgorithm;
        Issuer = fields.Issuer;
        NotBefore = fields.NotBefore;
        NotAfter = fields.NotAfter;
        Subject = fields.Subject;
        PublicKey = fields.PublicKey;
        Extensions = fields.Extensions;
        SignatureAlgorithm = fields.SignatureAlgorithm;
        Signature = fields.Signature;
        _sha256 = new Lazy<byte[]>(() => SHA256.HashData(RawData.Span));
    }

    /// <summary>Gets the whole certificate as DER.</summary>
    public ReadOnlyMemory<byte> RawData { get; }

    /// <summary>Gets the signed part, as received: what the issuer's signature covers.</summary>
    public ReadOnlyMemory<byte> TbsCertificate { get; }

    /// <summary>Gets the version: 1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>Gets the content octets of the serial number, big-endian two's complement.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>Gets the signature algorithm inside the signed part; equal to <see cref="SignatureAlgorithm"/> in a sound certificate.</summary>
    public AlgorithmIdentifier TbsSignatureAlgorithm { get; }

    /// <summary>Gets the name of the issuer.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>Gets the first instant of validity, inclusive.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Gets the last instant of validity, inclusive.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Gets the name of the subject.</summary>
    public DistinguishedName Subject { get; }

    /// <summary>Gets the public key.</summary>
    public SubjectPublicKeyInfo PublicKey { get; }

    /// <summary>Gets the extensions in the order of the certificate. A repeated OID is possible here and refused by path validation.</summary>
    public IReadOnlyList<CertificateExtension> Extensions { get; }

    /// <summary>Gets the algorithm of the issuer's signature.</summary>
    public AlgorithmIdentifier SignatureAlgorithm { get; }

    /// <summary>Gets the scheme behind <see cref="SignatureAlgorithm"/>, or null when it is not implemented.</summary>
    internal SignatureAlgorithm? ResolvedSignatureAlgorithm =>
        _resolvedSignatureAlgorithm ??= Certificates.SignatureAlgorithm.Resolve(SignatureAlgorithm);

    /// <summary>Gets the octets of the issuer's signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Gets the SHA-256 of <see cref="RawData"/>: the identity of this exact certificate.</summary>
    public ReadOnlyMemory<byte> Sha256 => _sha256.Value;

    /// <summary>Gets the serial number in hexadecimal, upper case.</summary>
    public string SerialNumberHex => Convert.ToHexString(SerialNumber.Span);

    /// <summary>Gets whether issuer and subject are the same name. Says nothing about the signature.</summary>
    public bool IsSelfIssued => Issuer.Equals(Subject);

    /// <summary>Decodes a certificate.</summary>
    /// <param name="der">The encoding; kept, not copied, and not to be changed afterwards.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="MalformedDataException">The encoding is not a certificate.</exception>
    public static Certificate Decode(ReadOnlyMemory<byte> der)
    {
        // Whole certificates in the field carry BER lapses inside extensions and names; what is hashed is what was received.
        Fields fields = Der.Decode(der, "certificate", ReadFields, AsnEncodingRules.BER);
        return new Certificate(der, fields);
    }

    /// <summary>Converts a certificate of the base library; its private key, if any, stays behind.</summary>
    /// <param name="certificate">The certificate; not kept.</param>
    /// <returns>The certificate.</returns>
    public static Certificate FromX509Certificate2(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Decode(certificate.RawData);
    }

    /// <summary>Converts to a certificate of the base library, which the caller disposes.</summary>
    /// <returns>A new object with a native handle.</returns>
    /// <exception cref="MalformedDataException">The base library refuses the certificate.</exception>
    public X509Certificate2 ToX509Certificate2()
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(RawData.Span);
        }
        catch (CryptographicException)
        {
            throw new MalformedDataException("certificate-refused", "The platform refuses the certificate");
        }
    }

    /// <summary>Tells whether an instant lies within the validity, both ends included (RFC 5280 §4.1.2.5).</summary>
    /// <param name="instant">The instant.</param>
    /// <returns>True when the certificate is neither expired nor not yet valid.</returns>
    public bool IsValidAt(DateTimeOffset instant) => instant >= NotBefore && instant <= NotAfter;

    /// <summary>Checks this certificate's signature with an issuer's key. Says nothing else about the issuer.</summary>
    /// <param name="issuerKey">The key of the presumed issuer.</param>
    /// <returns>The outcome; <see cref="SignatureCheck.UnusableKey"/> also for an algorithm that is not implemented.</returns>
    public SignatureCheck VerifySignature(SubjectPublicKeyInfo issuerKey)
    {
        ArgumentNullException.ThrowIfNull(issuerKey);
        return ResolvedSignatureAlgorithm?.VerifyMessage(issuerKey, TbsCertificate.Span, Signature.Span) ?? SignatureCheck.UnusableKey;
    }

    /// <inheritdoc/>
    public bool Equals(Certificate? other) => other is not null && RawData.Span.SequenceEqual(other.RawData.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Certificate);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_sha256.Value);

    /// <summary>Gets the subject and the serial number, for people.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Subject} ({SerialNumberHex})";
}
