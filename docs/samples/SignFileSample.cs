using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;

namespace SmimeKit.Samples;

public static class SignFileSample
{
    public static async Task SignAsync(Stream content, Stream signature, ISigningKey key, DateTimeOffset at)
    {
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(key) { SigningTime = at }],
            Certificates = [key.Certificate, .. key.Chain],
            IsDetached = true,
        };
        await using SignedDataWriter writer = await SignedDataWriter.OpenAsync(signature, options);
        await content.CopyToAsync(writer.Content);
        await writer.CompleteAsync();
    }

    public static async Task<IReadOnlyList<SignerReport>> VerifyAsync(Stream content, Stream signature, DateTimeOffset at)
    {
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(signature);
        await reader.DigestDetachedAsync(content);
        SignedDataReport report = await reader.CompleteAsync(at);
        return report.Signers; // a valid signature says which key signed, not yet whose it is
    }
}
