using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Keys;

namespace SmimeKit.TestKit.Signing;

/// <summary>One way to sign: a kind of key and a digest.</summary>
/// <param name="Name">The name in test names and on published pages.</param>
/// <param name="KeyKind">The kind of key, as <see cref="KeyPair.Make"/> knows it.</param>
/// <param name="Digest">The digest; null for the one that goes with a scheme over the message itself.</param>
public sealed record SigningScheme(string Name, string KeyKind, DigestAlgorithm? Digest)
{
    /// <summary>The registry: one line buys every test of <see cref="SigningCases"/>.</summary>
    public static IReadOnlyList<SigningScheme> All { get; } =
    [
        Whole("rsa-sha256", "rsa", DigestAlgorithm.Sha256),
        Whole("rsa-sha384", "rsa", DigestAlgorithm.Sha384),
        Whole("rsa-sha512", "rsa", DigestAlgorithm.Sha512),
        Weak("rsa-md5", "rsa", DigestAlgorithm.Md5),
        Weak("rsa-sha1", "rsa", DigestAlgorithm.Sha1),
        new("rsa-sha224", "rsa", DigestAlgorithm.Sha224) { Cost = 61 },
        new("rsa-sha3-224", "rsa", DigestAlgorithm.Sha3_224) { Cost = 61 },
        new("rsa-sha3-256", "rsa", DigestAlgorithm.Sha3_256),
        new("rsa-sha3-384", "rsa", DigestAlgorithm.Sha3_384),
        new("rsa-sha3-512", "rsa", DigestAlgorithm.Sha3_512),
        Whole("pss-sha256", "rsa", DigestAlgorithm.Sha256) with { Pss = true },
        Whole("pss-sha384", "rsa", DigestAlgorithm.Sha384) with { Pss = true },
        Whole("pss-sha512", "rsa", DigestAlgorithm.Sha512) with { Pss = true },
        Weak("pss-sha1", "rsa", DigestAlgorithm.Sha1) with { Pss = true },
        new("pss-sha224", "rsa", DigestAlgorithm.Sha224) { Pss = true, Cost = 61 },
        new("pss-sha3-256", "rsa", DigestAlgorithm.Sha3_256) { Pss = true },
        new("pss-sha3-384", "rsa", DigestAlgorithm.Sha3_384) { Pss = true },
        new("pss-sha3-512", "rsa", DigestAlgorithm.Sha3_512) { Pss = true },
        new("pss-shake128", "rsa", DigestAlgorithm.Shake128) { Pss = true, Cost = 61 },
        new("pss-shake256", "rsa", DigestAlgorithm.Shake256) { Pss = true, Cost = 61 },
        Weak("dsa-sha1", "dsa", DigestAlgorithm.Sha1) with { Cost = 41 },
        Weak("dsa-sha224", "dsa", DigestAlgorithm.Sha224) with { Cost = 41 },
        Weak("dsa-sha256", "dsa", DigestAlgorithm.Sha256) with { Cost = 41 },
        Whole("ecdsa-p256", "p256", DigestAlgorithm.Sha256),
        Whole("ecdsa-p384", "p384", DigestAlgorithm.Sha384) with { Cost = 7 },
        Whole("ecdsa-p521", "p521", DigestAlgorithm.Sha512) with { Cost = 7 },
        Weak("ecdsa-p256-sha1", "p256", DigestAlgorithm.Sha1),
        new("ecdsa-p256-sha224", "p256", DigestAlgorithm.Sha224),
        new("ecdsa-p256-sha3-224", "p256", DigestAlgorithm.Sha3_224),
        new("ecdsa-p256-sha3-256", "p256", DigestAlgorithm.Sha3_256),
        new("ecdsa-p384-sha3-384", "p384", DigestAlgorithm.Sha3_384) { Cost = 7 },
        new("ecdsa-p521-sha3-512", "p521", DigestAlgorithm.Sha3_512) { Cost = 7 },
        new("ecdsa-p256-shake128", "p256", DigestAlgorithm.Shake128),
        new("ecdsa-p521-shake256", "p521", DigestAlgorithm.Shake256) { Cost = 7 },
        new("ecdsa-brainpool-p256", "brainpool-p256", DigestAlgorithm.Sha256) { Cost = 11 },
        new("ecdsa-brainpool-p384", "brainpool-p384", DigestAlgorithm.Sha384) { Cost = 17 },
        new("ecdsa-brainpool-p512", "brainpool-p512", DigestAlgorithm.Sha512) { Cost = 17 },
        Pure("ed25519", 3),
        Pure("ed448", 7),
        Pure("ml-dsa-44", 23),
        Pure("ml-dsa-65", 23),
        Pure("ml-dsa-87", 23),
        Pure("slh-dsa-sha2-128s", 211),
        Pure("slh-dsa-sha2-128f", 211),
        Pure("slh-dsa-sha2-192s", 211),
        Pure("slh-dsa-sha2-192f", 511),
        Pure("slh-dsa-sha2-256s", 511),
        Pure("slh-dsa-sha2-256f", 511),
        Pure("slh-dsa-shake-128s", 211),
        Pure("slh-dsa-shake-128f", 211),
        Pure("slh-dsa-shake-192s", 211),
        Pure("slh-dsa-shake-192f", 511),
        Pure("slh-dsa-shake-256s", 511),
        Pure("slh-dsa-shake-256f", 511),
        Pure("hss-lms-sha256", 31),
        Pure("hss-lms-shake256", 31),
    ];

