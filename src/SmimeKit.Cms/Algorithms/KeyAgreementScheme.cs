using System.Collections.Immutable;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A key agreement with the derivation of its key-encryption key: what KeyAgreeRecipientInfo names beside the key wrap.</summary>
/// <remarks>
/// References: ECDH, standard and cofactor, with the X9.63 function, RFC 5753 §7.1.4, and with HKDF, RFC 8418 §2; X9.42 Diffie-Hellman,
/// RFC 3370 §4.1 and RFC 2631. The standard and the cofactor schemes agree on the curves in use, whose cofactor is 1. ECMQV is not
/// implemented.
/// </remarks>
public sealed class KeyAgreementScheme
{
    private readonly KeyDerivation _derivation;

    private KeyAgreementScheme(string oid, string name, DigestAlgorithm digest, KeyDerivation derivation)
    {
        Oid = oid;
        Name = name;
        Digest = digest;
        _derivation = derivation;
    }

    /// <summary>Gets ECDH with the X9.63 function and SHA-1: for old readers. SHA-1 is not weak in this place.</summary>
    public static KeyAgreementScheme EcdhSha1 { get; } = Standard(Oids.EcdhStandardSha1, DigestAlgorithm.Sha1);

    /// <summary>Gets ECDH with the X9.63 function and SHA-224.</summary>
    public static KeyAgreementScheme EcdhSha224 { get; } = Standard(Oids.EcdhStandardSha224, DigestAlgorithm.Sha224);

    /// <summary>Gets ECDH with the X9.63 function and SHA-256.</summary>
    public static KeyAgreementScheme EcdhSha256 { get; } = Standard(Oids.EcdhStandardSha256, DigestAlgorithm.Sha256);

    /// <summary>Gets ECDH with the X9.63 function and SHA-384.</summary>
    public static KeyAgreementScheme EcdhSha384 { get; } = Standard(Oids.EcdhStandardSha384, DigestAlgorithm.Sha384);

    /// <summary>Gets ECDH with the X9.63 function and SHA-512.</summary>
    public static KeyAgreementScheme EcdhSha512 { get; } = Standard(Oids.EcdhStandardSha512, DigestAlgorithm.Sha512);

    /// <summary>Gets cofactor ECDH with the X9.63 function and SHA-1.</summary>
    public static KeyAgreementScheme CofactorEcdhSha1 { get; } = Cofactor(Oids.EcdhCofactorSha1, DigestAlgorithm.Sha1);

    /// <summary>Gets cofactor ECDH with the X9.63 function and SHA-224.</summary>
    public static KeyAgreementScheme CofactorEcdhSha224 { get; } = Cofactor(Oids.EcdhCofactorSha224, DigestAlgorithm.Sha224);

    /// <summary>Gets cofactor ECDH with the X9.63 function and SHA-256.</summary>
    public static KeyAgreementScheme CofactorEcdhSha256 { get; } = Cofactor(Oids.EcdhCofactorSha256, DigestAlgorithm.Sha256);

    /// <summary>Gets cofactor ECDH with the X9.63 function and SHA-384.</summary>
    public static KeyAgreementScheme CofactorEcdhSha384 { get; } = Cofactor(Oids.EcdhCofactorSha384, DigestAlgorithm.Sha384);

    /// <summary>Gets cofactor ECDH with the X9.63 function and SHA-512.</summary>
    public static KeyAgreementScheme CofactorEcdhSha512 { get; } = Cofactor(Oids.EcdhCofactorSha512, DigestAlgorithm.Sha512);

    /// <summary>Gets ECDH with HKDF and SHA-256: the usual one for X25519.</summary>
    public static KeyAgreementScheme HkdfSha256 { get; } = Hkdf(Oids.EcdhHkdfSha256, DigestAlgorithm.Sha256);

    /// <summary>Gets ECDH with HKDF and SHA-384.</summary>
    public static KeyAgreementScheme HkdfSha384 { get; } = Hkdf(Oids.EcdhHkdfSha384, DigestAlgorithm.Sha384);

    /// <summary>Gets ECDH with HKDF and SHA-512: the usual one for X448.</summary>
    public static KeyAgreementScheme HkdfSha512 { get; } = Hkdf(Oids.EcdhHkdfSha512, DigestAlgorithm.Sha512);

    /// <summary>Gets Diffie-Hellman with a fresh key of the sender, id-alg-ESDH. Obsolete: read under the legacy policy, written by explicit choice.</summary>
    public static KeyAgreementScheme DiffieHellmanEphemeral { get; } =
        new(Oids.DhEphemeralStatic, "DH-ephemeral-static", DigestAlgorithm.Sha1, KeyDerivations.X942) { IsDiffieHellman = true, TakesStaticOriginator = false };

