using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>Signers that say which certificates may be in their path: RFC 5035 §5.4.1.</summary>
public sealed class AdmittedPathTests
{
    private static readonly DateTimeOffset _from = TestPerson.Now.AddYears(-1);
    private static readonly DateTimeOffset _to = TestPerson.Now.AddYears(1);

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("the intermediate", true)]
    [InlineData("another certificate", false)]
    [Trait("Requirement", "R5035-5.4.1-d")]
    public async Task Open_SignerThatAdmitsCertificates_IsTrustedThroughThoseOnly(string admitted, bool trusted)
    {
        using RSA rootKey = RSA.Create(2048);
        using RSA intermediateKey = RSA.Create(2048);
        using RSA key = RSA.Create(2048);
        using X509Certificate2 root = Authority("Root", rootKey).CreateSelfSigned(_from, _to);
        using X509Certificate2 intermediate = Authority("Intermediate", intermediateKey).Create(
            root.SubjectName, X509SignatureGenerator.CreateForRSA(rootKey, RSASignaturePadding.Pkcs1), _from, _to, [1]);
        using X509Certificate2 leaf = Leaf(key).Create(
            intermediate.SubjectName, X509SignatureGenerator.CreateForRSA(intermediateKey, RSASignaturePadding.Pkcs1), _from, _to, [2]);
        Certificate between = Certificate.FromX509Certificate2(intermediate);
        Certificate signer = Certificate.FromX509Certificate2(leaf);
        IReadOnlyList<Certificate> path = admitted switch
        {
            "nothing" => [],
            "the intermediate" => [between],
            _ => [TestPerson.Root],
        };
        using var message = new MemoryStream();
        using (SignedDataWriter writer = SignedDataWriter.Open(message, new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(SigningKey.Create(signer, key)) { SigningCertificate = new SigningCertificateOptions { Path = path } }],
            Certificates = [signer, between],
        }))
        {
            writer.Content.Write([1, 2, 3]);
            writer.Complete();
        }

        SmimeOpenOptions options = TestMail.OpenOptions() with { Anchors = new FixedAnchors(Certificate.FromX509Certificate2(root)) };
        SmimeReport report = await new SmimeOpener(options).OpenCmsAsync(new MemoryStream(message.ToArray()), Stream.Null);
        SignatureReport signature = Assert.Single(report.Signatures);
        Assert.Equal(trusted, signature.IsTrusted);
        Assert.Equal(trusted ? null : "signing-certificate-path", (signature.Chain as Check.Fail)?.Code);
        Assert.True(signature.Integrity.HasPassed);
    }

    private static CertificateRequest Authority(string name, RSA key)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static CertificateRequest Leaf(RSA key)
    {
        var request = new CertificateRequest("CN=Leaf", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var addresses = new SubjectAlternativeNameBuilder();
        addresses.AddEmailAddress("leaf@example.org");
        request.CertificateExtensions.Add(addresses.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
