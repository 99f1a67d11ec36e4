using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Benchmarks.Crowd;

/// <summary>SmimeKit. Its limits are those of mail, so the number of signers is raised.</summary>
internal sealed class SmimeKitCrowd(People people) : CrowdContestant
{
    private static readonly CmsReaderOptions _options = new() { Limits = new CmsLimits { MaxSigners = SignerCount } };

    private readonly CertificateRecipient[] _recipients =
        [.. people.Recipients(RecipientCount).Select(c => new CertificateRecipient(Certificate.FromX509Certificate2(c)))];

    private readonly CmsSigner[] _signers =
        [.. people.Signers(SignerCount).Select(c => new CmsSigner(SigningKey.FromX509Certificate2(c)) { SigningTime = Person.Now })];

    internal override string Name => "SmimeKit";

    internal override byte[] Encrypt()
    {
        using var output = new MemoryStream();
        using EnvelopedDataWriter writer = EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions
        {
            Recipients = _recipients,
            Algorithm = ContentEncryptionAlgorithm.Aes128Cbc,
            ContentLength = people.Content.Length,
        });
        writer.Content.Write(people.Content);
        writer.Complete();
        return output.ToArray();
    }

    internal override void Decrypt(byte[] message)
    {
        using EnvelopedDataReader reader = EnvelopedDataReader.Open(new MemoryStream(message));
        reader.Decrypt([people.Last.DecryptionKey], Person.Now);
        reader.Content.CopyTo(Stream.Null);
        Require(reader.Complete().ContentLength == people.Content.Length);
    }

    internal override byte[] Sign()
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Signers = _signers,
            Certificates = [.. _signers.Select(s => s.Key.Certificate)],
            ContentLength = people.Content.Length,
        });
        writer.Content.Write(people.Content);
        writer.Complete();
        return output.ToArray();
    }

    internal override void Verify(byte[] message)
    {
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(message), _options);
        reader.Content.CopyTo(Stream.Null);
        SignedDataReport report = reader.Complete(Person.Now);
        Require(report.Signers.Length == SignerCount && report.Signers.All(s => s.Verdict is SignerVerdict.Valid));
    }
}
