using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>System.Security.Cryptography.Pkcs: SignedData inside EnvelopedData without MIME; the path is built by X509Chain.</summary>
internal sealed class PkcsSmallMail(Person person) : SmallMail
{
    private readonly byte[] _content = Encoding.ASCII.GetBytes(Text);

    internal override string Name => ".NET Pkcs";

    internal override byte[] SignEncrypt()
    {
        var signed = new SignedCms(new ContentInfo(_content));
        signed.ComputeSignature(new CmsSigner(person.Signing)
        {
            DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"),
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        var enveloped = new EnvelopedCms(new ContentInfo(signed.Encode()), new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.2")));
        enveloped.Encrypt(new CmsRecipient(person.Encryption));
        return enveloped.Encode();
    }

    internal override void DecryptVerify(byte[] mail)
    {
        var enveloped = new EnvelopedCms();
        enveloped.Decode(mail);
        enveloped.Decrypt(new X509Certificate2Collection(person.Encryption));
        var signed = new SignedCms();
        signed.Decode(enveloped.ContentInfo.Content);
        signed.CheckSignature(verifySignatureOnly: true);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(person.Issuer.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Person.Now.UtcDateTime;
        Require(chain.Build(signed.SignerInfos[0].Certificate!));
    }
}
