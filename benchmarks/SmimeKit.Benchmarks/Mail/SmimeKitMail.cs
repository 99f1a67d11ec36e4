using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>SmimeKit's protector and opener, with their default limits; opening includes the path to the anchor.</summary>
internal sealed class SmimeKitMail : MailContestant
{
    private readonly Person _person;
    private readonly SmimeProtector _protector;
    private readonly SmimeOpener _opener;

    internal SmimeKitMail(Person person)
    {
        _person = person;
        _protector = new SmimeProtector(new SmimeProtectOptions
        {
            SigningKeys = [person.SigningKey],
            Recipients = [person.DecryptionKey.Certificate],
            UsesMessageRecipients = false,
            EncryptsToSelf = false,
            ContentEncryption = ContentEncryptionAlgorithm.Aes128Cbc,
            At = Person.Now,
        });
        _opener = new SmimeOpener(new SmimeOpenOptions
        {
            Anchors = TrustAnchors.FromCertificates([Certificate.FromX509Certificate2(person.Issuer.Certificate)]),
            DecryptionKeys = [person.DecryptionKey],
            At = Person.Now,
        });
    }

    internal override string Name => "SmimeKit";

    internal override void Sign(string attachment, string mail) => Protect(attachment, mail, ProtectionLayer.Sign);

    internal override void Verify(string mail)
    {
        using FileStream input = Read(mail);
        SmimeReport report = _opener.OpenAsync(input, Stream.Null).AsTask().GetAwaiter().GetResult();
        Require(report.Signatures[0].IsTrusted);
    }

    internal override void Encrypt(string attachment, string mail) => Protect(attachment, mail, ProtectionLayer.Encrypt);

    internal override void Open(string mail, string entity)
    {
        using FileStream input = Read(mail);
        using FileStream output = Write(entity);
        SmimeReport report = _opener.OpenAsync(input, output).AsTask().GetAwaiter().GetResult();
        Require(report.Layers[0].Kind == LayerKind.Encrypted);
    }

    private void Protect(string attachment, string mail, ProtectionLayer layer)
    {
        using FileStream input = Read(attachment);
        using FileStream output = Write(mail);
        using MimeMessage message = Compose(_person, input);
        _protector.ProtectAsync(message, [layer], output).AsTask().GetAwaiter().GetResult();
    }
}
