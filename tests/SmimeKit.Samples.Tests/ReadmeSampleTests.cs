using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Samples.Tests;

public sealed class ReadmeSampleTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sample_FindsTheCertificateOfTheAddress()
    {
        byte[] alice = Issue("alice@example.com", X509KeyUsageFlags.KeyAgreement);
        byte[] aliceSigns = Issue("alice@example.com", X509KeyUsageFlags.DigitalSignature);
        byte[] bob = Issue("bob@example.com", X509KeyUsageFlags.KeyAgreement);
        Assert.Equal(alice, Assert.Single(ReadmeSample.For("Alice@EXAMPLE.com", _now, [bob, aliceSigns, alice])).RawData.ToArray());
        Assert.Empty(ReadmeSample.For("alice@example.com", _now.AddYears(2), [alice]));
    }

    private static byte[] Issue(string address, X509KeyUsageFlags usage)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        var request = new CertificateRequest("CN=A", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("CN=CA"), X509SignatureGenerator.CreateForECDsa(key), _now.AddDays(-1), _now.AddDays(1), [1]);
        return certificate.RawData;
    }
}
