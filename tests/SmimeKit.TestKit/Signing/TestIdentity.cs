using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>A key with its certificate, for signing in tests: as the library's key, as the base library's, and as files for programs.</summary>
public sealed class TestIdentity : ISigningKey
{
    private readonly SigningKey? _signing;

    public TestIdentity(string name, AsymmetricAlgorithm key, string? serialNumber = null, string? keyIdentifier = null)
        : this(TestAuthority.Issue(name, key, serialNumber, keyIdentifier), key)
    {
    }

    /// <summary>Makes an identity; with <paramref name="anyKey"/> the certificate need not be that of the key.</summary>
    public TestIdentity(Certificate certificate, AsymmetricAlgorithm key, bool anyKey = false)
    {
        Certificate = certificate;
        Key = key;
        _signing = anyKey ? null : key is RSA rsa ? SigningKey.Create(certificate, rsa) : SigningKey.Create(certificate, (ECDsa)key);
    }

    public static TestIdentity Rsa => _rsa.Value;

    public static TestIdentity OtherRsa => _otherRsa.Value;

    public static TestIdentity P256 => _p256.Value;

    public static TestIdentity P384 => _p384.Value;

    public static TestIdentity P521 => _p521.Value;

    public AsymmetricAlgorithm Key { get; }

    public Certificate Certificate { get; }

    public IReadOnlyList<Certificate> Chain => [];

    public string CertificatePem => PemEncoding.WriteString("CERTIFICATE", Certificate.RawData.Span);

    public string KeyPem => Key.ExportPkcs8PrivateKeyPem();

    /// <summary>Makes a certificate of the base library with its private key, which the caller disposes.</summary>
    public X509Certificate2 ToX509Certificate2()
    {
        using X509Certificate2 bare = Certificate.ToX509Certificate2();
        return Key is RSA rsa ? bare.CopyWithPrivateKey(rsa) : bare.CopyWithPrivateKey((ECDsa)Key);
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
        _signing!.SignAsync(algorithm, input, cancellationToken);

    private static readonly Lazy<TestIdentity> _rsa = new(() => new TestIdentity("rsa", RSA.Create(2048)));
    private static readonly Lazy<TestIdentity> _otherRsa = new(() => new TestIdentity("other-rsa", RSA.Create(2048)));
    private static readonly Lazy<TestIdentity> _p256 = new(() => Ec("p256", ECCurve.NamedCurves.nistP256));
    private static readonly Lazy<TestIdentity> _p384 = new(() => Ec("p384", ECCurve.NamedCurves.nistP384));
    private static readonly Lazy<TestIdentity> _p521 = new(() => Ec("p521", ECCurve.NamedCurves.nistP521));

    private static TestIdentity Ec(string name, ECCurve curve) => new(name, ECDsa.Create(curve));
}
