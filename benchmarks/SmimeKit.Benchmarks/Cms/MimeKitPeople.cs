using MimeKit.Cryptography;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>A person in MimeKit's terms.</summary>
internal static class MimeKitPeople
{
    extension(Person person)
    {
        /// <summary>Makes a context that knows the person's keys and their issuer.</summary>
        internal TemporarySecureMimeContext CreateContext()
        {
            var context = new TemporarySecureMimeContext { CheckCertificateRevocation = false };
            context.Import(person.Issuer.Certificate);
            context.Import(person.Signing);
            context.Import(person.Encryption);
            return context;
        }

        internal CmsSigner CreateSigner() => new(person.BcSigning, person.BcSigningKey) { DigestAlgorithm = DigestAlgorithm.Sha256 };

        /// <summary>Makes a recipient that wants AES-128.</summary>
        internal CmsRecipientCollection CreateRecipients() =>
            new() { new CmsRecipient(person.BcEncryption) { EncryptionAlgorithms = [EncryptionAlgorithm.Aes128] } };
    }
}
