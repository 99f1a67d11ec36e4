using SmimeKit.Certificates;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Tests.Enveloped;

namespace SmimeKit.Cms.Tests.Authenticated;

/// <summary>AuthenticatedData written and read.</summary>
internal static class AuthenticatedMessage
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    internal static AuthenticatedDataWriterOptions For(params TestIdentity[] recipients) =>
        new() { Recipients = [.. recipients.Select(r => new CertificateRecipient(r.Certificate))] };

    internal static byte[] Write(byte[] content, AuthenticatedDataWriterOptions options)
    {
        var output = new MemoryStream();
        using AuthenticatedDataWriter writer = AuthenticatedDataWriter.Open(output, options);
        writer.Content.Write(content, 0, content.Length);
        writer.Complete();
        return output.ToArray();
    }

    internal static (byte[] Content, AuthenticatedDataReport Report) Read(
        byte[] message, TestIdentity recipient, CmsPolicy? policy = null, ReleaseMode mode = ReleaseMode.Verified, byte[]? detached = null) =>
        Read(message, [recipient.Key], new CmsReaderOptions { Policy = policy ?? CmsPolicy.Default, ReleaseMode = mode }, detached);

    internal static (byte[] Content, AuthenticatedDataReport Report) Read(
        byte[] message, IDecryptionKey[] keys, CmsReaderOptions options, byte[]? detached = null)
    {
        using AuthenticatedDataReader reader = AuthenticatedDataReader.Open(new MemoryStream(message), options);
        reader.Authenticate(keys, Now);
        var content = new MemoryStream();
        reader.Content.CopyTo(content);
        if (detached is not null)
        {
            reader.TakeDetached(new MemoryStream(detached));
        }

        return (content.ToArray(), reader.Complete());
    }

    internal static async Task<(byte[] Content, AuthenticatedDataReport Report)> ReadAsync(
        Stream message, TestIdentity recipient, CmsReaderOptions? options = null)
    {
        await using var reader = (AuthenticatedDataReader)await CmsReader.OpenAsync(message, options);
        await reader.AuthenticateAsync([recipient.Key], Now);
        var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return (content.ToArray(), await reader.CompleteAsync());
    }
}
