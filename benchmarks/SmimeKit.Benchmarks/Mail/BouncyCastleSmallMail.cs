using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Utilities.Collections;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>Bouncy Castle: SignedData inside EnvelopedData without MIME; the certificate is verified with its issuer's key.</summary>
internal sealed class BouncyCastleSmallMail(Person person) : SmallMail
{
    private readonly byte[] _content = Encoding.ASCII.GetBytes(Text);
    private readonly BcCertificate _issuer = new(person.Issuer.Certificate.RawData);

    internal override string Name => "Bouncy Castle";

    internal override byte[] SignEncrypt()
    {
        var signer = new CmsSignedDataGenerator();
        signer.AddSigner(person.BcSigningKey, person.BcSigning, NistObjectIdentifiers.IdSha256.Id);
        signer.AddCertificates(CollectionUtilities.CreateStore<BcCertificate>([person.BcSigning]));
        byte[] signed = signer.Generate(new CmsProcessableByteArray(_content), encapsulate: true).GetEncoded();
        var encryptor = new CmsEnvelopedDataGenerator();
        encryptor.AddKeyTransRecipient(person.BcEncryption);
        return encryptor.Generate(new CmsProcessableByteArray(signed), NistObjectIdentifiers.IdAes128Cbc).GetEncoded();
    }

    internal override void DecryptVerify(byte[] mail)
    {
        var enveloped = new CmsEnvelopedData(mail);
        foreach (RecipientInformation recipient in enveloped.GetRecipientInfos().GetRecipients())
        {
            var signed = new CmsSignedData(recipient.GetContent(person.BcEncryptionKey));
            SignerInformation signer = signed.GetSignerInfos().GetSigners().First();
            BcCertificate certificate = signed.GetCertificates().EnumerateMatches(signer.SignerID).First();
            certificate.Verify(_issuer.GetPublicKey());
            Require(signer.Verify(certificate));
        }
    }
}