    /// <summary>Gets whether an RSA key signs with RSASSA-PSS.</summary>
    public bool Pss { get; private init; }

    /// <summary>Gets whether the scheme is obsolete: read and written under the legacy policy only.</summary>
    public bool IsWeak { get; private init; }

    /// <summary>Gets whether it is tried with every combination of the choices of structure, instead of a spread of them.</summary>
    public bool InEveryStructure { get; private init; }

    /// <summary>Gets about how many times as long as with RSA a message takes to verify; Bouncy Castle tests RSA and DSA keys each time.</summary>
    public int Cost { get; private init; } = 1;

    /// <summary>Gets whether a signature takes seconds.</summary>
    public bool IsSlow => Cost > 100;

    public bool IsRsa => KeyKind == "rsa";

    public bool IsDsa => KeyKind == "dsa";

    public bool IsEcdsa => Name.StartsWith("ecdsa", StringComparison.Ordinal);

    public bool IsEdDsa => KeyKind is "ed25519" or "ed448";

    public bool IsPostQuantum => SignsMessage && !IsEdDsa;

    public bool IsHss => KeyKind.StartsWith("hss-lms", StringComparison.Ordinal);

    public bool IsBrainpool => KeyKind.StartsWith("brainpool", StringComparison.Ordinal);

    public bool UsesSha3 => Digest?.Name.StartsWith("sha3", StringComparison.Ordinal) ?? false;

    public bool UsesShake => Digest?.Name.StartsWith("shake", StringComparison.Ordinal) ?? false;

    public bool Uses224Bits => Digest?.Size == 28;

    /// <summary>Gets whether the message itself is signed, not its digest.</summary>
    public bool SignsMessage => Digest is null;

    /// <summary>Gets the name of the scheme in reports.</summary>
    public string SchemeName => Pss ? "rsa-pss" : IsEcdsa ? "ecdsa" : IsHss ? "hss-lms" : KeyKind;

    /// <summary>Gets the policy under which it is used.</summary>
    public CmsPolicy Policy => IsWeak ? CmsPolicy.Legacy : CmsPolicy.Default;

    /// <summary>Gets the options to read with.</summary>
    public CmsReaderOptions ReaderOptions => new() { Policy = Policy };

    /// <summary>
    /// Gets the distance between the offsets that tests visit: how a message is parsed does not depend on the scheme, and the signature itself
    /// is octets that nobody looks into.
    /// </summary>
    public int Stride => LongTests.Enabled ? 1 : Cost;

    /// <summary>Gets the signer.</summary>
    public TestIdentity Signer() => TestIdentity.Signer(KeyKind);

    public override string ToString() => Name;

    private static SigningScheme Whole(string name, string key, DigestAlgorithm digest) => new(name, key, digest) { InEveryStructure = true };

    private static SigningScheme Weak(string name, string key, DigestAlgorithm digest) => new(name, key, digest) { IsWeak = true };

    private static SigningScheme Pure(string name, int cost) => new(name, name, null) { Cost = cost };
}
