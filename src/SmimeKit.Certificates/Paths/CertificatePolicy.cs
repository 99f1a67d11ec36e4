using System.Collections.Immutable;
using System.Globalization;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Which algorithms, keys and purposes a certification path may have. Immutable data; what is not listed is refused.</summary>
/// <remarks>Change a policy with <c>with</c>. The clock has no part in it.</remarks>
public sealed record CertificatePolicy
{
    private const int StrongRsaKeySize = 2048; // RFC 8550 §4.3, §6

    /// <summary>Gets the policy used when the caller names none: today's algorithms (RFC 8550 §4.3).</summary>
    public static CertificatePolicy Default { get; } = new();

    /// <summary>Gets the default without its tolerance for anyExtendedKeyUsage: a mail certificate has to say that it is one.</summary>
    public static CertificatePolicy Strict { get; } = new() { AcceptAnyExtendedKeyUsage = false };

    /// <summary>
    /// Gets the policy for archives: SHA-1 and MD5 signatures, RSA keys from 1024 bits and DSA are accepted as well, each with a warning in
    /// <see cref="PathValidationResult.Warnings"/> (RFC 3850 §4.3, historic in RFC 8550 appendix B).
    /// </summary>
    public static CertificatePolicy Legacy { get; } = new()
    {
        WeakSignatureDigests = [DigestAlgorithm.Sha1, DigestAlgorithm.Md5],
        MinRsaKeySize = 1024,
        AcceptsDsa = true,
    };

    /// <summary>
    /// Gets the digests accepted in signatures on certificates. Default: SHA-2 (RFC 8551 §2.1, RFC 5754), SHA-3 (RFC 9688) and SHAKE
    /// (RFC 8692).
    /// </summary>
    public ImmutableArray<DigestAlgorithm> SignatureDigests { get; init; } =
    [
        DigestAlgorithm.Sha256, DigestAlgorithm.Sha384, DigestAlgorithm.Sha512, DigestAlgorithm.Sha224,
        DigestAlgorithm.Sha3_256, DigestAlgorithm.Sha3_384, DigestAlgorithm.Sha3_512, DigestAlgorithm.Sha3_224,
        DigestAlgorithm.Shake128, DigestAlgorithm.Shake256,
    ];

    /// <summary>Gets the digests accepted with a warning. Default: none. Collisions of these make forged certificates.</summary>
    public ImmutableArray<DigestAlgorithm> WeakSignatureDigests { get; init; } = [];

    /// <summary>Gets the smallest RSA modulus in bits. Default 2048 (RFC 8550 §4.3); smaller ones, if accepted, give a warning.</summary>
    public int MinRsaKeySize { get; init; } = StrongRsaKeySize;

    /// <summary>Gets the largest RSA modulus in bits. Default 8192: larger ones cost the verifier more than they protect.</summary>
    public int MaxRsaKeySize { get; init; } = 8192;

    /// <summary>Gets whether DSA keys and signatures are accepted, with a warning. Default false: FIPS 186-5 withdrew DSA.</summary>
    public bool AcceptsDsa { get; init; }

    /// <summary>Gets the smallest prime of a DSA key in bits, where DSA is accepted at all. Default 1024.</summary>
    public int MinDsaKeySize { get; init; } = 1024;

    /// <summary>
    /// Gets the OIDs of accepted curves. Default: P-256, P-384, P-521 (RFC 5480) and brainpoolP256r1, P384r1, P512r1 (RFC 5639).
    /// Curves with explicit parameters are refused whatever is listed.
    /// </summary>
    public ImmutableArray<string> Curves { get; init; } =
    [
        Oids.NistP256, Oids.NistP384, Oids.NistP521,
        "1.3.36.3.3.2.8.1.1.7", "1.3.36.3.3.2.8.1.1.11", "1.3.36.3.3.2.8.1.1.13",
    ];

