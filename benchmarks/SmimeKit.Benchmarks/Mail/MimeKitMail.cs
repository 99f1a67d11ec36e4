using MimeKit;
using MimeKit.Cryptography;
using SmimeKit.Benchmarks.Cms;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>MimeKit's <see cref="SecureMimeContext"/> on its object model.</summary>
internal sealed class MimeKitMail(Person person) : MailContestant
{
    private readonly TemporarySecureMimeContext _context = person.CreateContext();
    private readonly CmsSigner _signer = person.CreateSigner();

    internal override string Name => "MimeKit";

    internal override void Sign(string attachment, string mail)
    {
        using FileStream input = Read(attachment);
        using FileStream output = Write(mail);
        using MimeMessage message = Compose(person, input);
        message.Body = MultipartSigned.Create(_context, _signer, message.Body!);
        message.WriteTo(output);
    }

    internal override void Verify(string mail)
    {
        using FileStream input = Read(mail);
        using MimeMessage message = MimeMessage.Load(input, persistent: true);
        Require(((MultipartSigned)message.Body!).Verify(_context)[0].Verify());
    }

    internal override void Encrypt(string attachment, string mail)
    {
        using FileStream input = Read(attachment);
        using FileStream output = Write(mail);
        using MimeMessage message = Compose(person, input);
        message.Body = ApplicationPkcs7Mime.Encrypt(_context, person.CreateRecipients(), message.Body!);
        message.WriteTo(output);
    }

    internal override void Open(string mail, string entity)
    {
        using FileStream input = Read(mail);
        using FileStream output = Write(entity);
        using MimeMessage message = MimeMessage.Load(input, persistent: true);
        using MimeEntity inner = ((ApplicationPkcs7Mime)message.Body!).Decrypt(_context);
        inner.WriteTo(output);
    }
}
