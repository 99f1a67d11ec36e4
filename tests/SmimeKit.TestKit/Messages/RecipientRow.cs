using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit.Keys;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>One way for a content-encryption key to reach its recipient.</summary>
/// <param name="Name">The name in test names and on published pages.</param>
/// <param name="Recipient">Whom to write for.</param>
/// <param name="Keys">What the recipient has.</param>
public sealed record RecipientRow(string Name, Func<EnvelopeRecipient> Recipient, Func<RecipientKeys> Keys)
{
    private static readonly Dictionary<string, Lazy<TestIdentity>> _identities =
        KeyPair.Kinds.ToDictionary(k => k, k => new Lazy<TestIdentity>(() => TestIdentity.Issue("to-" + k, KeyPair.Make(k), UsageOf(k))));

    private static readonly Dictionary<string, Lazy<TestIdentity>> _senders = new[] { "p256", "p384", "dh" }
        .ToDictionary(k => k, k => new Lazy<TestIdentity>(() => TestIdentity.Issue("from-" + k, KeyPair.Make(k), UsageOf(k))));

    /// <summary>
    /// The registry: one line buys the battery of <see cref="EnvelopeCases"/>, and with <see cref="HasPeers"/> the matrix with every other program.
    /// </summary>
    public static IReadOnlyList<RecipientRow> All { get; } =
    [
        Transported("rsa-pkcs1", new KeyTransportScheme.Pkcs1(), cost: 5),
        Oaep("oaep-sha1", DigestAlgorithm.Sha1),
        Oaep("oaep-sha224", DigestAlgorithm.Sha224) with { HasPeers = false },
        Oaep("oaep-sha256", DigestAlgorithm.Sha256),
        Oaep("oaep-sha384", DigestAlgorithm.Sha384),
        Oaep("oaep-sha512", DigestAlgorithm.Sha512),
        Oaep("oaep-sha3-256", DigestAlgorithm.Sha3_256) with { HasPeers = false },
        Oaep("oaep-sha256-mgf1-sha1", DigestAlgorithm.Sha256, DigestAlgorithm.Sha1),
        Oaep("oaep-sha256-label", DigestAlgorithm.Sha256, label: "0102030405"),
        Agreed("ecdh-p256-sha1", "p256", DigestAlgorithm.Sha1),
        Agreed("ecdh-p256-sha256", "p256", DigestAlgorithm.Sha256),
        Agreed("ecdh-p256-sha512", "p256", DigestAlgorithm.Sha512),
        Agreed("ecdh-p384-sha256", "p384", DigestAlgorithm.Sha256),
        Agreed("ecdh-p384-sha384", "p384", DigestAlgorithm.Sha384),
        Agreed("ecdh-p521-sha1", "p521", DigestAlgorithm.Sha1),
        Agreed("ecdh-p521-sha512", "p521", DigestAlgorithm.Sha512),
        Scheme("ecdh-p256-sha224", "p256", KeyAgreementScheme.EcdhSha224),
        Scheme("ecdh-cofactor-p256-sha1", "p256", KeyAgreementScheme.CofactorEcdhSha1),
        Scheme("ecdh-cofactor-p256-sha224", "p256", KeyAgreementScheme.CofactorEcdhSha224),
        Scheme("ecdh-cofactor-p256-sha256", "p256", KeyAgreementScheme.CofactorEcdhSha256),
        Scheme("ecdh-cofactor-p384-sha384", "p384", KeyAgreementScheme.CofactorEcdhSha384),
        Scheme("ecdh-cofactor-p521-sha512", "p521", KeyAgreementScheme.CofactorEcdhSha512),
        Scheme("ecdh-brainpool-p256-sha256", "brainpool-p256", KeyAgreementScheme.EcdhSha256) with { Cost = 20 },
        Scheme("ecdh-brainpool-p384-sha384", "brainpool-p384", KeyAgreementScheme.EcdhSha384) with { Cost = 20 },
        Scheme("ecdh-brainpool-p512-sha512", "brainpool-p512", KeyAgreementScheme.EcdhSha512) with { Cost = 20 },
        Scheme("x25519-hkdf-sha256", "x25519", KeyAgreementScheme.HkdfSha256),
        Scheme("x25519-hkdf-sha384", "x25519", KeyAgreementScheme.HkdfSha384),
        Scheme("x448-hkdf-sha512", "x448", KeyAgreementScheme.HkdfSha512) with { Cost = 10 },
        Scheme("ecdh-p256-static", "p256", KeyAgreementScheme.EcdhSha256, isStatic: true),
        Scheme("ecdh-p384-static-keyid", "p384", KeyAgreementScheme.EcdhSha384, isStatic: true, byKeyIdentifier: true),
        Scheme("dh-ephemeral", "dh", KeyAgreementScheme.DiffieHellmanEphemeral) with { Cost = 40, IsWeak = true },
        Scheme("dh-static", "dh", KeyAgreementScheme.DiffieHellmanStatic, isStatic: true) with { Cost = 40, IsWeak = true },
        new("kekri", () => new KeyEncryptionKeyRecipient(Secret()), () => new RecipientKeys { KeyEncryptionKeys = [Secret()] })
        {
            IsKeyEncryptionKey = true,
            HasPeers = true,
        },
        Wrapped("kekri-aes-pad", KeyWrapAlgorithm.Aes256Padded),
        Wrapped("kekri-camellia", KeyWrapAlgorithm.Camellia256),
        Wrapped("kekri-3des", KeyWrapAlgorithm.TripleDes) with { IsWeak = true, Ciphers = [ContentEncryptionAlgorithm.TripleDesCbc] }, // R3370-4.3-d
        Wrapped("kekri-rc2", KeyWrapAlgorithm.Rc2) with { IsWeak = true, Ciphers = [ContentEncryptionAlgorithm.Aes128Cbc, ContentEncryptionAlgorithm.Aes128Gcm] },
        Pwri("pwri-sha1", DigestAlgorithm.Sha1),
        Pwri("pwri-sha256", DigestAlgorithm.Sha256),
        Pwri("pwri-sha224", DigestAlgorithm.Sha224) with { HasPeers = false },
        Pwri("pwri-aes-wrap", DigestAlgorithm.Sha256, KeyWrapAlgorithm.Aes256) with { HasPeers = false },
        new("pwri-token", () => new PasswordRecipient(Token()), () => new RecipientKeys { Passwords = [Token()] }),
        Certified("rsa-kem", "rsa", c => new(c) { EncapsulatesKey = true }, cost: 40),
        Certified("ml-kem-512", "ml-kem-512", c => new(c), cost: 20),
        Certified("ml-kem-768-ukm", "ml-kem-768", c => new(c) { UserKeyingMaterial = new byte[] { 1, 2, 3, 4, 5 } }, cost: 20),
        Certified("ml-kem-1024-sha512", "ml-kem-1024", c => new(c) { KeyDerivationDigest = DigestAlgorithm.Sha512 }, cost: 20),
        Certified("ml-kem-768-kmac256", "ml-kem-768", c => new(c) { KeyDerivationDigest = DigestAlgorithm.Shake256 }, cost: 20),
    ];

