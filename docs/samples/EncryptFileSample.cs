using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Samples;

public static class EncryptFileSample
{
    public static async Task EncryptAsync(Stream content, Stream message, params Certificate[] recipients)
    {
        var options = new AuthEnvelopedDataWriterOptions
        {
            Recipients = [.. recipients.Select(r => new CertificateRecipient(r))],
            Algorithm = ContentEncryptionAlgorithm.Aes256Gcm,
        };
        await using AuthEnvelopedDataWriter writer = await AuthEnvelopedDataWriter.OpenAsync(message, options);
        await content.CopyToAsync(writer.Content);
        await writer.CompleteAsync();
    }

    public static async Task DecryptAsync(Stream message, Stream content, IDecryptionKey key, DateTimeOffset at)
    {
        await using CmsContentReader reader = await CmsReader.OpenAsync(message); // DER, BER, PEM or base64
        if (reader is not EncryptedContentReader encrypted)
        {
            throw new InvalidDataException($"This is {reader.ContentType}, not an encrypted message.");
        }

        await encrypted.DecryptAsync([key], at);
        await encrypted.Content.CopyToAsync(content); // nothing comes out before the tag has verified
        await encrypted.CompleteAsync();
    }
}
