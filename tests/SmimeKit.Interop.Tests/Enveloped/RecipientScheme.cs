using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>One way for a content-encryption key to reach its recipient.</summary>
public sealed record RecipientScheme(string Name, Func<TestIdentity> Recipient)
{
    /// <summary>The registry: one line buys every test of <see cref="EnvelopeCases"/> with every peer.</summary>
    public static IReadOnlyList<RecipientScheme> All { get; } =
    [
        new("rsa-pkcs1", () => Recipients.Rsa),
        Oaep("oaep-sha1", DigestAlgorithm.Sha1),
        Oaep("oaep-sha256", DigestAlgorithm.Sha256),
        Oaep("oaep-sha384", DigestAlgorithm.Sha384),
        Oaep("oaep-sha512", DigestAlgorithm.Sha512),
        Oaep("oaep-sha256-mgf1-sha1", DigestAlgorithm.Sha256, DigestAlgorithm.Sha1),
        Oaep("oaep-sha256-label", DigestAlgorithm.Sha256, label: "0102030405"),
        Ecdh("ecdh-p256-sha1", () => Recipients.P256, DigestAlgorithm.Sha1),
        Ecdh("ecdh-p256-sha256", () => Recipients.P256, DigestAlgorithm.Sha256),
        Ecdh("ecdh-p256-sha512", () => Recipients.P256, DigestAlgorithm.Sha512),
        Ecdh("ecdh-p384-sha256", () => Recipients.P384, DigestAlgorithm.Sha256),
        Ecdh("ecdh-p384-sha384", () => Recipients.P384, DigestAlgorithm.Sha384),
        Ecdh("ecdh-p521-sha1", () => Recipients.P521, DigestAlgorithm.Sha1),
        Ecdh("ecdh-p521-sha512", () => Recipients.P521, DigestAlgorithm.Sha512),
        new("kekri", () => Recipients.Rsa) { Transport = null, IsKeyEncryptionKey = true },
        Pwri("pwri-sha1", DigestAlgorithm.Sha1),
        Pwri("pwri-sha256", DigestAlgorithm.Sha256),
    ];

    /// <summary>Gets the octets that name the key-encryption key of a <c>kekri</c> scheme. Its key is as long as that of the cipher.</summary>
    public static byte[] KeyIdentifier { get; } = [0xC0, 0xFE, 0xE0];

    /// <summary>Gets whether the recipient has a key-encryption key.</summary>
    public bool IsKeyEncryptionKey { get; private init; }

    /// <summary>Gets the digest of PBKDF2 when the recipient knows the <see cref="Password"/>; null for the others.</summary>
    public DigestAlgorithm? PasswordDigest { get; private init; }

    /// <summary>Gets what the recipients know by whom something is encrypted with a password.</summary>
    public static string Password => "correct horse battery staple";

    /// <summary>Gets whether the recipient has a secret of both sides, and no certificate.</summary>
    public bool IsSymmetric => IsKeyEncryptionKey || PasswordDigest is not null;

    /// <summary>Gets the padding for RSA; null for the key agreements.</summary>
    public KeyTransportScheme? Transport { get; private init; } = new KeyTransportScheme.Pkcs1();

    /// <summary>Gets the digest of the key derivation; null for RSA.</summary>
    public DigestAlgorithm? Derivation { get; private init; }

    public KeyTransportScheme.Oaep? OaepParameters => Transport as KeyTransportScheme.Oaep;

    public bool IsEcdh => Derivation is not null;

    public bool IsOaep => OaepParameters is not null;

    /// <summary>Gets whether OAEP has a label, or different digests in its two places.</summary>
    public bool IsUnusualOaep => OaepParameters is { } oaep && (!oaep.Label.IsEmpty || oaep.Digest != oaep.MgfDigest);

    public override string ToString() => Name;

    private static RecipientScheme Pwri(string name, DigestAlgorithm digest) => new(name, () => Recipients.Rsa) { Transport = null, PasswordDigest = digest };

    private static RecipientScheme Oaep(string name, DigestAlgorithm digest, DigestAlgorithm? mgf = null, string label = "") =>
        new(name, () => Recipients.Rsa) { Transport = new KeyTransportScheme.Oaep(digest, mgf ?? digest, Convert.FromHexString(label)) };

    private static RecipientScheme Ecdh(string name, Func<TestIdentity> recipient, DigestAlgorithm derivation) =>
        new(name, recipient) { Transport = null, Derivation = derivation };
}
