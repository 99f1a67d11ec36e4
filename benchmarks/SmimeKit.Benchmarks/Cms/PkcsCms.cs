using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>System.Security.Cryptography.Pkcs: whole arrays, as its API takes them.</summary>
internal sealed class PkcsCms(Person person) : CmsContestant
{
    internal override string Name => ".NET Pkcs";

    internal override bool CanGcm => false;

    internal override void SignDetached(string content, string signature) => Sign(content, signature, detached: true);

    internal override void VerifyDetached(string content, string signature)
    {
        var cms = new SignedCms(new ContentInfo(File.ReadAllBytes(content)), detached: true);
        cms.Decode(File.ReadAllBytes(signature));
        cms.CheckSignature(verifySignatureOnly: true);
    }

    internal override void SignAttached(string content, string message) => Sign(content, message, detached: false);

    internal override void VerifyAttached(string message)
    {
        var cms = new SignedCms();
        cms.Decode(File.ReadAllBytes(message));
        cms.CheckSignature(verifySignatureOnly: true);
    }

    internal override void Encrypt(string content, string message, bool gcm)
    {
        var cms = new EnvelopedCms(new ContentInfo(File.ReadAllBytes(content)), new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.2")));
        cms.Encrypt(new CmsRecipient(person.Encryption));
        File.WriteAllBytes(message, cms.Encode());
    }

    internal override void Decrypt(string message, string content, bool gcm)
    {
        var cms = new EnvelopedCms();
        cms.Decode(File.ReadAllBytes(message));
        cms.Decrypt(new X509Certificate2Collection(person.Encryption));
        File.WriteAllBytes(content, cms.ContentInfo.Content);
    }

    private void Sign(string content, string message, bool detached)
    {
        var cms = new SignedCms(new ContentInfo(File.ReadAllBytes(content)), detached);
        cms.ComputeSignature(new CmsSigner(person.Signing)
        {
            DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"),
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        File.WriteAllBytes(message, cms.Encode());
    }
}
