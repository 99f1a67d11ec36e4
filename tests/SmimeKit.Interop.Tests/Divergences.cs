using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests;

/// <summary>Cases in which a peer and this library do not meet, and why.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Concerns">Which cases.</param>
/// <param name="Reason">What is known of the cause; it is published.</param>
public sealed record Divergence<TCase>(string Peer, Func<TCase, bool> Concerns, string Reason);

/// <summary>
/// The tables. Where a peer reads, the test tries all the same and fails when the divergence has gone: then its line goes too. Where a
/// peer writes, a line says that it has no way to write such a message, and nothing is tried.
/// </summary>
public static class Divergences
{
    private const string NoHss = "Bouncy Castle 2.7.0 has HSS/LMS, but does not know its identifier in certificates and CMS.";
    private const string NoAuthEnvelopedData = "It has no public class for AuthEnvelopedData (RFC 5083).";
    private const string NoRc2 = "Bouncy Castle 2.7.0 unwraps keys of a fixed size only, which RC2 has not.";
    private const string NoRareAead = "`openssl cms` 3.0 knows AES-GCM only in AuthEnvelopedData.";
    private const string CertificatesOnly = "It knows recipients by their certificates only.";
    private const string NoLabel = "Bouncy Castle 2.7.0 opens no OAEP with a label (RFC 4055 §4.1), and writes none.";
    private const string NullParameters =
        "Bouncy Castle 2.7.0 hashes NULL parameters of the key wrap into the key derivation and leaves out the ukm (against RFC 3565 §2.3.2, RFC 5753 §7.2).";

    /// <summary>Gets what a peer does not verify although it is right.</summary>
    public static IReadOnlyList<Divergence<SigningCase>> Verifying { get; } =
    [
        new("gpgsm", c => c.KeyIdentifier, "libksba 1.6 parses no subjectKeyIdentifier in a SignerInfo (RFC 5652 §5.3 requires it)."),
        new("gpgsm", c => c.Scheme.Name == "ecdsa-p521", "GnuPG 2.2 wants digests as long as the group: 521 bits are no multiple of 8."),
        new("gpgsm", c => IsNew(c) || c.Scheme.IsDsa || c.Scheme.Uses224Bits || (c.Scheme.IsRsa && !c.Scheme.Pss && c.Scheme.UsesSha3), "GnuPG 2.2 knows neither DSA nor digests of 224 bits in CMS, no SHA-3 with rsaEncryption, and none of the newer schemes."),
        new("gpgsm", c => c.Scheme.IsEcdsa && (c.Scheme.UsesSha3 || c.Scheme.Digest == DigestAlgorithm.Sha1), "GnuPG 2.2 knows ECDSA with SHA-256, SHA-384 and SHA-512."),
        new("gpgsm", c => c.Scheme.Name == "pss-sha1", "GnuPG 2.2 wants the parameters of RSASSA-PSS written out, defaults as well."),
        new("openssl", IsNew, "OpenSSL 3.0 knows in CMS no EdDSA (RFC 8419), no SHAKE (RFC 8702), no ML-DSA, no SLH-DSA and no HSS/LMS."),
        new("dotnet", c => c.Scheme.IsPostQuantum, "The base library has ML-DSA and SLH-DSA with OpenSSL 3.5 only, and no HSS/LMS."),
        new("dotnet", c => IsNew(c) || c.Scheme.Uses224Bits || c.Scheme.Digest == DigestAlgorithm.Md5, "`SignedCms` knows no digests of 224 bits, no MD5, no SHAKE and no EdDSA."),
        new("bouncycastle", c => c.Scheme.IsHss, NoHss),
        new("bouncycastle", NoShakeAndEd448, "Bouncy Castle 2.7.0 knows no signer with SHAKE, and no Ed448 in CMS."),
        new("bc-java", c => c.Scheme.IsPostQuantum, "Bouncy Castle 1.72 is older than the identifiers of ML-DSA and SLH-DSA, and its usual provider has no HSS/LMS."),
        new("bc-java", c => c.Scheme.Pss && c.Scheme.UsesShake && !c.Attributes, "Bouncy Castle 1.72 does not find the digest of RSASSA-PSS with SHAKE when there are no signed attributes."),
        new("mimekit", c => c.Scheme.IsHss, NoHss),
        new("mimekit", NoShakeAndEd448, "Bouncy Castle 2.7.0 knows no signer with SHAKE, and no Ed448 in CMS."),
        new("mimekit", c => c.Scheme.SignsMessage && !c.Attributes, "Bouncy Castle 2.7.0 is then given no content by the context."),
        new("nss", c => IsNew(c) || c.Scheme.IsBrainpool || c.Scheme.UsesSha3 || c.Scheme.Name == "rsa-md5", "NSS 3.87 knows no Brainpool curves, no SHA-3, no MD5 any more, and none of the newer schemes."),
        new("nss", c => c.Scheme.Pss && !c.Attributes, "NSS 3.87 drops the parameters of RSASSA-PSS when there are no signed attributes."),
    ];

