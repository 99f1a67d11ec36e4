using System.Collections.Immutable;

namespace SmimeKit.Cms.Policy;

/// <summary>What a caller accepts and produces. Immutable data and pure functions: time is an argument, unknown means no.</summary>
public sealed record CmsPolicy
{
    private const string Sha1 = "1.3.14.3.2.26";
    private const string Md5 = "1.2.840.113549.2.5";

    private static readonly ImmutableDictionary<string, DateTimeOffset> _modernDigests = Listed(
        "2.16.840.1.101.3.4.2.1",  // id-sha256, RFC 8551 §2.1
        "2.16.840.1.101.3.4.2.2",  // id-sha384
        "2.16.840.1.101.3.4.2.3"); // id-sha512

    private static readonly ImmutableDictionary<string, DateTimeOffset> _aead = Listed(
        "2.16.840.1.101.3.4.1.6",   // id-aes128-GCM, RFC 5084, RFC 8551 §2.7
        "2.16.840.1.101.3.4.1.26",  // id-aes192-GCM
        "2.16.840.1.101.3.4.1.46"); // id-aes256-GCM

    private static readonly ImmutableDictionary<string, DateTimeOffset> _aesCbc = Listed(
        "2.16.840.1.101.3.4.1.2",   // id-aes128-CBC, RFC 3565
        "2.16.840.1.101.3.4.1.22",  // id-aes192-CBC
        "2.16.840.1.101.3.4.1.42"); // id-aes256-CBC

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
    };

    /// <summary>Gets the policy for archives: additionally reads obsolete algorithms, each flagged as a weakness.</summary>
    public static CmsPolicy Legacy { get; } = Default with
    {
        Name = "legacy",
        WeakDigests = [Sha1, Md5],
        WeakContentEncryption = ["1.2.840.113549.3.7"], // des-ede3-cbc, RFC 3370 §5.1
        MinimumRsaBits = 512,
        MinimumStrongRsaBits = 2048,
    };

    /// <summary>Gets the name shown in reports: <c>strict</c>, <c>default</c>, <c>legacy</c> or the caller's own.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Gets the accepted digests by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Digests { get; init; } = _modernDigests;

    /// <summary>Gets digests that are accepted but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakDigests { get; init; } = [];

    /// <summary>Gets the accepted content-encryption algorithms by OID, each with the instant at which its acceptance ends.</summary>
    public ImmutableDictionary<string, DateTimeOffset> ContentEncryption { get; init; } = _aead.AddRange(_aesCbc);

    /// <summary>Gets content-encryption algorithms that are read but flagged as a weakness.</summary>
    public ImmutableHashSet<string> WeakContentEncryption { get; init; } = [];

    /// <summary>Gets the smallest RSA modulus in bits; RFC 8551 §4.</summary>
    public int MinimumRsaBits { get; init; } = 2048;

    /// <summary>Gets the smallest RSA modulus in bits that is not flagged as a weakness.</summary>
    public int MinimumStrongRsaBits { get; init; } = 2048;

    /// <summary>Gets the largest RSA modulus in bits; larger ones only burn time.</summary>
    public int MaximumRsaBits { get; init; } = 8192;

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

    /// <summary>Names the rule that refuses a content-encryption algorithm at one instant, or null. An unlisted OID is refused.</summary>
    /// <param name="oid">The algorithm.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <returns>The rule, or null when the algorithm is accepted, maybe as a weakness.</returns>
    public string? FindContentEncryptionObjection(string oid, DateTimeOffset at) =>
        WeakContentEncryption.Contains(oid) ? null : FindObjection(ContentEncryption, oid, at, "cipher");

    /// <summary>Names the rule that refuses the size of an RSA key, or null.</summary>
    /// <param name="bits">The size of the modulus in bits.</param>
    /// <returns>The rule, or null when the size is accepted, maybe as a weakness.</returns>
    public string? FindRsaObjection(int bits) =>
        bits < MinimumRsaBits ? "rsa-key-too-small" : bits > MaximumRsaBits ? "rsa-key-too-large" : null;

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
