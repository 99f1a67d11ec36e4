using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using SmimeKit.Cms.Compressed;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Compressed;

public sealed class CompressedDataTests
{
    private static readonly byte[] _content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\r\n")));
    private static readonly byte[] _small = "This is some sample content."u8.ToArray();

    public static TheoryData<CompressionLevel> Levels { get; } = [.. Enum.GetValues<CompressionLevel>()];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R3274-1-a")]
    public void Write_WithEncryption_ShrinksInsideOnly(bool inside)
    {
        var output = new MemoryStream();
        var key = new EncryptedDataWriterOptions { Key = new byte[32], ContentType = inside ? CompressedMessage.ContentType : "1.2.840.113549.1.7.1" };
        using (CmsContentWriter outer = inside ? EncryptedDataWriter.Open(output, key) : CompressedDataWriter.Open(output))
        {
            using (CmsContentWriter inner = inside ? CompressedDataWriter.Open(outer.Content) : EncryptedDataWriter.Open(outer.Content, key))
            {
                inner.Content.Write(_content);
                inner.Complete();
            }

            outer.Complete();
        }

        Assert.Equal(inside, output.Length < _content.Length / 2);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    [Trait("Requirement", "R3274-1.1-a")]
    [Trait("Requirement", "R3274-1.1-c")]
    public async Task Write_WithAnyLevel_IsReadAgain(CompressionLevel level)
    {
        foreach (byte[] content in new[] { _content, _small, [], RandomNumberGenerator.GetBytes(200_000) })
        {
            byte[] message = CompressedMessage.Write(content, new CompressedDataWriterOptions { Level = level });
            (byte[] read, CompressedDataReport report) = CompressedMessage.Read(message);
            Assert.Equal(content, read);
            Assert.Equal(content.Length, report.ContentLength);
            Assert.Equal("1.2.840.113549.1.7.1", report.EncapsulatedContentType);
            Assert.Equal(CompressionAlgorithm.Zlib, report.Algorithm);
            Assert.Empty(report.Deviations);
            await using var dribbled = DribblingStream.InChunks(message, 7);
            Assert.Equal(content, (await CompressedMessage.ReadAsync(dribbled)).Content);
        }
    }

    [Fact]
    public async Task Write_InAnyPieces_IsReadAgain()
    {
        foreach (int chunk in new[] { 1, 17, 4096, 100_000 })
        {
            byte[] message = await CompressedMessage.WriteAsync(_content, chunk);
            Assert.Equal(_content, CompressedMessage.Read(message).Content);
        }
    }

    [Fact]
    [Trait("Requirement", "R3274-1.1-b")]
    [Trait("Requirement", "R3274-2-a")]
    [Trait("Requirement", "R3274-2-b")]
    public void Write_Header_IsVersionZeroAndZlibWithoutParameters()
    {
        byte[] message = CompressedMessage.Write(_small);
        byte[] start =
        [
            0x30, 0x80, .. Asn.Oid("1.2.840.113549.1.9.16.1.9"), 0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00,
            .. Asn.Hex("30 0D 06 0B 2A 86 48 86 F7 0D 01 09 10 03 08"),
            0x30, 0x80, .. Asn.Oid("1.2.840.113549.1.7.1"), 0xA0, 0x80, 0x24, 0x80, 0x04,
        ];
        Assert.Equal(start, message[..start.Length]);
        Assert.Equal(0x78, message[start.Length + 1]);
    }

    [Theory]
    [InlineData("peer-mimekit/compressed.eml")]
    [InlineData("openssl36/compressed.der")]
    [Trait("Requirement", "R3274-2-a")]
    public void Message_OfOthers_IsRead(string vector)
    {
        byte[] message = Enveloped.Envelope.ReadVector(vector);
        (byte[] content, CompressedDataReport report) = CompressedMessage.Read(message);
        Assert.NotEmpty(content);
        Assert.Empty(report.Deviations);
        if (vector.StartsWith("openssl36", StringComparison.Ordinal))
        {
            Assert.Equal(
                "0c5dbb990f9e0a922fe6aca202f005cedfc1c010a5622ce74d20320a2e59785b", Convert.ToHexStringLower(SHA256.HashData(content)));
        }
    }

    [Fact]
    [Trait("Requirement", "R3274-2-b")]
    public void Parameters_Null_AreRead()
    {
        byte[] message = CompressedMessage.Raw(
            CompressedMessage.Zlib(_small), algorithm: Asn.Algorithm("1.2.840.113549.1.9.16.3.8", [0x05, 0x00]));
        Assert.Equal(_small, CompressedMessage.Read(message).Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-1-b")]
    public void Version_Other_IsReported()
    {
        (byte[] content, CompressedDataReport report) = CompressedMessage.Read(CompressedMessage.Raw(CompressedMessage.Zlib(_small), version: 2));
        Assert.Equal(_small, content);
        Assert.Equal(["compressed-data-version"], report.Deviations);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Algorithm_Other_IsUnsupportedWhenContentIsWanted()
    {
        byte[] message = CompressedMessage.Raw([1, 2, 3], algorithm: Asn.Algorithm("1.2.3.4"));
        using CompressedDataReader reader = CompressedDataReader.Open(new MemoryStream(message));
        Assert.Equal("1.2.3.4", reader.CompressionAlgorithm.Oid);
        Assert.Equal("1.2.3.4", Assert.Throws<UnsupportedAlgorithmException>(() => reader.Content.CopyTo(Stream.Null)).Oid);
    }

    [Fact]
    [Trait("Requirement", "R3274-1.1-d")]
    [Trait("Kind", "negative")]
    public async Task Zlib_TruncatedAnywhere_IsMalformed()
    {
        byte[] zlib = CompressedMessage.Zlib(_content);
        for (int length = 1; length < zlib.Length; length++)
        {
            byte[] message = CompressedMessage.Raw(zlib[..length]);
            MalformedDataException thrown = Assert.Throws<MalformedDataException>(() => CompressedMessage.Read(message));
            Assert.Equal("zlib-truncated", thrown.Code);
            if (length % 97 == 0)
            {
                await using var dribbled = DribblingStream.InChunks(message, 1);
                await Assert.ThrowsAsync<MalformedDataException>(async () => await CompressedMessage.ReadAsync(dribbled));
            }
        }
    }

    [Fact]
    public void Zlib_Absent_IsEmptyContentAndReported()
    {
        (byte[] content, CompressedDataReport report) = CompressedMessage.Read(CompressedMessage.Raw([]));
        Assert.Empty(content);
        Assert.Equal(["zlib-empty"], report.Deviations);
        using CompressedDataReader strict = CompressedDataReader.Open(
            new MemoryStream(CompressedMessage.Raw([])), new CmsReaderOptions { Policy = CmsPolicy.Strict });
        Assert.Equal("zlib-truncated", Assert.Throws<MalformedDataException>(() => strict.Complete()).Code);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Zlib_FollowedByOctets_IsMalformed()
    {
        byte[] zlib = CompressedMessage.Zlib(_content);
        foreach (byte[] trailing in new byte[][] { [0], zlib[^4..], CompressedMessage.Zlib(_small), new byte[100_000] })
        {
            MalformedDataException thrown = Assert.Throws<MalformedDataException>(
                () => CompressedMessage.Read(CompressedMessage.Raw([.. zlib, .. trailing])));
            Assert.Equal("zlib-trailing-data", thrown.Code);
        }
    }

    [Fact]
    [Trait("Requirement", "R3274-1.1-d")]
    [Trait("Kind", "negative")]
    public void Checksum_Changed_IsMalformed()
    {
        for (int at = 1; at <= 4; at++)
        {
            byte[] zlib = CompressedMessage.Zlib(_content);
            zlib[^at] ^= 0x40;
            Assert.Equal(
                "zlib-damaged", Assert.Throws<MalformedDataException>(() => CompressedMessage.Read(CompressedMessage.Raw(zlib))).Code);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Zlib_WithAnyBitFlipped_IsRefusedOrTheSame()
    {
        byte[] zlib = CompressedMessage.Zlib(_small);
        for (int bit = 0; bit < zlib.Length * 8; bit++)
        {
            byte[] changed = [.. zlib];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(_small, CompressedMessage.Read(CompressedMessage.Raw(changed)).Content);
            }
            catch (MalformedDataException)
            {
            }
        }
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("gzip")]
    [InlineData("dictionary")]
    [Trait("Requirement", "R3274-2-a")]
    [Trait("Kind", "negative")]
    public void Container_Other_IsMalformed(string container)
    {
        byte[] zlib = CompressedMessage.Zlib(_small);
        byte[] wrong = container switch
        {
            "deflate" => zlib[2..^4],
            "gzip" => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, .. zlib[2..^4], 0, 0, 0, 0, 0, 0, 0, 0],
            _ => [0x78, 0xBB, 1, 2, 3, 4, .. zlib[2..]],
        };
        Assert.Throws<MalformedDataException>(() => CompressedMessage.Read(CompressedMessage.Raw(wrong)));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Content_Absent_IsMalformed() => Assert.Equal(
        "content-absent", Assert.Throws<MalformedDataException>(() => CompressedMessage.Read(CompressedMessage.Raw(null))).Code);

    [Fact]
    [Trait("Kind", "negative")]
    public void Message_TruncatedOrPadded_IsMalformed()
    {
        byte[] message = CompressedMessage.Write(_small);
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Throws<MalformedDataException>(() => CompressedMessage.Read(message[..length]));
        }

        Assert.Equal("trailing-data", Assert.Throws<MalformedDataException>(() => CompressedMessage.Read([.. message, 0])).Code);
    }

    [Fact]
    public void Input_ThatFails_FailsWithItsOwnException()
    {
        byte[] message = CompressedMessage.Raw(CompressedMessage.Zlib(RandomNumberGenerator.GetBytes(100_000)));
        using CompressedDataReader reader = CompressedDataReader.Open(new DamagedStream(message, 50_000));
        Assert.Equal("mine", Assert.Throws<InvalidDataException>(() => reader.Content.CopyTo(Stream.Null)).Message);
    }

    [Fact]
    public void Writer_DisposedEarly_LeavesATruncatedMessage()
    {
        var output = new MemoryStream();
        using (CompressedDataWriter writer = CompressedDataWriter.Open(output))
        {
            writer.Content.Write(_content, 0, _content.Length);
        }

        Assert.Throws<MalformedDataException>(() => CompressedMessage.Read(output.ToArray()));
    }

    [Fact]
    public void Content_OfManyMebibytes_TakesNoMemory()
    {
        var input = new RepeatingStream([], RandomNumberGenerator.GetBytes(4096), 16 * 1024, []); // 64 MiB, of which a window tells the rest
        var output = new MemoryStream();
        using (CompressedDataWriter writer = CompressedDataWriter.Open(output))
        {
            input.CopyTo(writer.Content);
            writer.Complete();
        }

        output.Position = 0;
        using CompressedDataReader reader = CompressedDataReader.Open(
            output, new CmsReaderOptions { Limits = CmsLimits.Default with { MaxInflateRatio = 10_000 } });
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Content.CopyTo(Stream.Null);
        CompressedDataReport report = reader.Complete();
        Assert.Equal(64L * 1024 * 1024, report.ContentLength);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024 * 1024);
    }

    [Fact]
    [Trait("Requirement", "R3369-14-g")]
    [Trait("Requirement", "R3274-3-a")]
    [Trait("Kind", "negative")]
    public void Bomb_StopsAtTheRatioOrTheSize()
    {
        byte[] bomb = CompressedMessage.Raw(CompressedMessage.Zlib(new byte[64 * 1024 * 1024]));
        (LimitExceededException thrown, long read) = Explode(bomb, CmsLimits.Default);
        Assert.Equal(nameof(CmsLimits.MaxInflateRatio), thrown.Limit);
        Assert.InRange(read, 1, 8 * 1024 * 1024);
        (thrown, read) = Explode(bomb, CmsLimits.Default with { MaxInflateRatio = 2000, MaxInflatedSize = 10_000_000 });
        Assert.Equal(nameof(CmsLimits.MaxInflatedSize), thrown.Limit);
        Assert.InRange(read, 1, 10_000_000);
        Assert.Equal(64 * 1024 * 1024, CompressedMessage.Read(bomb, CmsLimits.Default with { MaxInflateRatio = 2000 }).Content.Length);
    }

    [Fact]
    [Trait("Requirement", "R3274-3-a")]
    public void Content_ThatCompressesWell_IsReadWhenItIsSmall() =>
        Assert.Equal(1024 * 1024, CompressedMessage.Read(CompressedMessage.Write(new byte[1024 * 1024])).Content.Length);

    [Fact]
    [Trait("Requirement", "R3274-3-a")]
    [Trait("Kind", "negative")]
    public async Task Bomb_InsideAnother_CountsForBoth()
    {
        // Each layer inflates by less than the ratio, both together by far more.
        CmsLimits limits = CmsLimits.Default with { MaxInflateRatio = 1500 };
        byte[] inner = CompressedMessage.Bare(CompressedMessage.Zlib(new byte[20 * 1024 * 1024]));
        byte[] outer = CompressedMessage.Raw(CompressedMessage.Zlib(inner), contentType: CompressedMessage.ContentType);
        LimitExceededException thrown = await Assert.ThrowsAsync<LimitExceededException>(() => ReadNestedAsync(outer, limits, shared: true));
        Assert.Equal(nameof(CmsLimits.MaxInflateRatio), thrown.Limit);
        Assert.Equal(20 * 1024 * 1024, (await ReadNestedAsync(outer, limits, shared: false)).Length);
    }

    [Fact]
    public async Task Message_NestedInAnother_IsOpened()
    {
        byte[] inner = CompressedMessage.Bare(CompressedMessage.Zlib(_content));
        byte[] outer = CompressedMessage.Raw(CompressedMessage.Zlib(inner), contentType: CompressedMessage.ContentType);
        Assert.Equal(_content, await ReadNestedAsync(outer, CmsLimits.Default, shared: true));
        Assert.Equal(_content, await ReadNestedAsync(outer, CmsLimits.Default, shared: false));
        byte[] unknown = CompressedMessage.Write(_small, new CompressedDataWriterOptions { ContentType = "1.2.3.4" });
        await using var first = (CompressedDataReader)await CmsReader.OpenAsync(new MemoryStream(unknown));
        await using CmsContentReader second = await CmsReader.OpenNestedAsync(first.Content, first.EncapsulatedContentType);
        await ((UnknownContentReader)second).CompleteAsync();
        Assert.Equal(_small.Length, second.ContentLength);
    }

    private static async Task<byte[]> ReadNestedAsync(byte[] message, CmsLimits limits, bool shared)
    {
        var options = new CmsReaderOptions { Limits = limits, InflateBudget = shared ? new InflateBudget(limits) : null };
        await using var outer = (CompressedDataReader)await CmsReader.OpenAsync(new MemoryStream(message), options);
        await using var inner = (CompressedDataReader)await CmsReader.OpenNestedAsync(outer.Content, outer.EncapsulatedContentType, options);
        var content = new MemoryStream();
        await inner.Content.CopyToAsync(content);
        await inner.CompleteAsync();
        await outer.CompleteAsync();
        return content.ToArray();
    }

    private static (LimitExceededException Thrown, long Read) Explode(byte[] bomb, CmsLimits limits)
    {
        using CompressedDataReader reader = CompressedDataReader.Open(new MemoryStream(bomb), new CmsReaderOptions { Limits = limits });
        LimitExceededException thrown = Assert.Throws<LimitExceededException>(() => reader.Content.CopyTo(Stream.Null));
        Assert.Throws<InvalidOperationException>(() => reader.Complete());
        return (thrown, reader.ContentLength);
    }

    private sealed class DamagedStream(byte[] data, int end) : MemoryStream(data)
    {
        public override int Read(Span<byte> buffer)
        {
            byte[] octets = new byte[buffer.Length];
            int count = Read(octets, 0, octets.Length);
            octets.AsSpan(0, count).CopyTo(buffer);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Position >= end ? throw new InvalidDataException("mine") : base.Read(buffer, offset, Math.Min(count, 10_000));
    }
}