    /// <summary>Gets the cheapest one, with which ciphers are tried.</summary>
    public static RecipientRow Cheapest { get; } = All.Single(r => r.Name == "kekri");

    /// <summary>Gets the ciphers of its battery, of which the first is tried with definite lengths where the second is not.</summary>
    public IReadOnlyList<ContentEncryptionAlgorithm> Ciphers { get; init; } = [ContentEncryptionAlgorithm.Aes128Cbc, ContentEncryptionAlgorithm.Aes256Gcm];

    /// <summary>Gets about how many times as long as with a symmetric key a message takes to read.</summary>
    public int Cost { get; init; } = 1;

    /// <summary>Gets whether it is obsolete: read and written under the legacy policy only.</summary>
    public bool IsWeak { get; init; }

    /// <summary>Gets the key that all of them have in common but those with a symmetric one.</summary>
    public Func<TestIdentity>? Identity { get; init; }

    /// <summary>Gets whether other programs know it: then the matrices of the exchange have it.</summary>
    public bool HasPeers { get; init; }

    /// <summary>Gets the padding for RSA; null for all that is no key transport.</summary>
    public KeyTransportScheme? Transport { get; private init; }

    /// <summary>Gets the digest of the key derivation of an ECDH that programs know; null for the others.</summary>
    public DigestAlgorithm? Derivation { get; private init; }

    /// <summary>Gets the digest of PBKDF2 when the recipient knows the <see cref="Password"/>; null for the others.</summary>
    public DigestAlgorithm? PasswordDigest { get; private init; }

    /// <summary>Gets whether the recipient has a key-encryption key.</summary>
    public bool IsKeyEncryptionKey { get; private init; }

    /// <summary>Gets whether the recipient has a secret of both sides, and no certificate.</summary>
    public bool IsSymmetric => IsKeyEncryptionKey || PasswordDigest is not null;

    public KeyTransportScheme.Oaep? OaepParameters => Transport as KeyTransportScheme.Oaep;

    public bool IsEcdh => Derivation is not null;

    public bool IsOaep => OaepParameters is not null;

