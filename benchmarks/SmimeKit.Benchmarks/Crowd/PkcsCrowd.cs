using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Crowd;

/// <summary>System.Security.Cryptography.Pkcs.</summary>
internal sealed class PkcsCrowd(People people) : CrowdContestant
{
    private readonly X509Certificate2[] _recipients = [.. people.Recipients(RecipientCount)];
    private readonly X509Certificate2[] _signers = [.. people.Signers(SignerCount)];

    internal override string Name => ".NET Pkcs";

    internal override byte[] Encrypt()
    {
        var cms = new EnvelopedCms(new ContentInfo(people.Content), new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.2")));
        var recipients = new CmsRecipientCollection();
        foreach (X509Certificate2 certificate in _recipients)
        {
            recipients.Add(new CmsRecipient(certificate));
        }

        cms.Encrypt(recipients);
        return cms.Encode();
    }

    internal override void Decrypt(byte[] message)
    {
        var cms = new EnvelopedCms();
        cms.Decode(message);
        cms.Decrypt(new X509Certificate2Collection(people.Last.Encryption));
        Require(cms.ContentInfo.Content.AsSpan().SequenceEqual(people.Content));
    }

    internal override byte[] Sign()
    {
        var cms = new SignedCms(new ContentInfo(people.Content), detached: false);
        foreach (X509Certificate2 certificate in _signers)
        {
            cms.ComputeSignature(new CmsSigner(certificate)
            {
                DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"),
                IncludeOption = X509IncludeOption.EndCertOnly,
            });
        }

        return cms.Encode();
    }

    internal override void Verify(byte[] message)
    {
        var cms = new SignedCms();
        cms.Decode(message);
        cms.CheckSignature(verifySignatureOnly: true);
        Require(cms.SignerInfos.Count == SignerCount);
    }
}
