using System.IO.Pipelines;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Content that is larger than memory may be, encrypted on one side of a pipe and decrypted on the other: nothing holds the message.</summary>
[Collection(nameof(EnvelopedDataMemoryTests))]
[CollectionDefinition(nameof(EnvelopedDataMemoryTests), DisableParallelization = true)]
public sealed class EnvelopedDataMemoryTests
{
    private const int BlockSize = 64 * 1024;
    private const long MaxWorkingSetGrowth = 30L * 1024 * 1024;

    private static readonly byte[] _block = [.. Enumerable.Range(0, BlockSize).Select(i => (byte)(i * 7))];

    public static TheoryData<string, bool, ReleaseMode, long> Cases { get; } = new(
        from size in LongTests.Enabled ? [256L << 20, (4L << 30) + BlockSize] : new[] { 256L << 20 }
        from isDefinite in new[] { true, false }
        from cipher in new[] { ("AES-128-CBC", ReleaseMode.Verified), ("AES-256-GCM", ReleaseMode.Verified), ("AES-256-GCM", ReleaseMode.Provisional), ("AES-256-CCM", ReleaseMode.Verified), ("ChaCha20-Poly1305", ReleaseMode.Verified) }
        select (cipher.Item1, isDefinite, cipher.Item2, size));

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R3369-2-c")]
    [Trait("Requirement", "R5083-2.2-e")]
    public async Task EncryptAndDecrypt_OfLargeContent_TakesFlatMemory(string cipher, bool isDefinite, ReleaseMode mode, long size)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        await TransferAsync(algorithm, isDefinite, mode, BlockSize * 16);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long workingSet = Environment.WorkingSet;

        long decrypted = await TransferAsync(algorithm, isDefinite, mode, size);

        Assert.Equal(size, decrypted);
        Assert.InRange(Environment.WorkingSet - workingSet, long.MinValue, MaxWorkingSetGrowth);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, MaxWorkingSetGrowth + (size / 16)); // the pipe's own waiting
    }

    private static async Task<long> TransferAsync(ContentEncryptionAlgorithm algorithm, bool isDefinite, ReleaseMode mode, long size)
    {
        var pipe = new Pipe();
        Task writing = Task.Run(() => EncryptAsync(pipe.Writer, algorithm, isDefinite ? size : null, size));
        long count = await DecryptAsync(pipe.Reader, mode);
        await writing;
        return count;
    }

    private static async Task EncryptAsync(PipeWriter output, ContentEncryptionAlgorithm algorithm, long? declared, long size)
    {
        CertificateRecipient[] recipients = [Envelope.For(TestIdentity.Rsa)];
        Stream message = output.AsStream();
        await using EncryptedContentWriter writer = algorithm.IsAuthenticated
            ? await AuthEnvelopedDataWriter.OpenAsync(
                message, new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = declared })
            : await EnvelopedDataWriter.OpenAsync(
                message, new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = declared });
        await new RepeatingStream([], _block, size / BlockSize, []).CopyToAsync(writer.Content);
        await writer.CompleteAsync();
        await output.CompleteAsync();
    }

    private static async Task<long> DecryptAsync(PipeReader input, ReleaseMode mode)
    {
        var options = new CmsReaderOptions { ReleaseMode = mode, Limits = CmsLimits.Default with { MaxSpoolSize = long.MaxValue } };
        await using EncryptedContentReader reader = await Envelope.OpenReaderAsync(input.AsStream(), options);
        await reader.DecryptAsync([TestIdentity.Rsa.Key], Envelope.Now);
        byte[] buffer = new byte[BlockSize];
        long total = 0;
        int count;
        while ((count = await reader.Content.ReadAtLeastAsync(buffer, BlockSize, throwOnEndOfStream: false)) > 0)
        {
            Assert.True(_block.AsSpan(0, count).SequenceEqual(buffer.AsSpan(0, count)));
            total += count;
        }

        Assert.Equal(total, (await reader.CompleteAsync()).ContentLength);
        return total;
    }
}
