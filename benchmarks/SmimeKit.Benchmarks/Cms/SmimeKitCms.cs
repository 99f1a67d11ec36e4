using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>SmimeKit's streaming readers and writers, with their default limits.</summary>
internal sealed class SmimeKitCms(Person person) : CmsContestant
{
    private readonly CertificateRecipient[] _recipients =
        [new(person.DecryptionKey.Certificate) { KeyTransport = new KeyTransportScheme.Pkcs1() }];

    internal override string Name => "SmimeKit";

    internal override bool CanGcm => true;

    internal override void SignDetached(string content, string signature)
    {
        using FileStream input = Read(content);
        using FileStream output = Write(signature);
        Sign(input, output, detached: true);
    }

    internal override void VerifyDetached(string content, string signature)
    {
        using FileStream input = Read(content);
        using FileStream message = Read(signature);
        using SignedDataReader reader = SignedDataReader.Open(message);
        reader.DigestDetached(input);
        Require(reader.Complete(Person.Now).Signers[0].Verdict is SignerVerdict.Valid);
    }

    internal override void SignAttached(string content, string message)
    {
        using FileStream input = Read(content);
        using FileStream output = Write(message);
        Sign(input, output, detached: false);
    }

    internal override void VerifyAttached(string message)
    {
        using FileStream input = Read(message);
        using SignedDataReader reader = SignedDataReader.Open(input);
        reader.Content.CopyTo(Stream.Null, Step);
        Require(reader.Complete(Person.Now).Signers[0].Verdict is SignerVerdict.Valid);
    }

    internal override void Encrypt(string content, string message, bool gcm)
    {
        using FileStream input = Read(content);
        using FileStream output = Write(message);
        if (gcm)
        {
            using AuthEnvelopedDataWriter authenticated = AuthEnvelopedDataWriter.Open(
                output, new AuthEnvelopedDataWriterOptions { Recipients = _recipients, Algorithm = ContentEncryptionAlgorithm.Aes128Gcm });
            input.CopyTo(authenticated.Content, Step);
            authenticated.Complete();
            return;
        }

        using EnvelopedDataWriter writer = EnvelopedDataWriter.Open(
            output, new EnvelopedDataWriterOptions { Recipients = _recipients, Algorithm = ContentEncryptionAlgorithm.Aes128Cbc });
        input.CopyTo(writer.Content, Step);
        writer.Complete();
    }

    internal override void Decrypt(string message, string content, bool gcm)
    {
        using FileStream input = Read(message);
        using FileStream output = Write(content);
        using EncryptedContentReader reader = gcm ? AuthEnvelopedDataReader.Open(input) : EnvelopedDataReader.Open(input);
        reader.Decrypt([person.DecryptionKey], Person.Now);
        reader.Content.CopyTo(output, Step);
        reader.Complete();
    }

    private void Sign(FileStream input, FileStream output, bool detached)
    {
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(person.SigningKey) { SigningTime = Person.Now }],
            Certificates = [person.SigningKey.Certificate],
            IsDetached = detached,
        };
        using SignedDataWriter writer = SignedDataWriter.Open(output, options);
        input.CopyTo(writer.Content, Step);
        writer.Complete();
    }
}
