using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>EnvelopedData and AuthEnvelopedData: every way to a recipient, and every cipher, each with definite lengths and without.</summary>
public static class EnvelopeCases
{
    private static readonly CmsReaderOptions _legacy = new() { Policy = CmsPolicy.Legacy };

    /// <summary>Gets the ciphers that are written.</summary>
    public static IReadOnlyList<ContentEncryptionAlgorithm> Ciphers { get; } =
        [.. ContentEncryptionAlgorithm.BuiltIn.Where(a => a != ContentEncryptionAlgorithm.DesCbc)];

    public static IEnumerable<MessageCase> All { get; } =
    [
        .. RecipientRow.All.Where(r => r != RecipientRow.Cheapest).SelectMany(
            (row, i) => row.Ciphers.Select((cipher, j) => Create(row, cipher, ((i + j) & 1) == 0))),
        .. Ciphers.SelectMany(cipher => new[]
        {
            Create(RecipientOf(cipher), cipher, definite: true),
            Create(RecipientOf(cipher), cipher, definite: false),
        }),
    ];

    private static MessageCase Create(RecipientRow row, ContentEncryptionAlgorithm cipher, bool definite)
    {
        string name = $"{(cipher.IsAuthenticated ? "authEnvelopedData" : "envelopedData")}/{row.Name}/{cipher.Name}/{(definite ? "definite" : "indefinite")}";
        long? length = definite ? MessageCase.Content.Length : null;
        var authenticated = new AuthEnvelopedDataWriterOptions
        {
            Recipients = [row.Recipient()],
            Algorithm = cipher.IsAuthenticated ? cipher : ContentEncryptionAlgorithm.Aes128Gcm,
            ContentLength = length,
            Policy = CmsPolicy.Legacy,
        };
        var enveloped = new EnvelopedDataWriterOptions
        {
            Recipients = [row.Recipient()],
            Algorithm = cipher.IsAuthenticated ? ContentEncryptionAlgorithm.Aes128Cbc : cipher,
            ContentLength = length,
            Policy = CmsPolicy.Legacy,
        };
        return new MessageCase(name, cipher.IsAuthenticated ? "1.2.840.113549.1.9.16.1.23" : "1.2.840.113549.1.7.3")
        {
            Open = async (output, synchronous) => cipher.IsAuthenticated
                ? synchronous ? AuthEnvelopedDataWriter.Open(output, authenticated) : await AuthEnvelopedDataWriter.OpenAsync(output, authenticated)
                : synchronous ? EnvelopedDataWriter.Open(output, enveloped) : await EnvelopedDataWriter.OpenAsync(output, enveloped),
            Unlock = async (reader, synchronous) =>
            {
                if (synchronous)
                {
                    ((EncryptedContentReader)reader).Decrypt(row.Keys(), SignedMessage.At);
                }
                else
                {
                    await ((EncryptedContentReader)reader).DecryptAsync(row.Keys(), SignedMessage.At);
                }
            },
            Complete = async (reader, synchronous) =>
                _ = synchronous ? ((EncryptedContentReader)reader).Complete() : await ((EncryptedContentReader)reader).CompleteAsync(),
            Options = _legacy,
            RevealsChanges = cipher.IsAuthenticated,
            Stride = LongTests.Enabled ? 1 : row.Cost,
        };
    }

    // AES key wrap takes no keys below 128 bits (RFC 3394 §2).
    private static RecipientRow RecipientOf(ContentEncryptionAlgorithm cipher) =>
        cipher.KeySize < 16 ? RecipientRow.All.Single(r => r.Name == "rsa-pkcs1") : RecipientRow.Cheapest;
}
