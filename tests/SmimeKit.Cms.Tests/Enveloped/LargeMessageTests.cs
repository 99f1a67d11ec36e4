using System.Security.Cryptography;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Content beyond every buffer: flat memory, the spool and its traces, cancellation.</summary>
public sealed class LargeMessageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("AES-128-CBC", true, ReleaseMode.Verified)]
    [InlineData("AES-128-CBC", false, ReleaseMode.Verified)]
    [InlineData("AES-256-GCM", true, ReleaseMode.Verified)]
    [InlineData("AES-256-GCM", false, ReleaseMode.Provisional)]
    [Trait("Requirement", "R3369-2-c")]
    [Trait("Requirement", "R5083-2.2-e")]
    public void Content_LargerThanTheLimitInMemory_ComesBackAndLeavesNothingBehind(string cipher, bool definite, ReleaseMode mode)
    {
        const int Size = 5_000_003;
        byte[] content = RandomNumberGenerator.GetBytes(Size);
        byte[] message = Seal(cipher, content, definite);
        var options = new CmsReaderOptions { SpoolFolder = _folder, ReleaseMode = mode };

        Envelope.Opened opened = Envelope.Open(message, options, TestIdentity.Rsa.Key);

        Assert.True(content.AsSpan().SequenceEqual(opened.Content));
        Assert.Equal(Size, opened.Report.ContentLength);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("AES-128-CBC")]
    [InlineData("AES-256-GCM")]
    public void Candidates_ForLargeContent_AreDecidedWithoutATrace(string cipher)
    {
        byte[] content = new byte[3_000_000];
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher), content);
        message.To(
            RawEnvelope.Transport(TestIdentity.Rsa, message.Key, encryptedTo: TestIdentity.OtherRsa),
            RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        var options = new CmsReaderOptions { SpoolFolder = _folder };

        Assert.True(content.AsSpan().SequenceEqual(Envelope.Open(message.Encode(), options, TestIdentity.Rsa.Key).Content));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("AES-128-CBC")]
    [InlineData("AES-256-GCM")]
    public void Memory_ForALargeMessage_StaysFlat(string cipher)
    {
        // What is written is counted and dropped; what is read is made on the fly: nothing holds the message.
        const long Size = 64L * 1024 * 1024;
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        WriteDropped(algorithm, 1024 * 1024);
        long before = GC.GetAllocatedBytesForCurrentThread();

        WriteDropped(algorithm, Size);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task Cancellation_WhileReading_EndsTheReader()
    {
        byte[] message = Seal("AES-128-CBC", new byte[1_000_000], definite: true);
        await using EncryptedContentReader reader = await Envelope.OpenReaderAsync(
            DribblingStream.InChunks(message, 10_000), CmsReaderOptions.Default);
        await reader.DecryptAsync([TestIdentity.Rsa.Key], Envelope.Now);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.Content.CopyToAsync(Stream.Null, source.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.CompleteAsync());
    }

    [Fact]
    public async Task Cancellation_WhileVerifying_LeavesNothingBehind()
    {
        byte[] message = Seal("AES-256-GCM", new byte[4_000_000], definite: true);
        DribblingStream input = DribblingStream.InChunks(message, 1000);
        await using EncryptedContentReader reader = await Envelope.OpenReaderAsync(input, new CmsReaderOptions { SpoolFolder = _folder });
        using var source = new CancellationTokenSource();
        input.AfterRead = position =>
        {
            if (position > message.Length / 2)
            {
                source.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await reader.DecryptAsync([TestIdentity.Rsa.Key], Envelope.Now, source.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 100)]
    [InlineData(1000, 1000)]
    [InlineData(1000, 1001)]
    [InlineData(65_536, 65_536)]
    [InlineData(100_000, 131_072)]
    [InlineData(200_000, 500_000)]
    public void Spool_ReadTwice_GivesBackWhatWasWritten(int inMemory, int size)
    {
        byte[] content = RandomNumberGenerator.GetBytes(size);
        using var spool = new EncryptedSpool(CmsLimits.Default with { MaxContentInMemory = inMemory }, _folder);
        for (int at = 0; at < size; at += 7_001)
        {
            spool.Write(content.AsSpan(at, Math.Min(7_001, size - at)));
        }

        Assert.Equal(size, spool.Length);
        for (int pass = 0; pass < 2; pass++)
        {
            spool.Rewind();
            byte[] back = new byte[size + 1];
            int count = 0;
            int read;
            while ((read = spool.Read(back.AsSpan(count, Math.Min(10_000, back.Length - count)))) > 0)
            {
                count += read;
            }

            Assert.Equal(content, back[..count]);
        }
    }

    private static byte[] Seal(string cipher, byte[] content, bool definite)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        CertificateRecipient[] recipients = [Envelope.For(TestIdentity.Rsa)];
        long? length = definite ? content.Length : null;
        return algorithm.IsAuthenticated
            ? Envelope.Seal(content, new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = length })
            : Envelope.Seal(content, new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = length });
    }

    private static void WriteDropped(ContentEncryptionAlgorithm algorithm, long size)
    {
        CertificateRecipient[] recipients = [Envelope.For(TestIdentity.Rsa)];
        using EncryptedContentWriter writer = algorithm.IsAuthenticated
            ? AuthEnvelopedDataWriter.Open(Stream.Null, new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm })
            : EnvelopedDataWriter.Open(Stream.Null, new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm });
        byte[] piece = new byte[80_000];
        for (long left = size; left > 0; left -= piece.Length)
        {
            writer.Content.Write(piece, 0, (int)Math.Min(piece.Length, left));
        }

        writer.Complete();
    }
}
