using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;

namespace SmimeKit.TestKit;

/// <summary>A person with separate signing and encryption certificates of the test CA, made by the base library.</summary>
public sealed class TestPerson
{
    private static readonly DateTimeOffset _from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _to = new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<X509Certificate2> _root = new(CreateRoot);
    private static int _serial;

    private TestPerson(string address, SigningKey signing, DecryptionKey decryption, byte[] signingPkcs8, byte[] decryptionPkcs8)
    {
        Address = address;
        SigningKey = signing;
        DecryptionKey = decryption;
        SigningPkcs8 = signingPkcs8;
        DecryptionPkcs8 = decryptionPkcs8;
    }

    /// <summary>Gets an instant at which all test certificates are valid.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Gets the certificate of the test CA.</summary>
    public static Certificate Root => Certificate.FromX509Certificate2(_root.Value);

    public static TestPerson AliceRsa { get; } = Rsa("alice@example.org");

    public static TestPerson BobRsa { get; } = Rsa("bob@example.net");

    public static TestPerson ErinRsa { get; } = Rsa("erin@example.net");

    /// <summary>Gets somebody whose certificates name no mail address.</summary>
    public static TestPerson Nameless { get; } = Rsa("");

    public static TestPerson CarolEc { get; } = Ec("carol@example.org", ECCurve.NamedCurves.nistP256);

    public static TestPerson DaveEc { get; } = Ec("dave@example.net", ECCurve.NamedCurves.nistP384);

    public string Address { get; }

    public SigningKey SigningKey { get; }

    public DecryptionKey DecryptionKey { get; }

    /// <summary>Gets the signing key for stores that keep keys.</summary>
    public byte[] SigningPkcs8 { get; }

    /// <summary>Gets the decryption key for stores that keep keys.</summary>
    public byte[] DecryptionPkcs8 { get; }

    public Certificate SigningCertificate => SigningKey.Certificate;

    public Certificate EncryptionCertificate => DecryptionKey.Certificate;

    public static TestPerson Rsa(string address)
    {
        RSA signing = RSA.Create(2048);
        RSA encryption = RSA.Create(2048);
        return new TestPerson(
            address,
            SigningKey.Create(Issue(new CertificateRequest(Name(address), signing, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), address, X509KeyUsageFlags.DigitalSignature), signing),
            DecryptionKey.Create(Issue(new CertificateRequest(Name(address), encryption, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), address, X509KeyUsageFlags.KeyEncipherment), encryption),
            signing.ExportPkcs8PrivateKey(),
            encryption.ExportPkcs8PrivateKey());
    }

    public static TestPerson Ec(string address, ECCurve curve)
    {
        ECDsa signing = ECDsa.Create(curve);
        ECDiffieHellman encryption = ECDiffieHellman.Create(curve);
        var publicKey = new PublicKey(encryption);
        return new TestPerson(
            address,
            SigningKey.Create(Issue(new CertificateRequest(Name(address), signing, HashAlgorithmName.SHA256), address, X509KeyUsageFlags.DigitalSignature), signing),
            DecryptionKey.Create(Issue(new CertificateRequest(Name(address), publicKey, HashAlgorithmName.SHA256), address, X509KeyUsageFlags.KeyAgreement), encryption),
            signing.ExportPkcs8PrivateKey(),
            encryption.ExportPkcs8PrivateKey());
    }

    private static X500DistinguishedName Name(string address) => new(address.Length > 0 ? $"CN={address.Split('@')[0]}, O=SmimeKit Tests" : "CN=Nameless, O=SmimeKit Tests");

    private static X509Certificate2 CreateRoot()
    {
        var request = new CertificateRequest("CN=SmimeKit Test Root", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(_from, _to);
    }

    private static Certificate Issue(CertificateRequest request, string address, X509KeyUsageFlags usage)
    {
        if (address.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddEmailAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        byte[] serial = [0x40, .. BitConverter.GetBytes(Interlocked.Increment(ref _serial)), .. RandomNumberGenerator.GetBytes(8)];
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForRSA(_root.Value.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        using X509Certificate2 issued = request.Create(_root.Value.SubjectName, generator, _from, _to, serial);
        return Certificate.FromX509Certificate2(issued);
    }
}
