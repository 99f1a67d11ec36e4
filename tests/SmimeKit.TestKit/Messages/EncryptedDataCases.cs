using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>EncryptedData with every cipher that it takes, with the key as it is and derived from it.</summary>
public static class EncryptedDataCases
{
    public static IEnumerable<MessageCase> All { get; } =
    [
        .. ContentEncryptionAlgorithm.BuiltIn.Where(a => !a.IsAuthenticated && a.Name != "DES-CBC").SelectMany(cipher => new[]
        {
            Create(cipher, definite: true),
            Create(cipher, definite: false),
        }),
    ];

    private static MessageCase Create(ContentEncryptionAlgorithm cipher, bool definite)
    {
        byte[] key = [.. Enumerable.Range(1, cipher.KeySize).Select(i => (byte)(i * 11))];
        var options = new EncryptedDataWriterOptions
        {
            Key = key,
            Algorithm = cipher,
            ContentLength = definite ? MessageCase.Content.Length : null,
            DerivesContentKey = definite,
            Policy = CmsPolicy.Legacy,
        };
        return new MessageCase($"encryptedData/{cipher.Name}/{(definite ? "definite" : "indefinite")}", "1.2.840.113549.1.7.6")
        {
            Open = async (output, synchronous) =>
                synchronous ? EncryptedDataWriter.Open(output, options) : await EncryptedDataWriter.OpenAsync(output, options),
            Unlock = (reader, _) =>
            {
                ((EncryptedDataReader)reader).Decrypt(key, SignedMessage.At);
                return ValueTask.CompletedTask;
            },
            Complete = async (reader, synchronous) =>
                _ = synchronous ? ((EncryptedDataReader)reader).Complete() : await ((EncryptedDataReader)reader).CompleteAsync(),
            Options = new CmsReaderOptions { Policy = CmsPolicy.Legacy },
            RevealsChanges = false,
        };
    }
}
