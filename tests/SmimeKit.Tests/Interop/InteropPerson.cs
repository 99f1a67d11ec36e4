using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Interop;

/// <summary>A person whose one key pair can be given to foreign programs.</summary>
internal sealed class InteropPerson
{
    internal const string Password = "interop";

    private static readonly Lazy<X509Certificate2> _root = new(CreateRoot);

    private readonly X509Certificate2 _certificate;

    private InteropPerson(string address, X509Certificate2 certificate, SigningKey signing, DecryptionKey decryption) =>
        (Address, _certificate, SigningKey, DecryptionKey) = (address, certificate, signing, decryption);

    internal static InteropPerson Rsa { get; } = CreateRsa("rsa@example.org");

    internal static InteropPerson OtherRsa { get; } = CreateRsa("other@example.org");

    internal static InteropPerson Ec { get; } = CreateEc("ec@example.org");

    internal static Certificate Root => Certificate.FromX509Certificate2(_root.Value);

    internal static string RootPem => _root.Value.ExportCertificatePem();

    internal static byte[] RootDer => _root.Value.RawData;

    internal string Address { get; }

    internal SigningKey SigningKey { get; }

    internal DecryptionKey DecryptionKey { get; }

    internal Certificate Certificate => SigningKey.Certificate;

    internal string CertificatePem => _certificate.ExportCertificatePem();

    internal string Pem => CertificatePem + "\n" + ((AsymmetricAlgorithm?)_certificate.GetRSAPrivateKey() ?? _certificate.GetECDsaPrivateKey())!.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The old encryption, which every program imports.</summary>
    internal byte[] Pkcs12 => _certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, Password);

    internal static InteropPerson ByName(string name) => name switch
    {
        "rsa" => Rsa,
        "ec" => Ec,
        _ => OtherRsa,
    };

    internal static MimeMessage CreateMail(InteropPerson from, InteropPerson to)
    {
        var message = new MimeMessage { Subject = "interop", Date = DateTimeOffset.UtcNow };
        message.From.Add(new MailboxAddress("", from.Address));
        message.To.Add(new MailboxAddress("", to.Address));
        message.Body = new Multipart("mixed") { new TextPart("plain") { Text = TestMail.Text }, new MimePart("application", "octet-stream") { Content = new MimeContent(new MemoryStream([0, 13, 10, 255])) } };
        return message;
    }

    internal static SmimeProtectOptions ProtectOptions(InteropPerson from, InteropPerson to) => new()
    {
        SigningKeys = [from.SigningKey],
        OwnEncryptionCertificate = from.Certificate,
        Recipients = [to.Certificate],
    };

    internal static SmimeOpenOptions OpenOptions(InteropPerson? reader = null) => new()
    {
        Anchors = new FixedAnchors(Root),
        DecryptionKeys = reader is null ? [] : [reader.DecryptionKey],
    };

    private static InteropPerson CreateRsa(string address)
    {
        RSA key = RSA.Create(2048);
        X509Certificate2 certificate = Issue(
            new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            address,
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment).CopyWithPrivateKey(key);
        var parsed = Certificate.FromX509Certificate2(certificate);
        return new InteropPerson(address, certificate, SigningKey.Create(parsed, key), DecryptionKey.Create(parsed, key));
    }

    private static InteropPerson CreateEc(string address)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 certificate = Issue(
            new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256), address, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement).CopyWithPrivateKey(key);
        var parsed = Certificate.FromX509Certificate2(certificate);
        ECDiffieHellman agreement = ECDiffieHellman.Create(key.ExportParameters(includePrivateParameters: true));
        return new InteropPerson(address, certificate, SigningKey.Create(parsed, key), DecryptionKey.Create(parsed, agreement));
    }

    private static X509Certificate2 CreateRoot()
    {
        var request = new CertificateRequest("CN=Interop Root", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static X509Certificate2 Issue(CertificateRequest request, string address, X509KeyUsageFlags usage)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root.Value, true, false));
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForRSA(_root.Value.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        return request.Create(_root.Value.SubjectName, generator, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), [0x40, .. RandomNumberGenerator.GetBytes(8)]);
    }
}
