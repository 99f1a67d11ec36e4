using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>SmimeKit: <c>multipart/signed</c> inside <c>application/pkcs7-mime</c>, and a report with a trusted signer.</summary>
internal sealed class SmimeKitSmallMail : SmallMail
{
    private static readonly ProtectionLayer[] _layers = [ProtectionLayer.Sign, ProtectionLayer.Encrypt];

    private readonly MimeMessage _message;
    private readonly SmimeProtector _protector;
    private readonly SmimeOpener _opener;

    internal SmimeKitSmallMail(Person person)
    {
        _message = Compose(person);
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

    internal override byte[] SignEncrypt()
    {
        using var output = new MemoryStream();
        _protector.ProtectAsync(_message, _layers, output).AsTask().GetAwaiter().GetResult();
        return output.ToArray();
    }

    internal override void DecryptVerify(byte[] mail)
    {
        using var input = new MemoryStream(mail, writable: false);
        using var output = new MemoryStream();
        SmimeReport report = _opener.OpenAsync(input, output).AsTask().GetAwaiter().GetResult();
        Require(report.Signatures[0].IsTrusted);
    }
}