    /// <summary>Gets Diffie-Hellman with the key of the sender's certificate, id-alg-SSDH. Obsolete: read under the legacy policy, written by explicit choice.</summary>
    public static KeyAgreementScheme DiffieHellmanStatic { get; } =
        new(Oids.DhStaticStatic, "DH-static-static", DigestAlgorithm.Sha1, KeyDerivations.X942) { IsDiffieHellman = true, TakesEphemeralOriginator = false };

    /// <summary>Gets the built-in schemes.</summary>
    public static ImmutableArray<KeyAgreementScheme> BuiltIn { get; } =
    [
        EcdhSha256, EcdhSha384, EcdhSha512, EcdhSha224, EcdhSha1, HkdfSha256, HkdfSha384, HkdfSha512,
        CofactorEcdhSha256, CofactorEcdhSha384, CofactorEcdhSha512, CofactorEcdhSha224, CofactorEcdhSha1,
        DiffieHellmanEphemeral, DiffieHellmanStatic,
    ];

    /// <summary>Gets the object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the name for people: <c>ECDH-X9.63-SHA-256</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the digest of the key derivation.</summary>
    public DigestAlgorithm Digest { get; }

    /// <summary>Gets whether this is X9.42 Diffie-Hellman; all others are ECDH.</summary>
    public bool IsDiffieHellman { get; private init; }

    /// <summary>Gets whether the sender's key may be that of a certificate (RFC 6278 for ECDH).</summary>
    internal bool TakesStaticOriginator { get; private init; } = true;

    /// <summary>Gets whether the sender's key may be one made for the message.</summary>
    internal bool TakesEphemeralOriginator { get; private init; } = true;

    private bool IsCofactor { get; init; }

    /// <summary>Finds a scheme by its identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The scheme, or null when it is not implemented.</returns>
    public static KeyAgreementScheme? Find(string oid) => BuiltIn.FirstOrDefault(s => s.Oid == oid);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Gets the scheme that a key gets when nothing else is known: RFC 5753 §8, RFC 8418 §2; null when the key agrees on nothing.</summary>
    internal static KeyAgreementScheme? Suitable(SubjectPublicKeyInfo key) => key.Algorithm.Oid switch
    {
        Oids.X25519 => HkdfSha256,
        Oids.X448 => HkdfSha512,
        Oids.EcPublicKey => key.KeySize switch
        {
            0 => null,
            <= 256 => EcdhSha256,
            <= 384 => EcdhSha384,
            _ => EcdhSha512,
        },
        _ => null, // Diffie-Hellman is only for those who ask for it
    };

    /// <summary>Gets the standard scheme with a digest, by the X9.63 function; null when there is none.</summary>
    internal static KeyAgreementScheme? FindStandard(DigestAlgorithm digest) =>
        BuiltIn.FirstOrDefault(s => s._derivation == KeyDerivations.X963 && !s.IsCofactor && s.Digest == digest);

    /// <summary>Tells whether the scheme is for keys like this one.</summary>
    internal bool Fits(SubjectPublicKeyInfo key) => key.Algorithm.Oid switch
    {
        Oids.DhPublicNumber => IsDiffieHellman,
        Oids.EcPublicKey => !IsDiffieHellman, // R8418-2-e: HKDF, too
        Oids.X25519 or Oids.X448 => !IsDiffieHellman && !IsCofactor, // RFC 8418 §2
        _ => false,
    };

    /// <summary>Derives the key-encryption key from the agreed secret.</summary>
    internal byte[] DeriveKey(byte[] secret, AlgorithmIdentifier keyInfo, int keySize, byte[]? userKeyingMaterial) =>
        _derivation(Digest, secret, keyInfo, keySize, userKeyingMaterial);

    private static KeyAgreementScheme Standard(string oid, DigestAlgorithm digest) =>
        new(oid, $"ECDH-X9.63-{digest.Name.ToUpperInvariant()}", digest, KeyDerivations.X963);

    private static KeyAgreementScheme Cofactor(string oid, DigestAlgorithm digest) =>
        new(oid, $"ECDH-cofactor-X9.63-{digest.Name.ToUpperInvariant()}", digest, KeyDerivations.X963) { IsCofactor = true };

    private static KeyAgreementScheme Hkdf(string oid, DigestAlgorithm digest) =>
        new(oid, $"ECDH-HKDF-{digest.Name.ToUpperInvariant()}", digest, KeyDerivations.Hkdf);
}
