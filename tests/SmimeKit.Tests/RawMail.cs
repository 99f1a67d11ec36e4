using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;

namespace SmimeKit.Tests;

/// <summary>Mails put together byte by byte, as no mail software would send them.</summary>
internal static class RawMail
{
    internal const string Entity = "Content-Type: text/plain; charset=us-ascii\r\n\r\nWhat was written.\r\nSecond line.\r\n";
    internal const string Boundary = "=-sep";

    internal static string Header { get; } =
        "From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nDate: Mon, 01 Jun 2026 12:00:00 +0000\r\nSubject: raw\r\nMIME-Version: 1.0\r\n";

    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    internal static string Text(byte[] octets) => Encoding.Latin1.GetString(octets);

    internal static string Base64(byte[] octets) =>
        string.Concat(Convert.ToBase64String(octets).Chunk(76).Select(line => new string(line) + "\r\n"));

    internal static async Task<byte[]> SignAsync(
        byte[] content, bool detached, TestPerson? signer = null, DigestAlgorithm? digest = null, params Certificate[] carried)
    {
        TestPerson person = signer ?? TestPerson.AliceRsa;
        using var cms = new MemoryStream();
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(person.SigningKey) { Digest = digest, SigningTime = TestPerson.Now }],
            IsDetached = detached,
            Certificates = [person.SigningCertificate, .. carried],
        };
        using SignedDataWriter writer = await SignedDataWriter.OpenAsync(cms, options);
        await writer.Content.WriteAsync(content);
        await writer.CompleteAsync();
        return cms.ToArray();
    }

    internal static async Task<byte[]> EncryptAsync(byte[] content, TestPerson reader, bool authenticated)
    {
        using var cms = new MemoryStream();
        CertificateRecipient[] recipients = [new CertificateRecipient(reader.EncryptionCertificate)];
        if (authenticated)
        {
            var aead = new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = ContentEncryptionAlgorithm.Aes256Gcm };
            using AuthEnvelopedDataWriter writer = await AuthEnvelopedDataWriter.OpenAsync(cms, aead);
            await writer.Content.WriteAsync(content);
            await writer.CompleteAsync();
        }
        else
        {
            var cbc = new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = ContentEncryptionAlgorithm.Aes128Cbc };
            using EnvelopedDataWriter writer = await EnvelopedDataWriter.OpenAsync(cms, cbc);
            await writer.Content.WriteAsync(content);
            await writer.CompleteAsync();
        }

        return cms.ToArray();
    }

    /// <summary>An entity of the usual type with CMS as base64.</summary>
    internal static string Pkcs7Mime(byte[] cms) =>
        "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Base64(cms);

    internal static string SignaturePart(byte[] signature) =>
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Base64(signature);

    /// <summary>The parts of a multipart with their delimiters.</summary>
    internal static string Parts(params string[] parts) =>
        string.Concat(parts.Select(p => $"--{Boundary}\r\n{p}\r\n")) + $"--{Boundary}--\r\n";

    internal static string MultipartSigned(string parameters, string signedEntity, string signaturePart) =>
        $"Content-Type: multipart/signed; boundary=\"{Boundary}\"{parameters}\r\n\r\n" + Parts(signedEntity, signaturePart);

    /// <summary>A clear-signed entity as it should be.</summary>
    internal static async Task<string> ClearSignedAsync(string? entity = null, TestPerson? signer = null) => MultipartSigned(
        "; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
        entity ?? Entity,
        SignaturePart(await SignAsync(Bytes(entity ?? Entity), detached: true, signer)));

    internal static Task<(SmimeReport Report, byte[] Content)> OpenAsync(string mail, SmimeOpenOptions? options = null) =>
        OpenAsync(new MemoryStream(Bytes(mail)), options);

    internal static async Task<(SmimeReport Report, byte[] Content)> OpenAsync(Stream mail, SmimeOpenOptions? options = null)
    {
        using var content = new MemoryStream();
        SmimeReport report = await new SmimeOpener(options ?? TestMail.OpenOptions()).OpenAsync(mail, content);
        return (report, content.ToArray());
    }

    /// <summary>Asserts that a mail is validly signed by Alice and holds exactly the entity, whole and byte by byte.</summary>
    internal static async Task AssertValidAsync(string mail, string? entity = null, params string[] warnings)
    {
        foreach (Stream stream in new Stream[] { new MemoryStream(Bytes(mail)), DribblingStream.InChunks(Bytes(mail), 1) })
        {
            (SmimeReport report, byte[] content) = await OpenAsync(stream, TestMail.OpenOptions(TestPerson.BobRsa));
            Assert.True(report.Outcome == MessageOutcome.Valid, $"{report.Outcome}: {string.Join("; ", report.Signatures.SelectMany(s => s.Problems))}");
            Assert.Equal("alice@example.org", Assert.Single(report.Signatures).MatchedAddress);
            Assert.Equal(entity ?? Entity, Text(content));
            Assert.Equal(warnings, report.Warnings);
        }
    }
}
