using SmimeKit.Certificates;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests;

public sealed class CertificateTests
{
    public static TheoryData<string> PublishedCertificates() =>
        [.. Vectors.Entries.Where(e => e.Kind == "cert" && e.Group.StartsWith("pkits", StringComparison.Ordinal)).Select(e => e.Path).Take(50)];

    [Fact]
    [Trait("Requirement", "R3850-3-f")]
    public void EmailAddresses_OfThunderbirdAlice_ComeFromSubjectAltName()
    {
        using var pkcs12 = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12FromFile(
            Vectors.PathOf("thunderbird-smime/Alice.p12"), "nss");
        Certificate certificate = Certificate.FromX509Certificate2(pkcs12);
        Assert.Equal(["Alice@example.com"], certificate.EmailAddresses);
    }

    [Fact]
    public void Decode_EveryTruncation_IsMalformed()
    {
        byte[] der = Vectors.Read("pkits-2011/certs/GoodCACert.crt");
        for (int length = 0; length < der.Length; length++)
        {
            Assert.Throws<MalformedDataException>(() => Certificate.Decode(der.AsMemory(0, length)));
        }
    }
}
