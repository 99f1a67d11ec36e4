using MimeKit;
using MimeKit.Cryptography;
using SmimeKit.Benchmarks.Cms;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>MimeKit: <c>multipart/signed</c> inside <c>application/pkcs7-mime</c>, verified with the path to the anchor.</summary>
internal sealed class MimeKitSmallMail(Person person) : SmallMail
{
    private readonly TemporarySecureMimeContext _context = person.CreateContext();
    private readonly CmsSigner _signer = person.CreateSigner();

    internal override string Name => "MimeKit";

    internal override byte[] SignEncrypt()
    {
        using MimeMessage message = Compose(person);
        using MultipartSigned signed = MultipartSigned.Create(_context, _signer, message.Body!);
        message.Body = ApplicationPkcs7Mime.Encrypt(_context, person.CreateRecipients(), signed);
        using var output = new MemoryStream();
        message.WriteTo(output);
        return output.ToArray();
    }

    internal override void DecryptVerify(byte[] mail)
    {
        using var input = new MemoryStream(mail, writable: false);
        using MimeMessage message = MimeMessage.Load(input);
        using var inner = (MultipartSigned)((ApplicationPkcs7Mime)message.Body!).Decrypt(_context);
        Require(inner.Verify(_context)[0].Verify());
    }
}
