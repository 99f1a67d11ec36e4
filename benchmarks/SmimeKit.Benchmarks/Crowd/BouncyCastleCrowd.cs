using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Utilities.Collections;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Benchmarks.Crowd;

/// <summary>Bouncy Castle for .NET, keys at hand.</summary>
internal sealed class BouncyCastleCrowd(People people) : CrowdContestant
{
    private readonly BcCertificate[] _recipients = [.. people.Recipients(RecipientCount).Select(Convert)];
    private readonly (BcCertificate Certificate, Org.BouncyCastle.Crypto.AsymmetricKeyParameter Key)[] _signers =
        [.. people.Signers(SignerCount).Select(c => (Convert(c), Person.ToBouncyCastle(c)))];

    internal override string Name => "Bouncy Castle";

    internal override byte[] Encrypt()
    {
        var generator = new CmsEnvelopedDataGenerator();
        foreach (BcCertificate certificate in _recipients)
        {
            generator.AddKeyTransRecipient(certificate);
        }

        return generator.Generate(new CmsProcessableByteArray(people.Content), new Org.BouncyCastle.Asn1.DerObjectIdentifier(CmsEnvelopedGenerator.Aes128Cbc)).GetEncoded();
    }

    internal override void Decrypt(byte[] message)
    {
        ICollection<RecipientInformation> recipients = new CmsEnvelopedData(message).GetRecipientInfos().GetRecipients();
        RecipientInformation own = recipients.Single(r => r.RecipientID.Match(people.Last.BcEncryption));
        Require(own.GetContent(people.Last.BcEncryptionKey).AsSpan().SequenceEqual(people.Content));
    }

    internal override byte[] Sign()
    {
        var generator = new CmsSignedDataGenerator();
        foreach ((BcCertificate certificate, Org.BouncyCastle.Crypto.AsymmetricKeyParameter key) in _signers)
        {
            generator.AddSigner(key, certificate, CmsSignedGenerator.DigestSha256);
            generator.AddCertificate(certificate);
        }

        return generator.Generate(new CmsProcessableByteArray(people.Content), encapsulate: true).GetEncoded();
    }

    internal override void Verify(byte[] message)
    {
        var cms = new CmsSignedData(message);
        IStore<BcCertificate> certificates = cms.GetCertificates();
        Require(cms.GetSignerInfos().GetSigners().All(s => s.Verify(certificates.EnumerateMatches(s.SignerID).Single())));
    }

    private static BcCertificate Convert(X509Certificate2 certificate) => new(certificate.RawData);
}
