using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Content that is larger than memory may be: what is allocated does not grow with it.</summary>
[Collection(nameof(SignedDataMemoryTests))]
[CollectionDefinition(nameof(SignedDataMemoryTests), DisableParallelization = true)]
public sealed class SignedDataMemoryTests
{
    private const int BlockSize = 64 * 1024;
    private const long MaxAllocated = 1024 * 1024;
    private const long MaxWorkingSetGrowth = 30L * 1024 * 1024;

    private static readonly byte[] _block = [.. Enumerable.Range(0, BlockSize).Select(i => (byte)(i * 7))];

    public static TheoryData<SigningForm, long> Sizes { get; } = new(
        from size in LongTests.Enabled ? [256L << 20, (4L << 30) + BlockSize] : new[] { 256L << 20 }
        from form in Enum.GetValues<SigningForm>()
        select (form, size));

    [Theory]
    [MemberData(nameof(Sizes))]
    [Trait("Requirement", "R3369-2-c")]
    public void SignAndVerify_Synchronously_TakesFlatMemory(SigningForm form, long size)
    {
        SigningCase signing = Case(form);
        var message = new EndsStream(BlockSize);
        AssertFlat(size, () =>
        {
            using SignedDataWriter writer = SignedDataWriter.Open(message, signing.Options(size));
            Content(size).CopyTo(writer.Content);
            writer.Complete();
        });
        foreach (Action<Stream> read in new Action<Stream>[] { s => s.CopyTo(Stream.Null), ReadSpans, ReadArrays })
        {
            AssertFlat(size, () =>
            {
                using SignedDataReader reader = SignedDataReader.Open(Message(form, message, size));
                if (reader.IsDetached)
                {
                    reader.DigestDetached(Content(size));
                }
                else
                {
                    read(reader.Content);
                }

                AssertValid(reader.Complete(SignedMessage.At), size);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    [Trait("Requirement", "R3369-2-c")]
    public async Task SignAndVerify_Asynchronously_TakesFlatMemory(SigningForm form, long size)
    {
        SigningCase signing = Case(form);
        var message = new EndsStream(BlockSize);
        await AssertFlatAsync(size, async () =>
        {
            await using SignedDataWriter writer = await SignedDataWriter.OpenAsync(message, signing.Options(size));
            await Content(size).CopyToAsync(writer.Content);
            await writer.CompleteAsync();
        });
        await AssertFlatAsync(size, async () =>
        {
            await using SignedDataReader reader = await SignedDataReader.OpenAsync(Message(form, message, size));
            if (reader.IsDetached)
            {
                await reader.DigestDetachedAsync(Content(size));
            }
            else
            {
                await reader.Content.CopyToAsync(Stream.Null);
            }

            AssertValid(await reader.CompleteAsync(SignedMessage.At), size);
        });
    }

    private static SigningCase Case(SigningForm form) =>
        SigningCases.Named("rsa-sha256/attributes/issuer/definite/one") with { Form = form };

    private static RepeatingStream Content(long size) => new([], _block, size / BlockSize, []);

    // The message again, from its ends and the content that the test knows.
    private static Stream Message(SigningForm form, EndsStream ends, long size)
    {
        if (form == SigningForm.Detached)
        {
            return new MemoryStream(ends.Head);
        }

        byte[] unit = form == SigningForm.Indefinite ? Asn.OctetString(_block) : _block;
        int head = ends.Head.AsSpan().IndexOf(unit.AsSpan(0, 1000));
        int tail = (int)(ends.Length - head - (unit.Length * (size / BlockSize)));
        return new RepeatingStream(ends.Head[..head], unit, size / BlockSize, ends.Tail[^tail..]);
    }

    private static void AssertValid(SignedDataReport report, long size)
    {
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(report.Signers).Verdict);
        Assert.Equal(size, report.ContentLength);
    }

    private static void AssertFlat(long size, Action action)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long workingSet = Environment.WorkingSet;
        action();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, MaxAllocated);
        Assert.InRange(Environment.WorkingSet - workingSet, long.MinValue, MaxWorkingSetGrowth);
        Assert.True(size > 8 * MaxWorkingSetGrowth);
    }

    private static async Task AssertFlatAsync(long size, Func<Task> action)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long workingSet = Environment.WorkingSet;
        await action();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, MaxAllocated);
        Assert.InRange(Environment.WorkingSet - workingSet, long.MinValue, MaxWorkingSetGrowth);
        Assert.True(size > 8 * MaxWorkingSetGrowth);
    }

    private static void ReadSpans(Stream stream)
    {
        Span<byte> buffer = new byte[BlockSize + 1];
        while (stream.Read(buffer) > 0)
        {
        }
    }

    private static void ReadArrays(Stream stream)
    {
        byte[] buffer = new byte[1000];
        while (stream.Read(buffer, 0, buffer.Length) > 0)
        {
        }
    }
}
