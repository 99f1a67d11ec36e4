using System.Text;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Streaming;

public sealed class CmsStructureTests
{
    // SEQUENCE { OID 1.2.840.113549.1.7.2, [0] (indefinite) { SET {}, OCTET STRING 01 02 03 } }
    private static readonly byte[] _sample = Convert.FromHexString("3016" + "06092A864886F70D010702" + "A080" + "3100" + "0403010203" + "0000");

    [Fact]
    public async Task Read_ListsValuesWithDepthOffsetAndLength()
    {
        List<CmsElement> elements = await ReadAsync(_sample, CmsLimits.Default);
        Assert.Equal(
            [(0, 0L, 2, (byte)0x30, 22L), (1, 2L, 2, 0x06, 9L), (1, 13L, 2, 0xA0, -1L), (2, 15L, 2, 0x31, 0L), (2, 17L, 2, 0x04, 3L)],
            elements.Select(e => (e.Depth, e.Offset, e.HeaderLength, e.Identifier, e.Length ?? -1)));
        Assert.Equal([1, 2, 3], elements[^1].Contents.ToArray());
        Assert.True(elements[0].IsConstructed && elements[2].TagClass == 2 && elements[2].TagNumber == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Read_InPieces_ListsTheSame(int size)
    {
        List<CmsElement> whole = await ReadAsync(_sample, CmsLimits.Default);
        var pieces = new List<CmsElement>();
        await foreach (CmsElement element in CmsStructure.ReadAsync(DribblingStream.InChunks(_sample, size)))
        {
            pieces.Add(element);
        }

        Assert.Equal(whole.Select(e => (e.Depth, e.Offset)), pieces.Select(e => (e.Depth, e.Offset)));
    }

    [Fact]
    public async Task Read_Base64AndPem_CountsOffsetsInTheMessage()
    {
        byte[] message = [0x30, 0x80, .. Convert.FromHexString("06092A864886F70D010702"), 0, 0];
        string base64 = Convert.ToBase64String(message);
        foreach (string text in new[] { base64, $"-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n" })
        {
            List<CmsElement> elements = await ReadAsync(Encoding.ASCII.GetBytes(text), CmsLimits.Default);
            Assert.Equal([0L, 2L], elements.Select(e => e.Offset));
        }
    }

    [Fact]
    public async Task Read_LongPrimitive_KeepsItsBeginningOnly()
    {
        byte[] message = [0x04, 0x82, 0xFF, 0xFF, .. new byte[0xFFFF]];
        var kept = new List<CmsElement>();
        await foreach (CmsElement element in CmsStructure.ReadAsync(new MemoryStream([0x30, 0x83, 0x01, 0x00, 0x03, .. message]), maxContents: 10))
        {
            kept.Add(element);
        }

        Assert.Equal((0xFFFFL, 10), (kept[1].Length!.Value, kept[1].Contents.Length));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Read_CutAnywhere_EndsWithATypedException()
    {
        for (int length = 1; length < _sample.Length; length++)
        {
            byte[] cut = _sample[..length];
            SmimeKitException e = await Assert.ThrowsAsync<MalformedDataException>(() => ReadAsync(cut, CmsLimits.Default));
            Assert.True(e.Code is "truncated" or "not-cms", $"{length}: {e.Code}");
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Read_WithAnyByteChanged_EndsWellOrWithATypedException()
    {
        for (int position = 0; position < _sample.Length; position++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. _sample];
                changed[position] ^= (byte)(1 << bit);
                try
                {
                    await ReadAsync(changed, CmsLimits.Default);
                }
                catch (SmimeKitException)
                {
                }
            }
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Read_DeepNesting_EndsAtTheLimit()
    {
        byte[] deep = [.. Enumerable.Repeat<byte[]>([0x30, 0x80], 1_000_000).SelectMany(b => b)];
        LimitExceededException e = await Assert.ThrowsAsync<LimitExceededException>(() => ReadAsync(deep, CmsLimits.Default));
        Assert.Equal(nameof(CmsLimits.MaxAsn1Depth), e.Limit);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Read_ValueLongerThanTheOneAroundIt_IsMalformed() =>
        Assert.Equal("length-overrun", (await Assert.ThrowsAsync<MalformedDataException>(
            () => ReadAsync(Convert.FromHexString("30030404010203040506"), CmsLimits.Default))).Code);

    [Theory]
    [InlineData("308006092A864886F70D010702A080", "1.2.840.113549.1.7.2")]
    [InlineData("3082100006092A864886F70D010703A082", "1.2.840.113549.1.7.3")]
    [InlineData("3082FFFF06032A0304", "1.2.3.4")]
    [InlineData("", null)]
    [InlineData("30", null)]
    [InlineData("308006092A864886", null)]
    [InlineData("3080300A", null)]
    [InlineData("30800600", null)]
    [InlineData("308006018000", null)]
    [InlineData("31800603020304", null)]
    public void FindContentType_LooksAtTheBeginningOnly(string hex, string? expected)
    {
        byte[] beginning = Convert.FromHexString(hex);
        Assert.Equal(expected, CmsReader.FindContentType(beginning));
        if (expected is not null)
        {
            Assert.Equal(expected, CmsReader.FindContentType(Encoding.ASCII.GetBytes(Convert.ToBase64String(beginning))));
            Assert.Equal(expected, CmsReader.FindContentType(Encoding.ASCII.GetBytes("-----BEGIN CMS-----\r\n" + Convert.ToBase64String(beginning))));
        }
    }

    private static async Task<List<CmsElement>> ReadAsync(byte[] message, CmsLimits limits)
    {
        var elements = new List<CmsElement>();
        await foreach (CmsElement element in CmsStructure.ReadAsync(new MemoryStream(message), limits))
        {
            elements.Add(element);
        }

        return elements;
    }
}
