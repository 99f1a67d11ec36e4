using System.IO.Pipelines;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Content that is larger than memory may be, whose recipients change on the way from one side of a pipe to the other.</summary>
[Collection(nameof(EnvelopedDataMemoryTests))]
public sealed class RecipientEditorMemoryTests
{
    private const int BlockSize = 64 * 1024;
    private const long Size = 256L << 20;
    private const long MaxWorkingSetGrowth = 30L * 1024 * 1024;

    private static readonly byte[] _block = [.. Enumerable.Range(0, BlockSize).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R3369-2-c")]
    public async Task Apply_OnLargeContent_TakesFlatMemory(bool isDefinite)
    {
        await TransferAsync(isDefinite, BlockSize * 16);
        long workingSet = Environment.WorkingSet;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);

        Assert.Equal(Size, await TransferAsync(isDefinite, Size));

        Assert.InRange(Environment.WorkingSet - workingSet, long.MinValue, MaxWorkingSetGrowth);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, MaxWorkingSetGrowth + (Size / 8)); // the pipes' own waiting
    }

    private static async Task<long> TransferAsync(bool isDefinite, long size)
    {
        var first = new Pipe();
        var second = new Pipe();
        Task writing = Task.Run(() => EncryptAsync(first.Writer, isDefinite ? size : null, size));
        Task editing = Task.Run(() => EditAsync(first.Reader, second.Writer));
        long count = await DecryptAsync(second.Reader);
        await writing;
        await editing;
        return count;
    }

    private static async Task EncryptAsync(PipeWriter output, long? declared, long size)
    {
        await using EnvelopedDataWriter writer = await EnvelopedDataWriter.OpenAsync(
            output.AsStream(), new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)], ContentLength = declared });
        await new RepeatingStream([], _block, size / BlockSize, []).CopyToAsync(writer.Content);
        await writer.CompleteAsync();
        await output.CompleteAsync();
    }

    private static async Task EditAsync(PipeReader input, PipeWriter output)
    {
        await RecipientEditor.ApplyAsync(input.AsStream(), output.AsStream(), new RecipientEdits
        {
            Added = [Envelope.For(TestIdentity.P256)],
            Removes = _ => true,
            Keys = new RecipientKeys { PrivateKeys = [TestIdentity.Rsa.Key] },
        });
        await output.CompleteAsync();
    }

    private static async Task<long> DecryptAsync(PipeReader input)
    {
        await using EncryptedContentReader reader = await Envelope.OpenReaderAsync(input.AsStream(), CmsReaderOptions.Default);
        await reader.DecryptAsync([TestIdentity.P256.Key], Envelope.Now);
        await reader.Content.CopyToAsync(Stream.Null);
        return (await reader.CompleteAsync()).ContentLength;
    }
}
