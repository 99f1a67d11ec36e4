using System.Diagnostics;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit;

namespace SmimeKit.Tests;

/// <summary>Mail of any size passes in flat memory, from streams that cannot seek to streams that keep nothing.</summary>
[Collection("alone")]
public sealed class StreamingTests
{
    private const long Small = 1024 * 1024;
    private const long Large = 256 * Small;
    private const long MaxGrowth = 30 * Small;

    public static TheoryData<string> Forms => ["clear", "opaque", "cbc", "gcm", "clear in cbc", "clear in gcm"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task ProtectAndOpen_OfLargeMail_TakesNoMoreMemoryThanOfSmall(string form) => await CheckAsync(form, Large);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task ProtectAndOpen_OfHugeMail_TakesNoMoreMemoryThanOfSmall(string form)
    {
        LongTests.Require();
        await CheckAsync(form, 4096 * Small + 12345);
    }

    private static async Task CheckAsync(string form, long size)
    {
        await MeasureAsync(form, Small);
        (long smallPeak, _) = await MeasureAsync(form, Small);
        (long largePeak, long allocated) = await MeasureAsync(form, size);
        Assert.True(largePeak - smallPeak < MaxGrowth, $"{form}: working set grew from {smallPeak >> 20} to {largePeak >> 20} MiB");

        // Tasks, mostly: MimeKit works in pieces of 4 KiB, once for each layer.
        Assert.True(allocated < size / 2 + (64 * Small), $"{form}: {allocated >> 20} MiB were allocated");
    }

    private static async Task<(long Peak, long Allocated)> MeasureAsync(string form, long size)
    {
        using var pipe = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        GC.Collect();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        using var watch = new PeakWatch();
        SmimeProtectOptions protect = TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa) with
        {
            Form = form == "opaque" ? SigningForm.Opaque : SigningForm.Clear,
            Policy = form.EndsWith("gcm", StringComparison.Ordinal) ? CmsPolicy.Strict : CmsPolicy.Default,
            CmsLimits = CmsLimits.Default with { MaxSpoolSize = long.MaxValue },
        };
        ProtectionLayer[] layers = form switch
        {
            "clear" or "opaque" => [ProtectionLayer.Sign],
            "cbc" or "gcm" => [ProtectionLayer.Encrypt],
            _ => [ProtectionLayer.Sign, ProtectionLayer.Encrypt],
        };
        using (var mail = new GeneratedMail(size))
        {
            await new SmimeProtector(protect).ProtectAsync(mail, layers, pipe);
        }

        pipe.Position = 0;
        using var counted = new CountingStream();
        SmimeOpenOptions open = TestMail.OpenOptions(TestPerson.BobRsa) with { CmsLimits = CmsLimits.Default with { MaxSpoolSize = long.MaxValue } };
        SmimeReport report = await new SmimeOpener(open).OpenAsync(new ForwardStream(pipe), counted);
        Assert.Equal(layers.Contains(ProtectionLayer.Sign) ? MessageOutcome.Valid : MessageOutcome.NoSignature, report.Outcome);
        Assert.Equal(report.ContentLength, counted.Count);
        Assert.InRange(counted.Count, size, size * 3 / 2);
        return (watch.Peak, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    /// <summary>Samples the working set until it is disposed.</summary>
    private sealed class PeakWatch : IDisposable
    {
        private readonly Timer _timer;

        internal PeakWatch()
        {
            Sample();
            _timer = new Timer(_ => Sample(), null, 10, 10);
        }

        internal long Peak { get; private set; }

        public void Dispose() => _timer.Dispose();

        private void Sample()
        {
            using Process process = Process.GetCurrentProcess();
            Peak = Math.Max(Peak, process.WorkingSet64);
        }
    }

    private sealed class ForwardStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class CountingStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        internal long Count { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Count += count;
            return Task.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>Tests that measure the process run alone.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
