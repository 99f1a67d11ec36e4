using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks;

/// <summary>A certification authority: a root, or one beneath it.</summary>
internal sealed class Issuer
{
    private static readonly DateTimeOffset _from = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _to = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AsymmetricAlgorithm _key;

    private Issuer(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        _key = key;
    }

    internal X509Certificate2 Certificate { get; }

    internal static Issuer CreateRoot(bool rsa)
    {
        AsymmetricAlgorithm key = CreateKey(rsa);
        CertificateRequest request = Request("CN=Benchmark Root, O=Example", key);
        AddAuthority(request);
        using X509Certificate2 certificate = request.Create(new X500DistinguishedName("CN=Benchmark Root, O=Example"), Generator(key), _from, _to, Serial());
        return new Issuer(X509CertificateLoader.LoadCertificate(certificate.RawData), key);
    }

    internal Issuer CreateIntermediate()
    {
        AsymmetricAlgorithm key = CreateKey(_key is RSA);
        CertificateRequest request = Request("CN=Benchmark Intermediate, O=Example", key);
        AddAuthority(request);
        X509Certificate2 certificate = request.Create(Certificate.SubjectName, Generator(_key), _from, _to, Serial());
        return new Issuer(certificate, key);
    }

    internal X509Certificate2 Issue(string address, X509KeyUsageFlags usage, DateTimeOffset from, DateTimeOffset to)
    {
        AsymmetricAlgorithm key = CreateKey(_key is RSA);
        CertificateRequest request = Request($"CN={address.Split('@')[0]}, O=Example", key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false)); // id-kp-emailProtection
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 certificate = request.Create(Certificate.SubjectName, Generator(_key), from, to, Serial());
        return key switch
        {
            RSA rsa => certificate.CopyWithPrivateKey(rsa),
            ECDsa ecdsa when usage == X509KeyUsageFlags.DigitalSignature => certificate.CopyWithPrivateKey(ecdsa),
            _ => certificate.CopyWithPrivateKey(ToAgreement((ECDsa)key)),
        };
    }

    /// <summary>Issues another certificate for the RSA key of one.</summary>
    internal X509Certificate2 Reissue(X509Certificate2 original)
    {
        RSA key = original.GetRSAPrivateKey()!;
        var request = new CertificateRequest(original.SubjectName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        foreach (X509Extension extension in original.Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        using X509Certificate2 certificate = request.Create(Certificate.SubjectName, Generator(_key), original.NotBefore, original.NotAfter, Serial());
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Verifies the signature of a certificate of this issuer, as bare as it gets.</summary>
    internal bool Verifies(ReadOnlySpan<byte> tbs, ReadOnlySpan<byte> signature) => _key switch
    {
        RSA rsa => rsa.VerifyData(tbs, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => ((ECDsa)_key).VerifyData(tbs, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
    };

    private static AsymmetricAlgorithm CreateKey(bool rsa) => rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static ECDiffieHellman ToAgreement(ECDsa key)
    {
        var agreement = ECDiffieHellman.Create();
        agreement.ImportPkcs8PrivateKey(key.ExportPkcs8PrivateKey(), out _);
        return agreement;
    }

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key) => key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)key);

    private static void AddAuthority(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
    }

    private static byte[] Serial() => [0x40, .. RandomNumberGenerator.GetBytes(15)];
}
