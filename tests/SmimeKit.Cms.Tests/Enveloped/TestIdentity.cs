using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>A certificate with its private key, made for these tests or read from a published PEM or PKCS #12 file.</summary>
public sealed class TestIdentity
{
    private static readonly DateTimeOffset _notBefore = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _notAfter = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<TestIdentity> _rsa = new(() => CreateRsa("Rsa"));
    private static readonly Lazy<TestIdentity> _otherRsa = new(() => CreateRsa("Other Rsa"));
    private static readonly Lazy<TestIdentity> _thirdRsa = new(() => CreateRsa("Third Rsa"));
    private static readonly Lazy<TestIdentity> _p256 = new(() => CreateEc(ECCurve.NamedCurves.nistP256));
    private static readonly Lazy<TestIdentity> _p384 = new(() => CreateEc(ECCurve.NamedCurves.nistP384));
    private static readonly Lazy<TestIdentity> _p521 = new(() => CreateEc(ECCurve.NamedCurves.nistP521));

    private TestIdentity(X509Certificate2 certificate, byte[] pkcs8)
    {
        X509 = certificate;
        Pkcs8 = pkcs8;
        Certificate = Certificate.FromX509Certificate2(certificate);
        Key = DecryptionKey.FromPkcs8(Certificate, pkcs8);
    }

    public static TestIdentity Rsa => _rsa.Value;

    public static TestIdentity OtherRsa => _otherRsa.Value;

    public static TestIdentity ThirdRsa => _thirdRsa.Value;

    public static TestIdentity P256 => _p256.Value;

    public static TestIdentity P384 => _p384.Value;

    public static TestIdentity P521 => _p521.Value;

    public X509Certificate2 X509 { get; }

    public byte[] Pkcs8 { get; }

    public Certificate Certificate { get; }

    public IDecryptionKey Key { get; }

    public string CertificatePem => X509.ExportCertificatePem();

    public string KeyPem => PemEncoding.WriteString("PRIVATE KEY", Pkcs8);

    public static TestIdentity Curve(string name) => name switch
    {
        "P-256" => P256,
        "P-384" => P384,
        _ => P521,
    };

    public static TestIdentity CreateRsa(string name, int bits = 2048, X509KeyUsageFlags? usage = X509KeyUsageFlags.KeyEncipherment)
    {
        using RSA key = RSA.Create(bits);
        return CreateRsa(name, key, usage, null);
    }

    public static TestIdentity CreateEc(ECCurve curve, X509KeyUsageFlags? usage = X509KeyUsageFlags.KeyAgreement)
    {
        using ECDsa key = ECDsa.Create(curve);
        var request = new CertificateRequest($"CN=SmimeKit {curve.Oid.FriendlyName} {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        return Create(request, X509SignatureGenerator.CreateForECDsa(key), key.ExportPkcs8PrivateKey(), usage, null);
    }

    private static TestIdentity CreateRsa(string name, RSA key, X509KeyUsageFlags? usage, byte[]? keyIdentifier)
    {
        var request = new CertificateRequest($"CN=SmimeKit {name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Create(request, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), key.ExportPkcs8PrivateKey(), usage, keyIdentifier);
    }

    /// <summary>Another certificate for the same RSA key: making keys takes long.</summary>
    public TestIdentity Reissue(
        string name = "Reissued", X509KeyUsageFlags? usage = X509KeyUsageFlags.KeyEncipherment, byte[]? keyIdentifier = null)
    {
        using RSA key = RSA.Create();
        key.ImportPkcs8PrivateKey(Pkcs8, out _);
        return CreateRsa(name, key, usage, keyIdentifier);
    }

    /// <summary>A certificate for a key that was published without one.</summary>
    public static TestIdentity OfRsa(string name, RSA key, byte[] keyIdentifier) => CreateRsa(name, key, X509KeyUsageFlags.KeyEncipherment, keyIdentifier);

    /// <summary>A certificate for the same RSA key that names another algorithm for it.</summary>
    public TestIdentity ReissueFor(AlgorithmIdentifier algorithm, X509KeyUsageFlags? usage = X509KeyUsageFlags.KeyEncipherment)
    {
        using RSA key = RSA.Create();
        key.ImportPkcs8PrivateKey(Pkcs8, out _);
        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(
            SubjectPublicKeyInfo.Create(algorithm, key.ExportRSAPublicKey()).RawData.Span, out _);
        var request = new CertificateRequest(new X500DistinguishedName("CN=SmimeKit Other"), publicKey, HashAlgorithmName.SHA256);
        return Create(
            request, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), Pkcs8, usage, null);
    }

    public static TestIdentity FromPem(string text)
    {
        using X509Certificate2 pair = X509Certificate2.CreateFromPem(text);
        PemFields fields = PemEncoding.Find(text);
        while (text[fields.Label] is not "PRIVATE KEY")
        {
            text = text[fields.Location.End..];
            fields = PemEncoding.Find(text);
        }

        return new TestIdentity(X509CertificateLoader.LoadCertificate(pair.RawData), Convert.FromBase64String(text[fields.Base64Data]));
    }

    public static TestIdentity FromPkcs12(byte[] pkcs12, string password)
    {
        using X509Certificate2 pair = X509CertificateLoader.LoadPkcs12(pkcs12, password, X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
        AsymmetricAlgorithm key = pair.GetRSAPrivateKey() ?? (AsymmetricAlgorithm)pair.GetECDiffieHellmanPrivateKey()!;
        return new TestIdentity(X509CertificateLoader.LoadCertificate(pair.RawData), key.ExportPkcs8PrivateKey());
    }

    private static TestIdentity Create(
        CertificateRequest request, X509SignatureGenerator generator, byte[] pkcs8, X509KeyUsageFlags? usage, byte[]? keyIdentifier)
    {
        if (usage is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        request.CertificateExtensions.Add(keyIdentifier is null
            ? new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false)
            : new X509SubjectKeyIdentifierExtension(keyIdentifier, critical: false));
        X509Certificate2 certificate = request.Create(request.SubjectName, generator, _notBefore, _notAfter, RandomNumberGenerator.GetBytes(8));
        return new TestIdentity(certificate, pkcs8);
    }
}
