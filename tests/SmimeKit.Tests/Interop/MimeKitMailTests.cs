using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.X509;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Tests.Interop;

/// <summary>Mails exchanged with MimeKit's own S/MIME context on Bouncy Castle. It knows no AuthEnvelopedData.</summary>
public sealed class MimeKitMailTests : IDisposable
{
    private readonly TemporarySecureMimeContext _context = new() { CheckCertificateRevocation = false };

    public MimeKitMailTests()
    {
        _context.Import(new X509CertificateParser().ReadCertificate(InteropPerson.RootDer));
        foreach (InteropPerson person in new[] { InteropPerson.Rsa, InteropPerson.Ec, InteropPerson.OtherRsa })
        {
            _context.Import(new MemoryStream(person.Pkcs12), InteropPerson.Password);
        }
    }

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("rsa", false)]
    [InlineData("rsa", true)]
    [InlineData("ec", false)]
    public async Task SignedClear_ByUs_IsVerifiedByMimeKit(string name, bool pss)
    {
        InteropPerson signer = InteropPerson.ByName(name);
        MimeMessage mail = await ForeignMail.ProtectAsync(signer, InteropPerson.ProtectOptions(signer, signer) with { UsesPss = pss }, ProtectionLayer.Sign);
        DigitalSignatureCollection signatures = Assert.IsType<MultipartSigned>(mail.Body).Verify(_context);
        Assert.True(Assert.Single(signatures).Verify());
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    public async Task SignedOpaque_ByUs_IsVerifiedByMimeKit(string name)
    {
        InteropPerson signer = InteropPerson.ByName(name);
        MimeMessage mail = await ForeignMail.ProtectAsync(signer, InteropPerson.ProtectOptions(signer, signer) with { Form = SigningForm.Opaque }, ProtectionLayer.Sign);
        DigitalSignatureCollection signatures = Assert.IsType<ApplicationPkcs7Mime>(mail.Body).Verify(_context, out MimeEntity content);
        Assert.True(Assert.Single(signatures).Verify());
        Assert.Equal(TestMail.Text.ReplaceLineEndings(), ((TextPart)((Multipart)content)[0]).Text.ReplaceLineEndings());
    }

    [Fact]
    public async Task SignedAndEncrypted_ByUs_IsOpenedByMimeKit()
    {
        MimeMessage mail = await ForeignMail.ProtectAsync(
            InteropPerson.OtherRsa, InteropPerson.ProtectOptions(InteropPerson.OtherRsa, InteropPerson.Rsa) with { EncryptsToSelf = false }, ProtectionLayer.Sign, ProtectionLayer.Encrypt);
        MimeEntity inner = Assert.IsType<ApplicationPkcs7Mime>(mail.Body).Decrypt(_context);
        Assert.True(Assert.Single(Assert.IsType<MultipartSigned>(inner).Verify(_context)).Verify());
    }

    // Bouncy Castle 2.7.0 hashes NULL parameters of the key wrap into the key derivation, which RFC 3565 §2.3.2 leaves out, and no ukm,
    // which RFC 5753 §7.2 puts in: SharedInfoTests of the interoperability tests prove it, by changing that and nothing else. No correct
    // message is readable for it. When this fails, MimeKit has learned it.
    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public async Task EncryptedForEllipticCurve_ByUs_IsNotOpenedByMimeKit(int keyingMaterial)
    {
        using var cms = new MemoryStream();
        var options = new EnvelopedDataWriterOptions
        {
            Recipients = [new CertificateRecipient(InteropPerson.Ec.Certificate)],
            Algorithm = ContentEncryptionAlgorithm.Aes256Cbc,
            UserKeyingMaterialSize = keyingMaterial,
        };
        using (EnvelopedDataWriter writer = await EnvelopedDataWriter.OpenAsync(cms, options))
        {
            await writer.Content.WriteAsync(RawMail.Bytes(RawMail.Entity));
            await writer.CompleteAsync();
        }

        cms.Position = 0;
        using var secret = new ApplicationPkcs7Mime(SecureMimeType.EnvelopedData, cms);
        Assert.Throws<Org.BouncyCastle.Cms.CmsException>(() => secret.Decrypt(_context));
    }

    [Theory]
    [InlineData("clear", "rsa")]
    [InlineData("clear", "ec")]
    [InlineData("opaque", "rsa")]
    [InlineData("opaque", "ec")]
    [InlineData("signed and encrypted", "rsa")]
    [InlineData("signed and encrypted", "ec")]
    public async Task Protected_ByMimeKit_IsValid(string form, string name)
    {
        InteropPerson signer = InteropPerson.ByName(name);
        using MimeMessage mail = InteropPerson.CreateMail(signer, signer);
        var cmsSigner = new CmsSigner(new MemoryStream(signer.Pkcs12), InteropPerson.Password) { DigestAlgorithm = DigestAlgorithm.Sha256 };
        mail.Body = form switch
        {
            "clear" => MultipartSigned.Create(_context, cmsSigner, mail.Body!),
            "opaque" => ApplicationPkcs7Mime.Sign(_context, cmsSigner, mail.Body!),
            _ => ApplicationPkcs7Mime.SignAndEncrypt(
                _context, cmsSigner, [new CmsRecipient(new X509CertificateParser().ReadCertificate(signer.Certificate.RawData.ToArray()))], mail.Body!),
        };
        using var written = new MemoryStream();
        mail.WriteTo(written);
        written.Position = 0;
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(written, InteropPerson.OpenOptions(signer) with { Policy = CmsPolicy.Legacy });
        Assert.True(report.Outcome == MessageOutcome.Valid, string.Join("; ", report.Signatures.SelectMany(s => s.Problems)));
        Assert.Equal(signer.Address, Assert.Single(report.Signatures).MatchedAddress);
        Assert.StartsWith("Content-Type: multipart/mixed", RawMail.Text(content), StringComparison.Ordinal);
    }
}