    /// <summary>
    /// Gets the OIDs of accepted keys whose algorithm fixes their size. Default: X25519, X448, Ed25519, Ed448 (RFC 8410), ML-DSA
    /// (RFC 9881), SLH-DSA (RFC 9909), ML-KEM (RFC 9935) and HSS/LMS (RFC 9802), all of whose parameter sets are strong. That a key is
    /// accepted does not mean that signatures made with it can be verified here.
    /// </summary>
    public ImmutableArray<string> FixedSizeKeys { get; init; } =
    [
        "1.3.101.110", "1.3.101.111", "1.3.101.112", "1.3.101.113",
        "2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19",
        "2.16.840.1.101.3.4.4.1", "2.16.840.1.101.3.4.4.2", "2.16.840.1.101.3.4.4.3", Oids.HssLms,
        .. Enumerable.Range(20, 12).Select(n => string.Create(CultureInfo.InvariantCulture, $"2.16.840.1.101.3.4.3.{n}")),
    ];

    /// <summary>
    /// Gets the keyUsage bits of which a signer's certificate needs one, when it has keyUsage. Default: digitalSignature or
    /// nonRepudiation (RFC 8550 §4.4.2).
    /// </summary>
    public KeyUsages SigningKeyUsages { get; init; } = KeyUsages.DigitalSignature | KeyUsages.NonRepudiation;

    /// <summary>Gets the extended key usage that a leaf needs, or null for any. Default: emailProtection (RFC 8550 §4.4.4).</summary>
    public string? ExtendedKeyUsage { get; init; } = Oids.EmailProtection;

    /// <summary>Gets whether a leaf without extKeyUsage is refused. Default false: absent means any (RFC 5280 §4.2.1.12).</summary>
    public bool RequireExtendedKeyUsage { get; init; }

    /// <summary>Gets whether anyExtendedKeyUsage in a leaf stands for the one that is needed. Default true (RFC 8550 §4.4.4).</summary>
    public bool AcceptAnyExtendedKeyUsage { get; init; } = true;

    /// <summary>
    /// Gets whether extKeyUsage in a CA certificate, the anchor's included, limits what is below it. Default true: RFC 5280 is silent,
    /// but CAs rely on it. anyExtendedKeyUsage there limits nothing.
    /// </summary>
    public bool NestedExtendedKeyUsage { get; init; } = true;

    /// <summary>
    /// Gets whether an anchor outside its validity refuses the paths that end in it. Default true, though RFC 5280 §6.1.1 (d) leaves
    /// the validity out of an anchor: an owner who wants an expired root trusted has to say so.
    /// </summary>
    public bool CheckAnchorValidity { get; init; } = true;

    /// <summary>Says why a key is refused, or null when it is accepted.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The objection in words.</returns>
    public string? FindObjection(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.IsRsa)
        {
            return key.KeySize >= MinRsaKeySize && key.KeySize <= MaxRsaKeySize ? null : DescribeRsa(key.KeySize);
        }

        if (key.IsEc)
        {
            return key.CurveOid is { } curve && Curves.Contains(curve) ? null : "The curve of the key is not accepted.";
        }

        if (key.IsDsa && AcceptsDsa)
        {
            // A key that inherits its parameters is judged when they are known.
            return key.InheritsParameters || key.KeySize >= MinDsaKeySize ? null : "The DSA key is malformed or too small.";
        }

        return FixedSizeKeys.Contains(key.Algorithm.Oid) ? null : "The kind of key is not accepted.";
    }

    /// <summary>Says why a signature scheme is refused, or null when it is accepted.</summary>
    /// <param name="algorithm">The scheme; one without digest is judged by its key alone.</param>
    /// <returns>The objection in words.</returns>
    public string? FindObjection(SignatureAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return algorithm.Digest is not { } digest || SignatureDigests.Contains(digest) || WeakSignatureDigests.Contains(digest)
            ? null
            : $"Signatures with {digest.Name} are not accepted.";
    }

    /// <summary>Tells whether a key, accepted or not, is weaker than S/MIME asks for today (RFC 8550 §6).</summary>
    internal static bool IsWeak(SubjectPublicKeyInfo key) => key.IsDsa || (key.IsRsa && key.KeySize < StrongRsaKeySize);

    internal bool IsWeak(SignatureAlgorithm algorithm) =>
        algorithm.Digest is { } digest && WeakSignatureDigests.Contains(digest);

    private string DescribeRsa(int size) => size == 0
        ? "The RSA key is malformed or unsafe."
        : string.Create(CultureInfo.InvariantCulture, $"An RSA key of {size} bits is outside {MinRsaKeySize} to {MaxRsaKeySize} bits.");
}
