using SmimeKit.Cms.Data;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Data;

/// <summary>ContentInfo around content that nothing protects, written.</summary>
public sealed class ContentInfoWriterTests
{
    private const string MadeUp = "1.2.3.4.5";

    private static readonly byte[] _content = "This is some sample content."u8.ToArray();

    public static TheoryData<string> Values { get; } = ["0403616263", "3000", "020100", "3009" + "0C0568656C6C6F" + "0500", "0101FF"];

    [Fact]
    [Trait("Requirement", "R3369-3-a")]
    [Trait("Matrix", "data")]
    public void Data_OfKnownLength_IsTheMessageOfRfc4134() =>
        Assert.Equal(Vectors.Read("rfc4134/3.2.bin"), Write(new ContentInfoWriterOptions { ContentLength = _content.Length }, _content));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    [Trait("Requirement", "R3369-4-a")]
    [Trait("Matrix", "data")]
    public void Data_OfAnySize_IsReadByOpenSsl(int size)
    {
        Peer.OpenSsl.Require();
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        foreach (long? length in new long?[] { size, null })
        {
            byte[] message = Write(new ContentInfoWriterOptions { ContentLength = length }, content);
            Assert.Equal(content, Peer.OpenSsl.Run(["cms", "-data_out", "-binary", "-inform", "DER"], message).Succeeded());
        }
    }

    [Theory]
    [InlineData("-nostream")]
    [InlineData("-stream")]
    public void Data_OfOpenSsl_IsRead(string form)
    {
        Peer.OpenSsl.Require();
        byte[] message = Peer.OpenSsl.Run(
            ["cms", "-data_create", "-binary", "-outform", "DER", .. form == "-stream" ? new[] { form } : []], _content).Succeeded();
        Assert.Equal(_content, Read<DataReader>(message).Content);
    }

    [Theory]
    [MemberData(nameof(Values))]
    [Trait("Requirement", "R3369-3-b")]
    public async Task UnknownType_IsHandedThroughBothWays(string hex)
    {
        byte[] value = Convert.FromHexString(hex);
        foreach (long? length in new long?[] { value.Length, null })
        {
            var options = new ContentInfoWriterOptions { ContentType = MadeUp, ContentLength = length };
            byte[] message = Write(options, value);
            Assert.Equal((MadeUp, Convert.ToHexString(value)), (Read<UnknownContentReader>(message).Type, Convert.ToHexString(Read<UnknownContentReader>(message).Content)));

            using var output = new MemoryStream();
            await using ContentInfoWriter writer = await ContentInfoWriter.OpenAsync(output, options, TestContext.Current.CancellationToken);
            await writer.Content.WriteAsync(value, TestContext.Current.CancellationToken);
            await writer.CompleteAsync(TestContext.Current.CancellationToken);
            Assert.Equal(message, output.ToArray());
        }
    }

    [Theory]
    [InlineData("04")]
    [InlineData("0402AA")]
    [InlineData("020100" + "020100")]
    [InlineData("3080" + "0000")]
    [InlineData("300302010A" + "00")]
    [InlineData("")]
    [Trait("Kind", "negative")]
    public void UnknownType_AroundAnythingButOneValue_IsRefused(string hex) => Assert.Throws<MalformedDataException>(
        () => Write(new ContentInfoWriterOptions { ContentType = MadeUp }, Convert.FromHexString(hex)));

    [Fact]
    [Trait("Kind", "negative")]
    public void UnknownType_NestedTooDeep_ExceedsTheLimit()
    {
        byte[] value = [0x30, 0x02, 0x30, 0x00];
        LimitExceededException exceeded = Assert.Throws<LimitExceededException>(() => Write(
            new ContentInfoWriterOptions { ContentType = MadeUp, Limits = CmsLimits.Default with { MaxAsn1Depth = 1 } }, value));
        Assert.Equal(nameof(CmsLimits.MaxAsn1Depth), exceeded.Limit);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Content_OfAnotherLengthThanAnnounced_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => Write(new ContentInfoWriterOptions { ContentLength = 3 }, [1, 2]));
        Assert.Throws<InvalidOperationException>(() => Write(new ContentInfoWriterOptions { ContentLength = 1 }, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(new ContentInfoWriterOptions { ContentLength = -1 }, []));
    }

    private static byte[] Write(ContentInfoWriterOptions options, byte[] content)
    {
        using var output = new MemoryStream();
        using ContentInfoWriter writer = ContentInfoWriter.Open(output, options);
        writer.Content.Write(content);
        writer.Complete();
        return output.ToArray();
    }

    private static (string Type, byte[] Content) Read<TReader>(byte[] message)
        where TReader : UnprotectedContentReader
    {
        using CmsContentReader opened = CmsReader.Open(new MemoryStream(message));
        TReader reader = Assert.IsType<TReader>(opened);
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        reader.Complete();
        return (reader.ContentType, content.ToArray());
    }
}
