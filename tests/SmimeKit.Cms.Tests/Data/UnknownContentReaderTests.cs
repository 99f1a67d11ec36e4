using System.Text;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Data;

public sealed class UnknownContentReaderTests
{
    private const string MadeUp = "1.2.3.4.5";

    // The content as it stands in [0]: nested indefinite values among definite ones, a constructed OCTET STRING, a primitive one.
    public static TheoryData<string> Values { get; } =
    [
        "0403616263",
        "2480" + "0402AABB" + "2480" + "0401CC" + "0000" + "0000",
        "3080" + "3003020105" + "A080" + "3180" + "0500" + "0000" + "0000" + "0C0568656C6C6F" + "0000",
        "3000",
        "3080" + "0000",
        "020100",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    [Trait("Requirement", "R3369-3-b")]
    public async Task Content_OfUnknownType_IsTheEncodedValue(string hex)
    {
        byte[] value = Convert.FromHexString(hex);
        foreach (byte[] message in new[] { Definite(value), Indefinite(value) })
        {
            for (int split = 0; split <= message.Length; split++)
            {
                await using CmsContentReader opened = await CmsReader.OpenAsync(DribblingStream.SplitAt(message, split));
                UnknownContentReader reader = Assert.IsType<UnknownContentReader>(opened);
                Assert.Equal(MadeUp, reader.ContentType);
                Assert.Equal(value, await ReadAsync(reader.Content, 3));
                await reader.CompleteAsync();
                Assert.Equal(value.Length, reader.ContentLength);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Message_TruncatedAnywhere_IsMalformed(string hex)
    {
        byte[] value = Convert.FromHexString(hex);
        foreach (byte[] message in new[] { Definite(value), Indefinite(value) })
        {
            for (int length = 0; length < message.Length; length++)
            {
                Assert.Throws<MalformedDataException>(() => ReadAll(message[..length]));
            }

            MalformedDataException trailing = Assert.Throws<MalformedDataException>(() => ReadAll([.. message, 0]));
            Assert.Equal("trailing-data", trailing.Code);
        }
    }

    [Fact]
    public void Content_WithSecondValue_IsMalformed()
    {
        byte[] message = Asn.Sequence(Asn.Oid(MadeUp), Asn.Tagged(0xA0, Asn.Number(1), Asn.Number(2)));
        Assert.Equal("unexpected-value", Assert.Throws<MalformedDataException>(() => ReadAll(message)).Code);
        Assert.Equal(
            "missing-value", Assert.Throws<MalformedDataException>(() => ReadAll(Asn.Sequence(Asn.Oid(MadeUp), Asn.Tagged(0xA0)))).Code);
    }

    [Fact]
    public void Content_LongerThanWhatIsAround_IsMalformed()
    {
        byte[] message = Asn.Sequence(Asn.Oid(MadeUp), Asn.Tagged(0xA0, [0x30, 0x80, 0x04, 0x05, 1, 2, 0, 0]));
        Assert.Equal("length-overrun", Assert.Throws<MalformedDataException>(() => ReadAll(message)).Code);
    }

    [Fact]
    [Trait("Requirement", "R3369-14-g")]
    public void Content_NestedTooDeep_ExceedsTheLimit()
    {
        byte[] value = [.. Enumerable.Repeat<byte[]>([0x30, 0x80], 70).SelectMany(b => b), .. new byte[140]];
        LimitExceededException exceeded = Assert.Throws<LimitExceededException>(() => ReadAll(Definite(value)));
        Assert.Equal(nameof(CmsLimits.MaxAsn1Depth), exceeded.Limit);
    }

    [Fact]
    public void Content_OfMebibytes_TakesNoMemory()
    {
        const int Size = 64 * 1024 * 1024;
        byte[] start = [0x30, 0x80, .. Asn.Oid(MadeUp), 0xA0, 0x80, 0x30, 0x80];
        start = [.. start, 0x04, 0x84, 0x04, 0x00, 0x00, 0x00];
        using var input = new RepeatingStream(start, new byte[1024], Size / 1024, [0, 0, 0, 0, 0, 0]);
        using var reader = (UnknownContentReader)CmsReader.Open(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Content.CopyTo(Stream.Null);
        reader.Complete();
        Assert.Equal(Size + 6 + 4, reader.ContentLength);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024 * 1024);
    }

    [Fact]
    public async Task Nested_OfUnknownType_IsAllOctets()
    {
        byte[] octets = Encoding.ASCII.GetBytes("octets, no BER");
        await using CmsContentReader opened = await CmsReader.OpenNestedAsync(new MemoryStream(octets), MadeUp);
        UnknownContentReader reader = Assert.IsType<UnknownContentReader>(opened);
        Assert.Equal(octets, await ReadAsync(reader.Content, 5));
        await reader.CompleteAsync();
    }

    [Fact]
    [Trait("Requirement", "R3369-4-a")]
    public async Task Nested_Data_IsAllOctets()
    {
        byte[] octets = Encoding.ASCII.GetBytes("octets, no BER");
        await using CmsContentReader opened = await CmsReader.OpenNestedAsync(new MemoryStream(octets), "1.2.840.113549.1.7.1");
        DataReader reader = Assert.IsType<DataReader>(opened);
        Assert.Equal(octets, await ReadAsync(reader.Content, 64));
        await reader.CompleteAsync();
    }

    [Theory]
    [InlineData("rfc4134/3.1.bin")]
    [InlineData("rfc4134/3.2.bin")]
    [Trait("Requirement", "R3369-4-a")]
    public void Data_OfRfc4134_IsRead(string vector)
    {
        using CmsContentReader opened = CmsReader.Open(new MemoryStream(Vectors.Read(vector)));
        DataReader reader = Assert.IsType<DataReader>(opened);
        var content = new MemoryStream();
        reader.Content.CopyTo(content);
        reader.Complete();
        Assert.Equal(Vectors.Read("rfc4134/ExContent.bin"), content.ToArray());
    }

    private static byte[] Definite(byte[] value) => Asn.Sequence(Asn.Oid(MadeUp), Asn.Tagged(0xA0, value));

    private static byte[] Indefinite(byte[] value) => [0x30, 0x80, .. Asn.Oid(MadeUp), 0xA0, 0x80, .. value, 0, 0, 0, 0];

    private static void ReadAll(byte[] message)
    {
        using CmsContentReader reader = CmsReader.Open(new MemoryStream(message));
        ((UnknownContentReader)reader).Complete();
    }

    private static async Task<byte[]> ReadAsync(Stream content, int size)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[size];
        int count;
        while ((count = await content.ReadAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }
}
