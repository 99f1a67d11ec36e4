using System.Collections.Immutable;

namespace SmimeKit.Cms.Policy;

/// <summary>What a caller accepts and produces. Immutable data and pure functions: time is an argument, unknown means no.</summary>
public sealed record CmsPolicy
{
    private const string Sha1 = "1.3.14.3.2.26";
    private const string Md5 = "1.2.840.113549.2.5";

    private const string Sha224 = "2.16.840.1.101.3.4.2.4";
    private const string Sha3With224Bits = "2.16.840.1.101.3.4.2.7";
    private const string Dsa = "dsa";

    // NIST SP 800-131A: 112 bits of security, and with them digests of 224 bits, end with the year 2030.
    private static readonly DateTimeOffset _endOf112Bits = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableDictionary<string, DateTimeOffset> _modernDigests = Listed(
        "2.16.840.1.101.3.4.2.1",   // id-sha256, RFC 8551 §2.1
        "2.16.840.1.101.3.4.2.2",   // id-sha384
        "2.16.840.1.101.3.4.2.3",   // id-sha512
        "2.16.840.1.101.3.4.2.8",   // id-sha3-256, RFC 9688 §2
        "2.16.840.1.101.3.4.2.9",   // id-sha3-384
        "2.16.840.1.101.3.4.2.10",  // id-sha3-512
        "2.16.840.1.101.3.4.2.11",  // id-shake128, RFC 8702 §3.1
        "2.16.840.1.101.3.4.2.12",  // id-shake256
        "2.16.840.1.101.3.4.2.18")  // id-shake256-len, RFC 8419 §2.3
        .Add(Sha224, _endOf112Bits).Add(Sha3With224Bits, _endOf112Bits);

    private static readonly ImmutableDictionary<string, DateTimeOffset> _modernSignatures = Listed(
        "rsa", "rsa-pss", "ecdsa",                    // RFC 8551 §2.2, RFC 5753
        "ed25519", "ed448",                           // RFC 8419
        "ml-dsa-44", "ml-dsa-65", "ml-dsa-87",        // RFC 9882
        "slh-dsa-sha2-128s", "slh-dsa-sha2-128f", "slh-dsa-sha2-192s", "slh-dsa-sha2-192f", "slh-dsa-sha2-256s", "slh-dsa-sha2-256f",
        "slh-dsa-shake-128s", "slh-dsa-shake-128f", "slh-dsa-shake-192s", "slh-dsa-shake-192f", "slh-dsa-shake-256s", "slh-dsa-shake-256f", // RFC 9814
        "hss-lms");                                   // RFC 9708

    private static readonly ImmutableDictionary<string, DateTimeOffset> _aead = Listed(
        "2.16.840.1.101.3.4.1.6",   // id-aes128-GCM, RFC 5084, RFC 8551 §2.7
        "2.16.840.1.101.3.4.1.26",  // id-aes192-GCM
        "2.16.840.1.101.3.4.1.46",  // id-aes256-GCM
        "2.16.840.1.101.3.4.1.7",   // id-aes128-CCM
        "2.16.840.1.101.3.4.1.27",  // id-aes192-CCM
        "2.16.840.1.101.3.4.1.47",  // id-aes256-CCM
        "1.2.840.113549.1.9.16.3.18"); // id-alg-AEADChaCha20Poly1305, RFC 8103, RFC 8551 §2.7

    private static readonly ImmutableDictionary<string, DateTimeOffset> _aesCbc = Listed(
        "2.16.840.1.101.3.4.1.2",   // id-aes128-CBC, RFC 3565
        "2.16.840.1.101.3.4.1.22",  // id-aes192-CBC
        "2.16.840.1.101.3.4.1.42"); // id-aes256-CBC

    private static readonly ImmutableDictionary<string, DateTimeOffset> _camelliaCbc = Listed(
        "1.2.392.200011.61.1.1.1.2",  // camellia128-cbc, RFC 3657; not weak, yet nothing announces or needs it today
        "1.2.392.200011.61.1.1.1.3",
        "1.2.392.200011.61.1.1.1.4");

