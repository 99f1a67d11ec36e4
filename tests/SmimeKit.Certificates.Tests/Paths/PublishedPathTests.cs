using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Certificates that others published for testing mail.</summary>
public sealed class PublishedPathTests
{
    [Theory]
    [InlineData("alice.sign.crt", CertificatePurpose.EmailSigning)]
    [InlineData("alice.encrypt.crt", CertificatePurpose.EmailEncryption)]
    [InlineData("bob.sign.crt", CertificatePurpose.EmailSigning)]
    [InlineData("bob.encrypt.crt", CertificatePurpose.EmailEncryption)]
    [Trait("Requirement", "R3850-4.4.2-e")]
    [Trait("Requirement", "R9216-2.2-a")]
    public void Path_OfRfc9216Certificate_IsTrustedForItsPurposeOnly(string file, CertificatePurpose purpose)
    {
        Certificate leaf = Read(file);
        Certificate ca = Read("rsa-ca.crt");
        bool signs = purpose == CertificatePurpose.EmailSigning;
        CertificatePurpose other = signs ? CertificatePurpose.EmailEncryption : CertificatePurpose.EmailSigning;
        PathValidationOptions options = PathTest.Options([ca]) with { Purpose = purpose };

        PathTest.IsTrusted(options.Validate(leaf), leaf, ca);

        PathValidationResult refused = (options with { Purpose = other }).Validate(leaf);
        PathTest.IsUntrusted(refused, PathProblemCodes.KeyUsage);
        Assert.Equal((TrustStatus.Trusted, UsageStatus.Refused), (refused.Trust, refused.Usage));
    }

    [Theory]
    [InlineData("Alice.p12")]
    [InlineData("Bob.p12")]
    [InlineData("Dave.p12")]
    public void Path_OfThunderbirdIdentity_IsTrusted(string file)
    {
        using X509Certificate2 pkcs12 = X509CertificateLoader.LoadPkcs12FromFile(Vectors.PathOf($"thunderbird-smime/{file}"), "nss");
        Certificate leaf = Certificate.FromX509Certificate2(pkcs12);
        Certificate ca = Decode(Vectors.Read("thunderbird-smime/TestCA.pem"));
        PathValidationOptions options = PathTest.Options([ca]) with { At = leaf.NotBefore.AddDays(1) };
        PathTest.IsTrusted(options.Validate(leaf), leaf, ca);
    }

    private static Certificate Read(string file) => Decode(Vectors.Read($"rfc9216/{file}"));

    private static Certificate Decode(byte[] data)
    {
        if (data[0] == 0x30)
        {
            return Certificate.Decode(data);
        }

        string text = Encoding.ASCII.GetString(data);
        return Certificate.Decode(Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]));
    }
}
