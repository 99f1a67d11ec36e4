using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Encryption and decryption of whole messages, in the shapes that many tests share.</summary>
internal static class Envelope
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    internal static CmsReaderOptions Legacy { get; } = new() { Policy = CmsPolicy.Legacy };

    internal static CertificateRecipient For(TestIdentity identity) => new(identity.Certificate);

    internal static byte[] Seal(byte[] content, ContentEncryptionAlgorithm algorithm, params EnvelopeRecipient[] recipients) =>
        algorithm.IsAuthenticated
            ? Seal(content, new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, Policy = PolicyFor(algorithm) })
            : Seal(content, new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, Policy = PolicyFor(algorithm) });

    /// <summary>Gets the default policy, or that for archives where the default does not write a cipher.</summary>
    internal static CmsPolicy PolicyFor(ContentEncryptionAlgorithm algorithm) =>
        CmsPolicy.Default.FindContentEncryptionObjection(algorithm.Oid, Now) is null ? CmsPolicy.Default : CmsPolicy.Legacy;

    internal static byte[] Seal(byte[] content, EnvelopedDataWriterOptions options)
    {
        var output = new MemoryStream();
        using EnvelopedDataWriter writer = EnvelopedDataWriter.Open(output, options);
        return Write(writer, content, output);
    }

    internal static byte[] Seal(byte[] content, AuthEnvelopedDataWriterOptions options)
    {
        var output = new MemoryStream();
        using AuthEnvelopedDataWriter writer = AuthEnvelopedDataWriter.Open(output, options);
        return Write(writer, content, output);
    }

    internal static Opened Open(byte[] message, params TestIdentity[] identities) =>
        Open(message, CmsReaderOptions.Default, [.. identities.Select(i => i.Key)]);

    internal static Opened Open(byte[] message, CmsReaderOptions options, params IDecryptionKey[] keys)
    {
        using EncryptedContentReader reader = OpenReader(new MemoryStream(message), options);
        return Read(reader, new RecipientKeys { PrivateKeys = keys });
    }

    internal static Opened Open(byte[] message, RecipientKeys keys, CmsReaderOptions? options = null)
    {
        using EncryptedContentReader reader = OpenReader(new MemoryStream(message), options);
        return Read(reader, keys);
    }

    internal static async Task<Opened> OpenAsync(Stream message, CmsReaderOptions options, params IDecryptionKey[] keys)
    {
        await using EncryptedContentReader reader = await OpenReaderAsync(message, options);
        await reader.DecryptAsync(keys, Now);
        var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return new Opened(content.ToArray(), await reader.CompleteAsync());
    }

    internal static EncryptedContentReader OpenReader(Stream message, CmsReaderOptions? options = null)
    {
        options ??= CmsReaderOptions.Default;
        CmsInput input = CmsInput.OpenAsync(message, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return input.ContentType == SmimeKit.Asn1.Oids.AuthEnvelopedData
            ? AuthEnvelopedDataReader.ReadHeaderAsync(input, options, CancellationToken.None).Finish()
            : EnvelopedDataReader.ReadHeaderAsync(input, options, CancellationToken.None).Finish();
    }

    internal static async Task<EncryptedContentReader> OpenReaderAsync(Stream message, CmsReaderOptions options)
    {
        CmsInput input = await CmsInput.OpenAsync(message, options.Limits, synchronous: false, CancellationToken.None);
        return input.ContentType == SmimeKit.Asn1.Oids.AuthEnvelopedData
            ? await AuthEnvelopedDataReader.ReadHeaderAsync(input, options, CancellationToken.None)
            : await EnvelopedDataReader.ReadHeaderAsync(input, options, CancellationToken.None);
    }

    /// <summary>Reads a vector: the body of a mail, or the file as it is.</summary>
    internal static byte[] ReadVector(string path)
    {
        byte[] file = Vectors.Read(path);
        if (file[0] == 0x30)
        {
            return file;
        }

        string text = System.Text.Encoding.Latin1.GetString(file).ReplaceLineEndings("\n");
        int body = text.IndexOf("\n\n", StringComparison.Ordinal);
        return Convert.FromBase64String(text[body..]);
    }

    private static Opened Read(EncryptedContentReader reader, RecipientKeys keys)
    {
        reader.Decrypt(keys, Now);
        var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return new Opened(content.ToArray(), reader.Complete());
    }

    private static byte[] Write(EncryptedContentWriter writer, byte[] content, MemoryStream output)
    {
        writer.Content.Write(content, 0, content.Length);
        writer.Complete();
        return output.ToArray();
    }

    internal sealed record Opened(byte[] Content, DecryptionReport Report);
}
