using System.Text;
using SmimeKit.Certificates.Tests.Paths;
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
    [Trait("Requirement", "R3850-3-g")]
    [Trait("Requirement", "R3850-3-i")]
    public void EmailAddresses_OfACertificateWithOneInItsSubjectOnly_ComeFromThere()
    {
        var authority = new TestAuthority("CN=Root");
        Certificate subjectOnly = authority.Leaf(c => c with { Subject = TestCertificate.Name("E=alice@example.com, CN=Alice"), Extensions = [] });
        Assert.Equal(["alice@example.com"], subjectOnly.EmailAddresses);
        Certificate both = authority.Leaf(c => c with
        {
            Subject = TestCertificate.Name("E=alice@example.com, CN=Alice"), Extensions = [TestAuthority.Addresses("alice@example.org")],
        });
        Assert.Equal(["alice@example.org", "alice@example.com"], both.EmailAddresses);
    }

    [Theory]
    [InlineData("\u533b\u751f@example.com", true)]
    [InlineData("al\u00efce@example.com", true)]
    [InlineData("alice@example.com", false)] // belongs into rfc822Name
    [InlineData("alice@\u5927\u5b66.example", false)]
    [InlineData("@example.com", false)]
    [InlineData("\u533b\u751f", false)]
    [Trait("Requirement", "R9598-3-b")]
    [Trait("Requirement", "R9598-5-c")]
    public void EmailAddresses_OfAnSmtpUtf8Mailbox_CountUnlessTheirLocalPartIsAscii(string mailbox, bool counts)
    {
        byte[] text = Encoding.UTF8.GetBytes(mailbox);
        byte[] value = [0xA0, (byte)(text.Length + 2), 0x0C, (byte)text.Length, .. text];
        byte[] oid = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09];
        byte[] name = [0xA0, (byte)(oid.Length + value.Length), .. oid, .. value];
        Certificate certificate = new TestAuthority("CN=Root").Leaf(
            c => c with { Extensions = [TestAuthority.Raw("2.5.29.17", [0x30, (byte)name.Length, .. name])] });
        Assert.Equal(mailbox, Assert.Single(certificate.SubjectAlternativeNames).Text);
        Assert.Equal(counts ? [mailbox] : [], certificate.EmailAddresses);
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
