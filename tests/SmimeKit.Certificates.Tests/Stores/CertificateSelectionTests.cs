using System.Security.Cryptography.X509Certificates;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Certificates.Tests.Stores;

public sealed class CertificateSelectionTests
{
    [Theory]
    [InlineData("Alice@Example.COM", "alice@example.com", true)]
    [InlineData("alice@bücher.example", "alice@xn--bcher-kva.example", true)]
    [InlineData("ALICE@BÜCHER.example", "alice@bücher.example", true)]
    [InlineData("jürgen@example.com", "jürgen@EXAMPLE.com", true)]
    [InlineData("jürgen@example.com", "JÜRGEN@example.com", false)] // RFC 9598 §5: by octets
    [InlineData("j\u00fcrgen@example.com", "ju\u0308rgen@example.com", false)] // composed and decomposed
    [InlineData("alice@example.com", "alice@example.org", false)]
    [Trait("Requirement", "R9598-5-a")]
    public void AddressKey_AgreesWithTheComparison(string left, string right, bool equal)
    {
        Assert.Equal(equal, EmailAddressComparison.AreEqual(left, right));
        Assert.Equal(equal, CertificateIndex.AddressKey(left) == CertificateIndex.AddressKey(right));
    }

    [Fact]
    public void AddressKey_OfNoAddress_IsNull() => Assert.Null(CertificateIndex.AddressKey("alice"));

    [Fact]
    public void NameKey_IsEqualForEqualNamesOnly()
    {
        byte[] key = CertificateIndex.NameKey(Make(subject: "O=ACME  Ltd").Subject);
        Assert.Equal(key, CertificateIndex.NameKey(Make(subject: "O=acme ltd").Subject));
        Assert.NotEqual(key, CertificateIndex.NameKey(Make(subject: "O=acme ltx").Subject));
        Assert.Equal(32, CertificateIndex.NameKey(new DistinguishedName(new byte[] { 1, 2, 3 })).Length);
    }

    [Fact]
    public void Matches_WithMalformedExtensions_IsFalseAndNoException()
    {
        Certificate broken = WithBrokenExtension("2.5.29.17");
        Assert.False(Matches(broken, new CertificateQuery { Purpose = CertificatePurpose.Any, EmailAddress = "alice@example.com" }));
        Assert.True(Matches(broken, new CertificateQuery { Purpose = CertificatePurpose.Any }));
        broken = WithBrokenExtension("2.5.29.15");
        Assert.False(Matches(broken, new CertificateQuery { Purpose = CertificatePurpose.EmailSigning }));
        Assert.False(Matches(broken, new CertificateQuery { Purpose = CertificatePurpose.EmailEncryption }));
        broken = WithBrokenExtension("2.5.29.14");
        Assert.Equal(2, CertificateIndex.SubjectKeyIdentifiers(broken).Count);
    }

    [Fact]
    public void Rank_IsTheSameForEveryOrderOfCandidates()
    {
        StoredCertificate[] candidates =
        [
            .. Enumerable.Range(0, 12).Select(i => new StoredCertificate(
                Make(days: 100 + (i / 4)), i % 5 == 0 ? CertificateProvenance.Pinned : CertificateProvenance.Imported, "")),
        ];
        var query = new CertificateQuery { Purpose = CertificatePurpose.Any };
        IEnumerable<Certificate> expected = CertificateSelection.Rank(query, candidates).Select(c => c.Certificate).ToArray();
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            random.Shuffle(candidates);
            Assert.Equal(expected, CertificateSelection.Rank(query, candidates).Select(c => c.Certificate));
        }
    }

    private static bool Matches(Certificate certificate, CertificateQuery query) => CertificateSelection.Matches(query, certificate);

    private static Certificate WithBrokenExtension(string oid)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new CertificateRequest("CN=Broken", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(oid, [0x31, 0x03, 0x01], critical: false));
        using X509Certificate2 certificate = request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), Epoch, Epoch.AddDays(1), [1]);
        return Certificate.FromX509Certificate2(certificate);
    }
}
