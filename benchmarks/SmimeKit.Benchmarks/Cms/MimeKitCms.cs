using MimeKit;
using MimeKit.Cryptography;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>MimeKit's own <see cref="SecureMimeContext"/>, over streams.</summary>
internal sealed class MimeKitCms(Person person) : CmsContestant
{
    private readonly TemporarySecureMimeContext _context = person.CreateContext();
    private readonly CmsSigner _signer = person.CreateSigner();

    internal override string Name => "MimeKit";

    internal override bool CanGcm => false;

    internal override void SignDetached(string content, string signature)
    {
        using FileStream input = Read(content);
        using ApplicationPkcs7Signature part = _context.Sign(_signer, input);
        Save(part, signature);
    }

    internal override void VerifyDetached(string content, string signature)
    {
        using FileStream input = Read(content);
        using FileStream message = Read(signature);
        Verify(_context.Verify(input, message));
    }

    internal override void SignAttached(string content, string message)
    {
        using FileStream input = Read(content);
        using ApplicationPkcs7Mime part = _context.EncapsulatedSign(_signer, input);
        Save(part, message);
    }

    internal override void VerifyAttached(string message)
    {
        using FileStream input = Read(message);
        using Stream content = _context.Verify(input, out DigitalSignatureCollection signatures);
        Verify(signatures);
    }

    internal override void Encrypt(string content, string message, bool gcm)
    {
        using FileStream input = Read(content);
        using MimePart part = _context.Encrypt(person.CreateRecipients(), input);
        Save(part, message);
    }

    internal override void Decrypt(string message, string content, bool gcm)
    {
        using FileStream input = Read(message);
        using FileStream output = Write(content);
        _context.DecryptTo(input, output);
    }

    private static void Save(MimePart part, string path)
    {
        using FileStream output = Write(path);
        part.Content!.DecodeTo(output);
    }

    private static void Verify(DigitalSignatureCollection signatures) => Require(signatures[0].Verify(verifySignatureOnly: true));
}
