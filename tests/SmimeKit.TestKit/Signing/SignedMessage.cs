using Xunit;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.TestKit.Signing;

/// <summary>Reads a whole SignedData: what came out, and the report.</summary>
public sealed record SignedMessage(SignedDataReport Report, byte[] Content)
{
    /// <summary>The instant at which the tests judge.</summary>
    public static readonly DateTimeOffset At = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gets the verdict of the only signer.</summary>
    public SignerVerdict Verdict => Assert.Single(Report.Signers).Verdict;

    /// <summary>Reads synchronously; <paramref name="detached"/> is digested when the message carries no content.</summary>
    public static SignedMessage Read(
        Stream message, byte[]? detached = null, CmsReaderOptions? options = null, SignerCertificateResolver? resolver = null)
    {
        using SignedDataReader reader = SignedDataReader.Open(message, options);
        using var content = new MemoryStream();
        if (reader.IsDetached && detached is not null)
        {
            reader.DigestDetached(new MemoryStream(detached));
            content.Write(detached);
        }
        else
        {
            reader.Content.CopyTo(content);
        }

        return new SignedMessage(reader.Complete(At, resolver), content.ToArray());
    }

    /// <inheritdoc cref="Read(Stream, byte[], CmsReaderOptions, SignerCertificateResolver)"/>
    public static SignedMessage Read(
        byte[] message, byte[]? detached = null, CmsReaderOptions? options = null, SignerCertificateResolver? resolver = null) =>
        Read(new MemoryStream(message), detached, options, resolver);

    /// <summary>Reads asynchronously.</summary>
    public static async Task<SignedMessage> ReadAsync(
        Stream message, byte[]? detached = null, CmsReaderOptions? options = null, SignerCertificateResolver? resolver = null)
    {
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(message, options);
        using var content = new MemoryStream();
        if (reader.IsDetached && detached is not null)
        {
            await reader.DigestDetachedAsync(DribblingStream.InChunks(detached, 1000));
            content.Write(detached);
        }
        else
        {
            await reader.Content.CopyToAsync(content);
        }

        return new SignedMessage(await reader.CompleteAsync(At, resolver), content.ToArray());
    }

    /// <summary>Asserts that every signer is valid, with these certificates in any order, over this content.</summary>
    public void AssertValid(IEnumerable<TestIdentity> signers, byte[] content)
    {
        Assert.All(Report.Signers, s => Assert.IsType<SignerVerdict.Valid>(s.Verdict));
        Assert.Equal(
            signers.Select(s => s.Certificate.SerialNumberHex).Order(),
            Report.Signers.Select(s => s.Certificate!.SerialNumberHex).Order());
        Assert.Equal(content, Content);
    }
}