    /// <summary>Gets whether OAEP has a label, or different digests in its two places.</summary>
    public bool IsUnusualOaep => OaepParameters is { } oaep && (!oaep.Label.IsEmpty || oaep.Digest != oaep.MgfDigest);

    /// <summary>Gets what the recipients know by whom something is encrypted with a password.</summary>
    public static string Password => "correct horse battery staple";

    /// <summary>Gets the octets that name the symmetric key.</summary>
    public static byte[] KeyIdentifier { get; } = [0xC0, 0xFE, 0xE0];

    public override string ToString() => Name;

    /// <summary>Gets the recipient with a key of a kind, who is the same for all rows.</summary>
    public static TestIdentity IdentityOf(string kind) => _identities[kind].Value;

    /// <summary>Gets the sender of static agreements with a key of a kind.</summary>
    public static TestIdentity SenderOf(string kind) => _senders[kind].Value;

    // With digitalSignature where it is admissible: the base library makes no PKCS #12 file of a certificate that is for key agreement only.
    private static X509KeyUsageFlags UsageOf(string kind) => kind switch
    {
        "rsa" => X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature,
        "p256" or "p384" or "p521" => X509KeyUsageFlags.KeyAgreement | X509KeyUsageFlags.DigitalSignature,
        string kem when kem.StartsWith("ml-kem", StringComparison.Ordinal) => X509KeyUsageFlags.KeyEncipherment,
        _ => X509KeyUsageFlags.KeyAgreement,
    };

    private static RecipientRow Certified(string name, string kind, Func<Certificate, CertificateRecipient> describe, int cost) => new(
        name,
        () => describe(IdentityOf(kind).Certificate),
        () => new RecipientKeys { PrivateKeys = [IdentityOf(kind).DecryptionKey] }) { Cost = cost, Identity = () => IdentityOf(kind) };

    private static RecipientRow Transported(string name, KeyTransportScheme scheme, int cost) =>
        Certified(name, "rsa", c => new(c) { KeyTransport = scheme }, cost) with { Transport = scheme, HasPeers = true };

    private static RecipientRow Oaep(string name, DigestAlgorithm digest, DigestAlgorithm? mgf = null, string label = "") => Transported(
        name,
        new KeyTransportScheme.Oaep(digest, mgf ?? digest, Convert.FromHexString(label)),
        cost: digest.HashName.Name is null || mgf is not null || label.Length > 0 ? 40 : 5);

    private static RecipientRow Agreed(string name, string kind, DigestAlgorithm digest) =>
        Certified(name, kind, c => new(c) { KeyDerivationDigest = digest }, cost: 3) with { Derivation = digest, HasPeers = true };

    // The sender of a static agreement is found among certificates at hand.
    private static RecipientRow Scheme(string name, string kind, KeyAgreementScheme scheme, bool isStatic = false, bool byKeyIdentifier = false)
    {
        RecipientRow row = Certified(
            name,
            kind,
            c => new(c)
            {
                KeyAgreement = scheme,
                Originator = isStatic ? SenderOf(kind).DecryptionKey : null,
                OriginatorBySubjectKeyIdentifier = byKeyIdentifier,
            },
            cost: 3);
        return isStatic ? row with { Keys = () => row.Keys() with { OriginatorCertificates = [SenderOf(kind).Certificate] } } : row;
    }

    private static RecipientRow Wrapped(string name, KeyWrapAlgorithm wrap) => new(
        name,
        () => new KeyEncryptionKeyRecipient(Secret(wrap)),
        () => new RecipientKeys { KeyEncryptionKeys = [Secret(wrap)] });

    // Few iterations: the work of a reader, and not of an attacker, is measured here.
    private static RecipientRow Pwri(string name, DigestAlgorithm digest, KeyWrapAlgorithm? wrap = null) => new(
        name,
        () => new PasswordRecipient(NewPassword()) { DerivationDigest = digest, KeyWrap = wrap, Iterations = 2 },
        () => new RecipientKeys { Passwords = [NewPassword()] }) { PasswordDigest = digest, HasPeers = true };

    private static RecipientPassword NewPassword() => new(Password);

    private static RecipientPassword Token() => RecipientPassword.FromKeyEncryptionKey(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private static KeyEncryptionKey Secret(KeyWrapAlgorithm wrap) =>
        new(wrap, new byte[] { 0xC0, 0xFE, 0xE1 }, Enumerable.Range(1, wrap.KeySize).Select(i => (byte)i).ToArray());

    /// <summary>Gets the octets of the symmetric key.</summary>
    public static byte[] SecretOctets { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    /// <summary>Gets the symmetric key.</summary>
    public static KeyEncryptionKey Secret() => new(KeyIdentifier, SecretOctets);
}