    private static readonly ImmutableDictionary<string, DateTimeOffset> _modernKeyAgreements = Listed(
        "1.3.133.16.840.63.0.2", "1.3.132.1.11.0", "1.3.132.1.11.1", "1.3.132.1.11.2", "1.3.132.1.11.3", // dhSinglePass-stdDH, RFC 5753
        "1.3.133.16.840.63.0.3", "1.3.132.1.14.0", "1.3.132.1.14.1", "1.3.132.1.14.2", "1.3.132.1.14.3", // dhSinglePass-cofactorDH
        "1.2.840.113549.1.9.16.3.19", "1.2.840.113549.1.9.16.3.20", "1.2.840.113549.1.9.16.3.21");       // with HKDF, RFC 8418

    private static readonly ImmutableDictionary<string, DateTimeOffset> _modernKeyWraps = Listed(
        "2.16.840.1.101.3.4.1.5", "2.16.840.1.101.3.4.1.25", "2.16.840.1.101.3.4.1.45",          // id-aes128-wrap …, RFC 3565
        "2.16.840.1.101.3.4.1.8", "2.16.840.1.101.3.4.1.28", "2.16.840.1.101.3.4.1.48",          // id-aes128-wrap-pad …, RFC 5649
        "1.2.392.200011.61.1.1.3.2", "1.2.392.200011.61.1.1.3.3", "1.2.392.200011.61.1.1.3.4");  // id-camellia128-wrap …, RFC 3657

    private static readonly ImmutableDictionary<string, DateTimeOffset> _macs = Listed(
        "1.2.840.113549.2.8",       // id-hmacWithSHA224, RFC 4231
        "1.2.840.113549.2.9",       // id-hmacWithSHA256
        "1.2.840.113549.2.10",      // id-hmacWithSHA384
        "1.2.840.113549.2.11",      // id-hmacWithSHA512
        "2.16.840.1.101.3.4.2.13",  // id-hmacWithSHA3-224, RFC 9688
        "2.16.840.1.101.3.4.2.14",  // id-hmacWithSHA3-256
        "2.16.840.1.101.3.4.2.15",  // id-hmacWithSHA3-384
        "2.16.840.1.101.3.4.2.16",  // id-hmacWithSHA3-512
        "2.16.840.1.101.3.4.1.9",   // id-aes128-GMAC, RFC 9044
        "2.16.840.1.101.3.4.1.29",  // id-aes192-GMAC
        "2.16.840.1.101.3.4.1.49"); // id-aes256-GMAC

    /// <summary>Gets the policy used when the caller names none: modern algorithms, tolerated encodings, weak algorithms refused.</summary>
    public static CmsPolicy Default { get; } = new();

    /// <summary>Gets S/MIME 4.0 to the letter: every encoding exactly per RFC, OAEP and AEAD when sending.</summary>
    public static CmsPolicy Strict { get; } = Default with
    {
        Name = "strict",
        ToleratesDeviations = false,
        RequiresSignedAttributes = true,
        SendsModernToStrangers = true,
        AllowsRsaPkcs1Decryption = false,
        WeakMacs = [],
    };

    /// <summary>Gets the policy for archives: additionally reads obsolete algorithms, each flagged as a weakness.</summary>
    public static CmsPolicy Legacy { get; } = Default with
    {
        Name = "legacy",
        WeakDigests = [Sha1, Md5],
        WeakSignatures = [Dsa], // RFC 3370 §3.1; withdrawn by FIPS 186-5
        MinimumDsaBits = 512,
        ContentEncryption = _aead.AddRange(_aesCbc).AddRange(_camelliaCbc),
        WeakContentEncryption =
        [
            "1.2.840.113549.3.7", // des-ede3-cbc, RFC 3370 §5.1
            "1.2.840.113549.3.2", // rc2-cbc, RFC 3370 §5.2
            "1.3.14.3.2.7",       // desCBC, S/MIME v2
        ],
        MinimumRc2Bits = 32,
        WeakKeyAgreements = ["1.2.840.113549.1.9.16.3.5", "1.2.840.113549.1.9.16.3.10"], // id-alg-ESDH, id-alg-SSDH, RFC 3370 §4.1
        MinimumDiffieHellmanBits = 512,
        WeakKeyWraps = ["1.2.840.113549.1.9.16.3.6", "1.2.840.113549.1.9.16.3.7"], // id-alg-CMS3DESwrap, id-alg-CMSRC2wrap, RFC 3370 §4.3
        MinimumRsaBits = 512,
        MinimumStrongRsaBits = 2048,
    };