    /// <summary>Gets what a peer cannot sign.</summary>
    public static IReadOnlyList<Divergence<SigningCase>> Signing { get; } =
    [
        new("openssl", c => c.Scheme.Pss && c.Form == SigningForm.Indefinite, "`openssl cms -stream` fails with RSASSA-PSS: illegal zero content."),
        new("openssl", IsNew, "OpenSSL 3.0 knows in CMS no EdDSA (RFC 8419), no SHAKE (RFC 8702), no ML-DSA, no SLH-DSA and no HSS/LMS."),
        new("openssl", c => c.Scheme.UsesSha3 && (c.Scheme.IsEcdsa || c.Scheme.Pss), "OpenSSL 3.0 signs with no SHA-3 but by RSASSA-PKCS1-v1_5."),
        new("openssl", c => c.Several && (c.Scheme.UsesSha3 || c.Scheme.Digest == DigestAlgorithm.Md5), "`-md` is one for all signers, and ECDSA has none with it."),
        new("dotnet", c => IsNew(c) || c.Scheme.Uses224Bits || c.Scheme.Digest == DigestAlgorithm.Md5, "`SignedCms` signs with no digest of 224 bits, no MD5, no SHAKE, no EdDSA; ML-DSA and SLH-DSA need OpenSSL 3.5, and HSS/LMS it has not."),
        new("dotnet", c => c.Scheme.Pss && c.Scheme.UsesSha3, "`SignedCms` writes RSASSA-PSS with SHA-1 and SHA-2 only."),
        new("bouncycastle", NoShakeAndEd448, "Bouncy Castle 2.7.0 knows no signer with SHAKE, and no Ed448 in CMS."),
        new("bouncycastle", c => c.Scheme.IsHss, NoHss),
        new("bouncycastle", c => c.Scheme.Pss && c.Scheme.UsesSha3, "Bouncy Castle 2.7.0 has no name for RSASSA-PSS with SHA-3."),
        new("bc-java", c => c.Scheme.IsPostQuantum, "Bouncy Castle 1.72 is older than the identifiers of ML-DSA and SLH-DSA, and its usual provider has no HSS/LMS."),
        new("mimekit", c => IsNew(c) || c.Scheme.UsesSha3, "`DigestAlgorithm` has no SHA-3 and no SHAKE, and the context no schemes over the message."),
        new("nss", c => IsNew(c) || c.Scheme.UsesSha3 || c.Scheme.Uses224Bits, "`cmsutil` has an option for MD5, SHA-1, SHA-256, SHA-384 and SHA-512."),
        new("nss", c => c.Scheme.IsBrainpool, "NSS 3.87 knows no Brainpool curves."),
        new("gpgsm", c => IsNew(c) || c.Scheme.UsesSha3 || c.Scheme.Uses224Bits || c.Scheme.IsDsa || c.Scheme.IsBrainpool, "gpgsm 2.2 signs with RSA and on NIST curves, with SHA-2 of 256 bits and more."),
        new("gpgsm", c => c.Scheme.Digest == DigestAlgorithm.Md5 || (c.Scheme.IsEcdsa && c.Scheme.IsWeak), "gpgsm 2.2 signs with no MD5, and by ECDSA with no SHA-1."),
        new("dotnet", c => c.Form == SigningForm.Indefinite, "`SignedCms` encodes in memory, of known length."),
        new("mimekit", c => !c.Attributes, "The context always signs attributes."),
        new("mimekit", c => c.Several, "The context signs with one key."),
        new("mimekit", c => c.Form == SigningForm.Definite, "The context writes indefinite lengths."),
        new("nss", c => c.Scheme.IsEcdsa && !c.Attributes, "NSS 3.87 then writes no ECDSA-Sig-Value (RFC 5753 §2.1.1), and nobody reads it."),
        new("nss", c => c.Scheme.Pss, "`cmsutil` has no option for RSASSA-PSS."),
        new("nss", c => c.KeyIdentifier, "`cmsutil` has no option for key identifiers."),
        new("nss", c => c.Several, "`cmsutil` signs with one key."),
        new("nss", c => c.Form == SigningForm.Definite, "NSS writes indefinite lengths."),
        new("gpgsm", c => !c.Attributes, "gpgsm always signs attributes."),
        new("gpgsm", c => c.Scheme.Pss, "gpgsm 2.2 has no option for RSASSA-PSS."),
        new("gpgsm", c => c.KeyIdentifier, "gpgsm has no option for key identifiers."),
        new("gpgsm", c => c.Form == SigningForm.Definite, "gpgsm writes indefinite lengths."),
    ];

