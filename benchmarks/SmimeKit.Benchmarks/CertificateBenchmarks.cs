using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using SmimeKit.Certificates;

namespace SmimeKit.Benchmarks;

/// <summary>Reading one certificate of a mail user: to the point where its fields can be asked for, and to its addresses.</summary>
[MemoryDiagnoser]
public class CertificateBenchmarks
{
    private byte[] _der = [];

    [GlobalSetup]
    public void Issue()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress("alice@example.com");
        var request = new CertificateRequest("CN=Alice, O=Example", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false)); // id-kp-emailProtection
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 certificate = request.CreateSelfSigned(start, start.AddYears(1));
        _der = certificate.RawData;
    }

    [Benchmark(Baseline = true)]
    public int BaseLibraryLoads()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(_der);
        return certificate.Version;
    }

    [Benchmark]
    public int SmimeKitDecodes() => Certificate.Decode(_der).Version;

    [Benchmark]
    public string BaseLibraryFindsAddress()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(_der);
        return certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false);
    }

    [Benchmark]
    public string SmimeKitFindsAddress() => Certificate.Decode(_der).EmailAddresses[0];
}