    /// <summary>Gets the name shown in reports: <c>strict</c>, <c>default</c>, <c>legacy</c> or the caller's own.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Gets the accepted digests by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Digests { get; init; } = _modernDigests;

    /// <summary>Gets digests that are accepted but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakDigests { get; init; } = [];

    /// <summary>
    /// Gets the accepted signature schemes by name (<c>rsa</c>, <c>rsa-pss</c>, <c>ecdsa</c>, <c>dsa</c>, <c>ed25519</c>,
    /// <c>ml-dsa-65</c>, <c>slh-dsa-sha2-128s</c>, <c>hss-lms</c>, …), each with the instant at which its acceptance ends. Digests are judged apart.
    /// </summary>
    public ImmutableDictionary<string, DateTimeOffset> Signatures { get; init; } = _modernSignatures;

    /// <summary>Gets signature schemes, by name, that are accepted but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakSignatures { get; init; } = [];

    /// <summary>Gets the accepted content-encryption algorithms by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> ContentEncryption { get; init; } = _aead.AddRange(_aesCbc);

    /// <summary>Gets content-encryption algorithms that are read but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakContentEncryption { get; init; } = [];

    /// <summary>Gets the smallest tag in bytes that counts as authentication: a short one can be guessed. AES-CCM has them from 4 (RFC 5084 §3.1).</summary>
    public int MinimumTagSize { get; init; } = 12;

    /// <summary>Gets the smallest number of effective bits of RC2, where RC2 is accepted at all.</summary>
    public int MinimumRc2Bits { get; init; } = 40;

    /// <summary>Gets the accepted key agreements by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> KeyAgreements { get; init; } = _modernKeyAgreements;

    /// <summary>Gets key agreements that are read but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakKeyAgreements { get; init; } = [];

    /// <summary>Gets the smallest prime of X9.42 Diffie-Hellman in bits, where that is accepted at all (RFC 2631 §2.2 asks for 512).</summary>
    public int MinimumDiffieHellmanBits { get; init; } = 2048;

    /// <summary>Gets the largest prime of X9.42 Diffie-Hellman in bits; larger ones only burn time.</summary>
    public int MaximumDiffieHellmanBits { get; init; } = 4096;

    /// <summary>Gets the accepted key wraps by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> KeyWraps { get; init; } = _modernKeyWraps;

    /// <summary>Gets key wraps that are read but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakKeyWraps { get; init; } = [];

    /// <summary>Gets the accepted MAC algorithms of AuthenticatedData by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Macs { get; init; } = _macs;

    /// <summary>Gets MAC algorithms that are accepted but flagged as a weakness: HMAC with SHA-1, which is old but not broken.</summary>
    public ImmutableHashSet<string> WeakMacs { get; init; } = ["1.3.6.1.5.5.8.1.2"];

    /// <summary>Gets the smallest RSA modulus in bits; RFC 8551 §4.</summary>
    public int MinimumRsaBits { get; init; } = 2048;

    /// <summary>Gets the smallest RSA modulus in bits that is not flagged as a weakness.</summary>
    public int MinimumStrongRsaBits { get; init; } = 2048;

    /// <summary>Gets the largest RSA modulus in bits; larger ones only burn time.</summary>
    public int MaximumRsaBits { get; init; } = 8192;

    /// <summary>Gets the smallest prime of a DSA key in bits, where DSA is accepted at all (FIPS 186-4 §4.2).</summary>
    public int MinimumDsaBits { get; init; } = 2048;

    /// <summary>Gets whether encodings that are wrong but common are read and reported, instead of refused.</summary>
    public bool ToleratesDeviations { get; init; } = true;

    /// <summary>Gets whether a signature without signed attributes is refused. They are legal without (RFC 8551 §2.5).</summary>
    public bool RequiresSignedAttributes { get; init; }

    /// <summary>Gets whether RSA PKCS #1 v1.5 key transport is decrypted. The random-key countermeasure is always active (RFC 3218).</summary>
    public bool AllowsRsaPkcs1Decryption { get; init; } = true;

    /// <summary>Gets whether content without integrity protection (CBC) may be decrypted at all.</summary>
    public bool AllowsUnauthenticatedContent { get; init; } = true;

    /// <summary>Gets whether recipients of unknown capability get AES-GCM and OAEP instead of AES-CBC and RSA PKCS #1 v1.5.</summary>
    public bool SendsModernToStrangers { get; init; }

