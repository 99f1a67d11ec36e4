using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.TestKit.Keys;

namespace SmimeKit.TestKit.Signing;

/// <summary>A key with its certificate, for signing in tests: as the library's key, as the base library's, and as files for programs.</summary>
public sealed class TestIdentity : ISigningKey
{
    private const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;

    private static readonly ConcurrentDictionary<string, Lazy<TestIdentity>> _signers = new();

    private readonly Lazy<ISigningKey> _signing;
    private readonly Lazy<DecryptionKey> _decryption;
    private readonly Lazy<AsymmetricAlgorithm> _key;

    public TestIdentity(string name, AsymmetricAlgorithm key, string? serialNumber = null, string? keyIdentifier = null)
        : this(TestAuthority.Issue(name, key, serialNumber, keyIdentifier), key)
    {
    }

    /// <summary>Makes an identity whose certificate need not be that of the key.</summary>
    public TestIdentity(Certificate certificate, AsymmetricAlgorithm key)
        : this(certificate, key.ExportPkcs8PrivateKey()) => _key = new Lazy<AsymmetricAlgorithm>(key);

    /// <summary>Makes an identity with a key of any kind.</summary>
    public TestIdentity(Certificate certificate, byte[] pkcs8)
    {
        Certificate = certificate;
        Pkcs8 = pkcs8;
        _signing = new(() => Open(Certificate, Pkcs8));
        _decryption = new(() => DecryptionKey.FromPkcs8(Certificate, Pkcs8));
        _key = new(Import);
    }

    public static TestIdentity Rsa => Signer("rsa");

    public static TestIdentity OtherRsa => _otherRsa.Value;

    public static TestIdentity P256 => Signer("p256");

    public static TestIdentity P384 => Signer("p384");

    public static TestIdentity P521 => Signer("p521");

    /// <summary>Gets the key as PKCS #8.</summary>
    public byte[] Pkcs8 { get; }

    /// <summary>Gets the key as one of the base library; it knows RSA, DSA and EC.</summary>
    public AsymmetricAlgorithm Key => _key.Value;

    /// <summary>Gets the key as one that decrypts.</summary>
    public DecryptionKey DecryptionKey => _decryption.Value;

    public Certificate Certificate { get; }

    public IReadOnlyList<Certificate> Chain => [];

    public string CertificatePem => PemEncoding.WriteString("CERTIFICATE", Certificate.RawData.Span);

    public string KeyPem => PemEncoding.WriteString("PRIVATE KEY", Pkcs8);

    /// <summary>Makes a certificate of the base library with its private key, which the caller disposes.</summary>
    public X509Certificate2 ToX509Certificate2()
    {
        using X509Certificate2 bare = Certificate.ToX509Certificate2();
        return Key switch
        {
            RSA rsa => bare.CopyWithPrivateKey(rsa),
            DSA dsa => bare.CopyWithPrivateKey(dsa),
            _ => bare.CopyWithPrivateKey((ECDsa)Key),
        };
    }

    /// <summary>Makes a PKCS #12 file, in the old encryption that every program reads.</summary>
    public byte[] ToPkcs12(string password, string friendlyName)
    {
        using X509Certificate2 certificate = ToX509Certificate2();
        var keys = new Pkcs12SafeContents();
        var certificates = new Pkcs12SafeContents();
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 2000);
        Pkcs12SafeBag key = keys.AddShroudedKey(Key, password, parameters);
        Pkcs12SafeBag bag = certificates.AddCertificate(certificate);
        foreach (Pkcs12SafeBag named in new[] { key, bag })
        {
            named.Attributes.Add(new Pkcs9LocalKeyId([1]));
            named.Attributes.Add(new Pkcs9AttributeObject(
                "1.2.840.113549.1.9.20", // friendlyName
                Asn.Write(w => w.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.BMPString, friendlyName))));
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(keys);
        builder.AddSafeContentsEncrypted(certificates, password, parameters);
        builder.SealWithMac(password, HashAlgorithmName.SHA1, 2000);
        return builder.Encode();
    }

    public ValueTask<byte[]> SignAsync(
        SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
        _signing.Value.SignAsync(algorithm, input, cancellationToken);

    private static readonly Lazy<TestIdentity> _otherRsa = new(() => Issue("other-rsa", KeyPair.Make("rsa"), Signing));

    /// <summary>Gets the signer with a kind of key that <see cref="KeyPair.Make"/> knows; it is made once.</summary>
    public static TestIdentity Signer(string kind) => _signers.GetOrAdd(kind, k => new(() => Issue(k, KeyPair.Make(k), Signing))).Value;

    /// <summary>Opens a key that signs: the library's, or one that is plugged in where the library has none.</summary>
    public static ISigningKey Open(Certificate certificate, byte[] pkcs8) =>
        certificate.PublicKey.Algorithm.Oid == HssKey.Oid ? new HssKey(certificate, pkcs8) : SigningKey.FromPkcs8(certificate, pkcs8);

    /// <summary>Issues a certificate for a key of any kind.</summary>
    public static TestIdentity Issue(string name, KeyPair keys, X509KeyUsageFlags usages) => new(
        TestAuthority.Issue(name, PublicKey.CreateFromSubjectPublicKeyInfo(keys.PublicKey, out _), usages: usages), keys.Pkcs8);

    private AsymmetricAlgorithm Import()
    {
        AsymmetricAlgorithm key = Certificate.PublicKey.IsRsa ? RSA.Create() : Certificate.PublicKey.IsDsa ? DSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(Pkcs8, out _);
        return key;
    }
}
