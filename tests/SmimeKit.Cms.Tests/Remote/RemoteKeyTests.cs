using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Remote;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Remote;

/// <summary>Every operation with a key works with one that lives in another process, asynchronously and without an export.</summary>
public sealed class RemoteKeyTests(RemoteKeyTests.Fixture fixture) : IClassFixture<RemoteKeyTests.Fixture>
{
    public static TheoryData<string> Signatures { get; } = [.. SigningScheme.All.Select(s => s.Name)];

    public static TheoryData<string> Recipients { get; } = [.. RecipientRow.All.Where(r => r.Identity is not null).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task Sign_WithAKeyInAnotherProcess_IsValid(string name)
    {
        SigningScheme scheme = SigningScheme.All.Single(s => s.Name == name);
        RemoteKey key = await fixture.Process.TakeAsync(scheme.Signer());
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(key) { Digest = scheme.Digest, UsePss = scheme.Pss }],
            Certificates = [key.Certificate],
            Policy = scheme.Policy,
        };
        using var message = new MemoryStream();
        await using (SignedDataWriter writer = await SignedDataWriter.OpenAsync(message, options))
        {
            await writer.Content.WriteAsync(MessageCase.Content);
            await writer.CompleteAsync();
        }

        message.Position = 0;
        (await SignedMessage.ReadAsync(message, options: scheme.ReaderOptions)).AssertValid([scheme.Signer()], MessageCase.Content);
        Assert.Equal(1, key.Operations);
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    public async Task Decrypt_WithAKeyInAnotherProcess_GivesTheContent(string name)
    {
        RecipientRow row = RecipientRow.All.Single(r => r.Name == name);
        RemoteKey key = await fixture.Process.TakeAsync(row.Identity!());
        MessageCase subject = MessageCases.All.First(c => c.Name.Contains($"/{name}/", StringComparison.Ordinal));
        MessageCase remote = subject with
        {
            Unlock = (reader, _) => ((EncryptedContentReader)reader).DecryptAsync(row.Keys() with { PrivateKeys = [key] }, SignedMessage.At),
        };
        byte[] message = await subject.WriteAsync(MessageCase.Content, synchronous: false);

        Assert.Equal(MessageCase.Content, await remote.ReadAsync(new MemoryStream(message), synchronous: false));
        Assert.Equal(1, key.Operations);
    }

    [Fact]
    public async Task WrapAndUnwrap_WithAKeyInAnotherProcess_GiveTheContent()
    {
        using KeyEncryptionKey local = RecipientRow.Secret();
        RemoteKeyEncryptionKey key = await fixture.Process.TakeAsync(local.Identifier, RecipientRow.SecretOctets, local.Algorithm);
        using var message = new MemoryStream();
        await using (EnvelopedDataWriter writer = await EnvelopedDataWriter.OpenAsync(message, new() { Recipients = [new KeyEncryptionKeyRecipient(key)] }))
        {
            await writer.Content.WriteAsync(MessageCase.Content);
            await writer.CompleteAsync();
        }

        foreach (IKeyEncryptionKey reader in new IKeyEncryptionKey[] { key, local })
        {
            message.Position = 0;
            Assert.Equal(MessageCase.Content, await ReadAsync(message, reader));
        }
    }

    private static async Task<byte[]> ReadAsync(Stream message, IKeyEncryptionKey key)
    {
        await using EnvelopedDataReader reader = await EnvelopedDataReader.OpenAsync(message);
        await reader.DecryptAsync(new RecipientKeys { KeyEncryptionKeys = [key] }, SignedMessage.At);
        using var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        _ = await reader.CompleteAsync();
        return content.ToArray();
    }

    public sealed class Fixture : IAsyncDisposable
    {
        public KeyProcess Process { get; } = KeyProcess.Start();

        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