    /// <summary>Names the rule that refuses a digest at one instant, or null. An unlisted OID is refused.</summary>
    /// <param name="oid">The digest.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the digest is accepted, maybe as a weakness.</returns>
    public string? FindDigestObjection(string oid, DateTimeOffset at) =>
        WeakDigests.Contains(oid) ? null : FindObjection(Digests, oid, at, "digest");

    /// <summary>Names the rule that refuses a signature scheme at one instant, or null. An unlisted name is refused.</summary>
    /// <param name="name">The name of the scheme.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the scheme is accepted, maybe as a weakness.</returns>
    public string? FindSignatureObjection(string name, DateTimeOffset at) =>
        WeakSignatures.Contains(name) ? null : FindObjection(Signatures, name, at, "signature");

    /// <summary>Names the rule that refuses a content-encryption algorithm at one instant, or null. An unlisted OID is refused.</summary>
    /// <param name="oid">The algorithm.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the algorithm is accepted, maybe as a weakness.</returns>
    public string? FindContentEncryptionObjection(string oid, DateTimeOffset at) =>
        WeakContentEncryption.Contains(oid) ? null : FindObjection(ContentEncryption, oid, at, "cipher");

    /// <summary>Names the rule that refuses a key agreement at one instant, or null. An unlisted OID is refused.</summary>
    /// <param name="oid">The scheme.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the scheme is accepted, maybe as a weakness.</returns>
    public string? FindKeyAgreementObjection(string oid, DateTimeOffset at) =>
        WeakKeyAgreements.Contains(oid) ? null : FindObjection(KeyAgreements, oid, at, "key-agreement");

    /// <summary>Names the rule that refuses the size of a key of X9.42 Diffie-Hellman, or null.</summary>
    /// <param name="bits">The size of the prime in bits.</param>
    /// <returns>The rule, or null when the size is accepted.</returns>
    public string? FindDiffieHellmanObjection(int bits) =>
        bits < MinimumDiffieHellmanBits ? "dh-key-too-small" : bits > MaximumDiffieHellmanBits ? "dh-key-too-large" : null;

    /// <summary>Names the rule that refuses a key wrap at one instant, or null. An unlisted OID is refused.</summary>
    /// <param name="oid">The algorithm.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the algorithm is accepted, maybe as a weakness.</returns>
    public string? FindKeyWrapObjection(string oid, DateTimeOffset at) =>
        WeakKeyWraps.Contains(oid) ? null : FindObjection(KeyWraps, oid, at, "key-wrap");

    /// <summary>Names the rule that refuses a MAC algorithm at one instant, or null. An unlisted OID is refused.</summary>
    /// <param name="oid">The algorithm.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the algorithm is accepted, maybe as a weakness.</returns>
    public string? FindMacObjection(string oid, DateTimeOffset at) =>
        WeakMacs.Contains(oid) ? null : FindObjection(Macs, oid, at, "mac");

    /// <summary>Names the rule that refuses the size of an RSA key, or null.</summary>
    /// <param name="bits">The size of the modulus in bits.</param>
    /// <returns>The rule, or null when the size is accepted, maybe as a weakness.</returns>
    public string? FindRsaObjection(int bits) =>
        bits < MinimumRsaBits ? "rsa-key-too-small" : bits > MaximumRsaBits ? "rsa-key-too-large" : null;

    /// <summary>Names the rule that refuses the size of a DSA key, or null.</summary>
    /// <param name="bits">The size of the prime in bits.</param>
    /// <returns>The rule, or null when the size is accepted.</returns>
    public string? FindDsaObjection(int bits) => bits < MinimumDsaBits ? "dsa-key-too-small" : null;

    private static string? FindObjection(
        ImmutableDictionary<string, DateTimeOffset> listed, string oid, DateTimeOffset at, string what) =>
        !listed.TryGetValue(oid, out DateTimeOffset cutoff) ? what + "-not-listed" : at < cutoff ? null : what + "-past-cutoff";

    private static ImmutableDictionary<string, DateTimeOffset> Listed(params ReadOnlySpan<string> oids)
    {
        var table = ImmutableDictionary.CreateBuilder<string, DateTimeOffset>();
        foreach (string oid in oids)
        {
            table.Add(oid, DateTimeOffset.MaxValue);
        }

        return table.ToImmutable();
    }
}
