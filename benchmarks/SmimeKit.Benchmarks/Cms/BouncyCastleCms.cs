using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Utilities.Collections;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>Bouncy Castle's streaming generators and parsers.</summary>
internal sealed class BouncyCastleCms(Person person) : CmsContestant
{
    internal override string Name => "Bouncy Castle";

    internal override bool CanGcm => false;

    internal override void SignDetached(string content, string signature) => Sign(content, signature, encapsulate: false);

    internal override void VerifyDetached(string content, string signature)
    {
        using FileStream input = Read(content);
        using FileStream message = Read(signature);
        Verify(new CmsSignedDataParser(new CmsTypedStream(input), message));
    }

    internal override void SignAttached(string content, string message) => Sign(content, message, encapsulate: true);

    internal override void VerifyAttached(string message)
    {
        using FileStream input = Read(message);
        Verify(new CmsSignedDataParser(input));
    }

    internal override void Encrypt(string content, string message, bool gcm)
    {
        using FileStream input = Read(content);
        using FileStream output = Write(message);
        var generator = new CmsEnvelopedDataStreamGenerator();
        generator.AddKeyTransRecipient(person.BcEncryption);
        using Stream target = generator.Open(output, CmsEnvelopedGenerator.Aes128Cbc);
        input.CopyTo(target, Step);
    }

    internal override void Decrypt(string message, string content, bool gcm)
    {
        using FileStream input = Read(message);
        using FileStream output = Write(content);
        using var parser = new CmsEnvelopedDataParser(input);
        foreach (RecipientInformation recipient in parser.GetRecipientInfos().GetRecipients())
        {
            recipient.GetContentStream(person.BcEncryptionKey).ContentStream.CopyTo(output, Step);
        }
    }

    private void Sign(string content, string message, bool encapsulate)
    {
        using FileStream input = Read(content);
        using FileStream output = Write(message);
        var generator = new CmsSignedDataStreamGenerator();
        generator.AddSigner(person.BcSigningKey, person.BcSigning, NistObjectIdentifiers.IdSha256.Id);
        generator.AddCertificates(CollectionUtilities.CreateStore<BcCertificate>([person.BcSigning]));
        using Stream target = generator.Open(output, encapsulate);
        input.CopyTo(target, Step);
    }

    private void Verify(CmsSignedDataParser parser)
    {
        using CmsSignedDataParser disposed = parser;
        parser.GetSignedContent().Drain();
        foreach (SignerInformation signer in parser.GetSignerInfos().GetSigners())
        {
            Require(signer.Verify(person.BcSigning));
        }
    }
}
