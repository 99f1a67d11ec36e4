using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>The certification authority behind the signers of the tests: RSA, self-signed, made anew in each run.</summary>
public static class TestAuthority
{
    public static readonly DateTimeOffset NotBefore = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NotAfter = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string MailPurpose = "1.3.6.1.5.5.7.3.4";
    private const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;

    private static readonly Lazy<X509Certificate2> _root = new(CreateRoot);

    /// <summary>Gets the root with its private key.</summary>
    public static X509Certificate2 Root => _root.Value;

    /// <summary>Gets the root certificate as PEM, for foreign programs.</summary>
    public static string RootPem => Root.ExportCertificatePem();

    /// <summary>Issues a certificate for mail.</summary>
    /// <param name="name">The common name; the address is the same at example.com.</param>
    /// <param name="key">The subject's key, RSA or EC.</param>
    /// <param name="serialNumber">The serial number in hexadecimal; random when null.</param>
    /// <param name="keyIdentifier">The subjectKeyIdentifier in hexadecimal; that of RFC 5280 §4.2.1.2 when null.</param>
    /// <param name="usages">What the key is for.</param>
    public static Certificate Issue(
        string name, AsymmetricAlgorithm key, string? serialNumber = null, string? keyIdentifier = null, X509KeyUsageFlags usages = Signing) =>
        Issue(name, PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _), serialNumber, keyIdentifier, usages);

    /// <inheritdoc cref="Issue(string, AsymmetricAlgorithm, string, string, X509KeyUsageFlags)"/>
    /// <remarks>The key may be any: nobody looks at it.</remarks>
    public static Certificate Issue(
        string name, PublicKey key, string? serialNumber = null, string? keyIdentifier = null, X509KeyUsageFlags usages = Signing) =>
        Issue(name, key, [MailPurpose], criticalPurposes: false, serialNumber, keyIdentifier, usages);

    /// <summary>Issues a certificate for other purposes than mail.</summary>
    public static Certificate Issue(string name, AsymmetricAlgorithm key, IEnumerable<string> purposes, bool criticalPurposes) => Issue(
        name, PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _), purposes, criticalPurposes, null, null, Signing);

    private static Certificate Issue(
        string name,
        PublicKey key,
        IEnumerable<string> purposes,
        bool criticalPurposes,
        string? serialNumber,
        string? keyIdentifier,
        X509KeyUsageFlags usages)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usages, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(p => new Oid(p))], criticalPurposes));
        request.CertificateExtensions.Add(keyIdentifier is null
            ? new X509SubjectKeyIdentifierExtension(key, critical: false)
            : new X509SubjectKeyIdentifierExtension(keyIdentifier, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        var addresses = new SubjectAlternativeNameBuilder();
        addresses.AddEmailAddress(name + "@example.com");
        request.CertificateExtensions.Add(addresses.Build());
        byte[] serial = serialNumber is null ? RandomSerialNumber() : Convert.FromHexString(serialNumber);
        using X509Certificate2 certificate = request.Create(
            Root.SubjectName, X509SignatureGenerator.CreateForRSA(Root.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1), NotBefore, NotAfter, serial);
        return Certificate.FromX509Certificate2(certificate);
    }

    private static X509Certificate2 CreateRoot()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Test Root", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(NotBefore, NotAfter);
    }

    private static byte[] RandomSerialNumber()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
