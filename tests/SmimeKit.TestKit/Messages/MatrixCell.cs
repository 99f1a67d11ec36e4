using SmimeKit.Cms.Algorithms;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>One line of the published table of what is read and written: derived from the registries of the tests.</summary>
/// <param name="Area">What the line is about: signatures, recipients, ciphers, other content types.</param>
/// <param name="Name">The name in the registry.</param>
/// <param name="Cases">How many cases of the batteries it has: round trips, truncation, flips and splits at every offset.</param>
/// <param name="IsWeak">Whether it is for the legacy policy only.</param>
public sealed record MatrixCell(string Area, string Name, int Cases, bool IsWeak)
{
    public const string Signatures = "signature";
    public const string Recipients = "recipient";
    public const string Ciphers = "cipher";
    public const string ContentTypes = "content type";

    public const string OpenSsl = "OpenSSL, both ways, in a test of its own";

    // What the tables of programs do not have, or no program at hand knows: the published messages or numbers that it was tried with instead.
    private static readonly Dictionary<string, string> _published = new()
    {
        ["hss-lms-sha256"] = "RFC 8554 appendix F, Bouncy Castle (the signature)",
        ["hss-lms-shake256"] = "Bouncy Castle (the signature)",
        ["oaep-sha224"] = OpenSsl,
        ["oaep-sha3-256"] = OpenSsl,
        ["ecdh-p256-sha224"] = OpenSsl,
        ["ecdh-cofactor-p256-sha1"] = OpenSsl,
        ["ecdh-cofactor-p256-sha224"] = OpenSsl,
        ["ecdh-cofactor-p256-sha256"] = OpenSsl,
        ["ecdh-cofactor-p384-sha384"] = OpenSsl,
        ["ecdh-cofactor-p521-sha512"] = OpenSsl,
        ["ecdh-brainpool-p256-sha256"] = OpenSsl,
        ["ecdh-brainpool-p384-sha384"] = OpenSsl,
        ["ecdh-brainpool-p512-sha512"] = OpenSsl,
        ["dh-ephemeral"] = OpenSsl,
        ["x25519-hkdf-sha256"] = "agreement of OpenSSL, HKDF and unwrapping of Bouncy Castle, put together",
        ["x25519-hkdf-sha384"] = "Wycheproof (the agreement), Bouncy Castle (HKDF)",
        ["x448-hkdf-sha512"] = "Wycheproof (the agreement), Bouncy Castle (HKDF)",
        ["ecdh-p256-static"] = "Wycheproof (the agreement)",
        ["ecdh-p384-static-keyid"] = "OpenSSL, which decrypts it",
        ["dh-static"] = "RFC 2631 §2.1.6 (the derivation), OpenSSL (the agreement)",
        ["kekri-aes-pad"] = "RFC 5649 §6, Bouncy Castle (the wrap)",
        ["kekri-camellia"] = "Bouncy Castle (the wrap)",
        ["pwri-sha224"] = "RFC 3211 §3 (the wrap)",
        ["pwri-aes-wrap"] = "RFC 3394 §4, Wycheproof (the wrap)",
        ["pwri-token"] = "RFC 3211 §3 (the wrap)",
        ["rsa-kem"] = "RFC 9690 appendix D",
        ["ml-kem-512"] = "messages of Bouncy Castle and OpenSSL 3.6, Wycheproof (the KEM)",
        ["ml-kem-768-ukm"] = "messages of Bouncy Castle and OpenSSL 3.6, Wycheproof (the KEM)",
        ["ml-kem-1024-sha512"] = "messages of Bouncy Castle and OpenSSL 3.6, Wycheproof (the KEM)",
        ["ml-kem-768-kmac256"] = "samples of NIST (KMAC), Wycheproof (the KEM)",
        ["DES-CBC"] = "OpenSSL with its legacy provider; read only",
    };

    public static IReadOnlyList<MatrixCell> All { get; } =
    [
        .. SigningScheme.All.Select(s => new MatrixCell(Signatures, s.Name, SigningCases.All.Count(c => c.Scheme == s), s.IsWeak)),
        .. RecipientRow.All.Select(r => new MatrixCell(Recipients, r.Name, CountOf($"/{r.Name}/"), r.IsWeak)),
        .. ContentEncryptionAlgorithm.BuiltIn.Select(a => new MatrixCell(
            Ciphers, a.Name, CountOf($"/{a.Name}/"), SmimeKit.Cms.Policy.CmsPolicy.Default.FindContentEncryptionObjection(a.Oid, SignedMessage.At) is not null)),
        .. MessageCases.All.Select(c => c.Name.Split('/')[0]).Distinct()
            .Select(type => new MatrixCell(ContentTypes, type, MessageCases.All.Count(c => c.Name.StartsWith(type + "/", StringComparison.Ordinal)), IsWeak: false)),
    ];

    /// <summary>Gets the published vector that proves it, or null when other programs do.</summary>
    public string? Published => _published.GetValueOrDefault(Name);

    private static int CountOf(string part) => MessageCases.All.Count(c => c.Name.Contains(part, StringComparison.Ordinal));
}