    /// <summary>Gets the peers that write no certs-only message, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> WritesNoCertificates { get; } = new Dictionary<string, string>
    {
        ["gpgsm"] = "gpgsm exports certificates one by one, in no message.",
    };

    /// <summary>Gets what a peer does not decrypt although it is right.</summary>
    public static IReadOnlyList<Divergence<EnvelopeCase>> Decrypting { get; } =
    [
        new("openssl", c => c.IsRareAead, NoRareAead),
        new("dotnet", c => c.Cipher.IsAuthenticated, NoAuthEnvelopedData),
        new("dotnet", c => c.Scheme.IsEcdh, "The base library has no key agreement on Linux."),
        new("dotnet", c => c.IsCamellia, "The base library has no Camellia."),
        new("bouncycastle", c => c.IsRc2, NoRc2),
        new("mimekit", c => c.IsRc2, NoRc2),
        new("gpgsm", c => c.IsRc2, "gpgsm 2.2 knows no RC2."),
        new("dotnet", c => c.Scheme.IsUnusualOaep, "`EnvelopedCms` refuses OAEP with a label or with two digests (RFC 4055 §4.1 allows both)."),
        new("bouncycastle", c => c.Cipher.IsAuthenticated, NoAuthEnvelopedData),
        new("bouncycastle", c => c.Scheme.IsEcdh, NullParameters),
        new("bouncycastle", c => HasLabel(c), NoLabel),
        new("mimekit", c => c.Cipher.IsAuthenticated, "It takes AuthEnvelopedData for EnvelopedData and misses the tag, which is in `mac` (RFC 5083 §2.1): mac check failed."),
        new("mimekit", c => c.Scheme.IsEcdh, NullParameters),
        new("mimekit", c => HasLabel(c), NoLabel),
        new("nss", c => c.Cipher.IsAuthenticated, "NSS 3.87 knows no AuthEnvelopedData (unrecognized OID)."),
        new("nss", c => c.Scheme.IsOaep, "NSS 3.87 knows no RSAES-OAEP in CMS (unsupported key algorithm)."),
        new("nss", c => c.Scheme.IsEcdh, "NSS 3.87 knows no ECDH in CMS (improperly formatted message)."),
        new("gpgsm", c => c.Cipher.IsAuthenticated, "gpgsm 2.2 knows no AuthEnvelopedData (no IV found)."),
        new("gpgsm", c => c.Scheme.IsOaep, "gpgsm 2.2 knows no RSAES-OAEP."),
        new("gpgsm", c => c.Scheme.IsEcdh, "gpgsm 2.2 knows no ECDH."),
        new("bouncycastle", c => c.Scheme.PasswordDigest == DigestAlgorithm.Sha256,
            "Bouncy Castle 2.7.0 derives with HMAC-SHA-1 whatever prf the message names (RFC 8018 A.2)."),
        new("dotnet", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("mimekit", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("nss", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("gpgsm", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("gpgsm", c => c.KeyIdentifier, "gpgsm 2.2 finds no recipient by subjectKeyIdentifier (RFC 5652 §6.2.1 requires it)."),
    ];

    /// <summary>Gets what a peer cannot encrypt.</summary>
    public static IReadOnlyList<Divergence<EnvelopeCase>> Encrypting { get; } =
    [
        new("openssl", c => c.IsRareAead, NoRareAead),
        new("bc-java", c => c.Cipher == ContentEncryptionAlgorithm.ChaCha20Poly1305, "Bouncy Castle 1.72 writes it into EnvelopedData, the tag behind the ciphertext (against RFC 8103 §2)."),
        new("openssl", c => c.Scheme.PasswordDigest == DigestAlgorithm.Sha256, "`openssl cms` derives with HMAC-SHA-1."),
        new("openssl", c => c.Scheme.PasswordDigest is not null && c.Cipher.IsAuthenticated,
            "`openssl cms` 3.0 wraps the key with the content's cipher, and fails with AES-GCM."),
        new("bouncycastle", c => c.Scheme.PasswordDigest == DigestAlgorithm.Sha256, "Bouncy Castle 2.7.0 derives with HMAC-SHA-1."),
        new("bc-java", c => c.Scheme.PasswordDigest == DigestAlgorithm.Sha1, "The peer of these tests derives with HMAC-SHA-256."),
        new("dotnet", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("mimekit", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("nss", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("gpgsm", c => c.Scheme.IsSymmetric, CertificatesOnly),
        new("dotnet", c => c.Cipher.IsAuthenticated, NoAuthEnvelopedData),
        new("dotnet", c => c.Scheme.IsEcdh, "The base library has no key agreement on Linux."),
        new("dotnet", c => c.IsCamellia, "The base library has no Camellia."),
        new("mimekit", c => c.IsRc2, "The context has RC2 switched off, and takes Triple-DES instead."),
        new("bouncycastle", c => c.IsRc2 && c.Cipher.KeySize < 16, "The generator has RC2 with 128 effective bits only."),
        new("bc-java", c => c.IsRc2 && c.Cipher.KeySize < 16, "The generator has RC2 with 128 effective bits only."),
        new("gpgsm", c => c.IsRc2, "gpgsm 2.2 does not encrypt with RC2."),
        new("dotnet", c => c.Scheme.IsUnusualOaep, "`RSAEncryptionPadding` has no label and one digest."),
        new("bouncycastle", c => c.Cipher.IsAuthenticated, NoAuthEnvelopedData),
        new("bouncycastle", c => HasLabel(c), NoLabel),
        new("mimekit", c => c.Cipher.IsAuthenticated, "`EncryptionAlgorithm` has no AES-GCM."),
        new("mimekit", c => c.Scheme.IsUnusualOaep, "`RsaEncryptionPadding` has no label and one digest."),
        new("mimekit", c => c.Scheme.IsEcdh && c.Scheme.Derivation != DigestAlgorithm.Sha1, "The context derives with SHA-1."),
        new("nss", c => c.Scheme.IsOaep || c.Scheme.IsEcdh, "NSS 3.87 knows RSAES-PKCS1-v1_5 only."),
        new("nss", c => c.Cipher != ContentEncryptionAlgorithm.Aes128Cbc, "`cmsutil` has no option for the cipher; it takes AES-128-CBC for strangers."),
        new("nss", c => c.KeyIdentifier, "`cmsutil` has no option for key identifiers."),
        new("gpgsm", c => c.Cipher.IsAuthenticated, "gpgsm 2.2 knows no AuthEnvelopedData."),
        new("gpgsm", c => c.Scheme.IsOaep || c.Scheme.IsEcdh, "gpgsm 2.2 encrypts with RSAES-PKCS1-v1_5 only."),
        new("gpgsm", c => c.KeyIdentifier, "gpgsm has no option for key identifiers."),
    ];

    private static bool IsNew(SigningCase signing) => signing.Scheme.SignsMessage || signing.Scheme.UsesShake;

    private static bool NoShakeAndEd448(SigningCase signing) => signing.Scheme.UsesShake || signing.Scheme.Name == "ed448";

    private static bool HasLabel(EnvelopeCase envelope) => envelope.Scheme.OaepParameters is { Label.IsEmpty: false };

    public static Divergence<TCase>? Find<TCase>(this IReadOnlyList<Divergence<TCase>> table, string peer, TCase subject) =>
        table.FirstOrDefault(d => d.Peer == peer && d.Concerns(subject));
}
