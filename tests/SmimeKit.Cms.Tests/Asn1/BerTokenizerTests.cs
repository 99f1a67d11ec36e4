using SmimeKit.Cms.Asn1;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Asn1;

public sealed class BerTokenizerTests
{
    public static TheoryData<int> Chunks { get; } = [1, 2, 3, int.MaxValue];

    [Theory]
    [MemberData(nameof(Chunks))]
    [Trait("Requirement", "R3369-1-a")]
    public void Enter_DefiniteIndefiniteAndNonMinimal_ReadTheSame(int chunk)
    {
        foreach (string hex in new[] { "30050403010203", "30800403010203 0000", "3083000006 048103010203", "3080 048400000003010203 0000" })
        {
            using var tokens = Tokens.Of(hex, chunk);
            tokens.Enter();
            Assert.Equal(Bytes("010203"), tokens.String());
            tokens.Leave();
            tokens.EnsureEnd();
        }
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    [Trait("Requirement", "R3369-5.4-a")]
    public void String_OfNestedSegments_IsTheirConcatenation(int chunk)
    {
        string[] forms =
        [
            "04050102030405",
            "2407 0405 0102030405",
            "2480 0402 0102 0400 0403 030405 0000",
            "2480 2480 0401 01 0000 2404 0402 0203 0402 0405 0000",
            "2411 2480 0401 01 2480 0404 02030405 0000 0000",
            "2480 2400 2480 0000 0405 0102030405 2400 0000",
        ];
        foreach (string hex in forms)
        {
            using var tokens = Tokens.Of(hex, chunk);
            Assert.Equal(Bytes("0102030405"), tokens.String(bufferSize: 2));
            tokens.EnsureEnd();
        }
    }

    [Theory]
    [InlineData("800301 0203")]
    [InlineData("A005 0403010203")]
    [InlineData("A080 0401 01 0402 0203 0000")]
    [Trait("Requirement", "R3369-6.1-h")]
    public void String_WithImplicitTag_HasUniversalSegments(string hex)
    {
        using var tokens = Tokens.Of(hex);
        Assert.Equal(Bytes("010203"), tokens.String(0x80));
        tokens.EnsureEnd();
    }

    [Theory]
    [InlineData("0400")]
    [InlineData("2400")]
    [InlineData("2480 0000")]
    [InlineData("2480 0400 0000")]
    public void String_WithoutOctets_IsEmpty(string hex)
    {
        using var tokens = Tokens.Of(hex);
        Assert.Empty(tokens.String());
        tokens.EnsureEnd();
    }

    [Theory]
    [InlineData("2480 0201 01 0000", "octet-string-segment")] // an INTEGER among the segments
    [InlineData("2480 A003 0401 01 0000", "octet-string-segment")]
    [InlineData("A080 8001 01 0000", "octet-string-segment", 0x80)]
    [InlineData("2403 0402 0102", "length-overrun")]          // the segment is longer than the string
    [InlineData("2480 0402 0102", "truncated")]               // no end-of-contents octets
    [InlineData("0405 0102", "truncated")]
    [InlineData("2404 0000 0000", "unexpected-end-of-contents")] // in a string of definite length
    [Trait("Kind", "negative")]
    public void String_Malformed_NamesTheFault(string hex, string code, byte identifier = 0x04)
    {
        using var tokens = Tokens.Of(hex);
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => tokens.String(identifier)).Code);
    }

    [Theory]
    [InlineData("3003 0402 0102", "length-overrun")]           // child longer than its parent
    [InlineData("3001 0400", "length-overrun")]                // not even a header fits
    [InlineData("3002 3080 0000", "length-overrun")]           // end-of-contents octets lie behind the parent
    [InlineData("3003 3080 00 00", "length-overrun")]
    [InlineData("3006 3080 0402 0102 0000", "length-overrun")]
    [InlineData("3004 0000 0000", "unexpected-end-of-contents")]
    [InlineData("0000", "unexpected-end-of-contents")]
    [InlineData("3004 1F01 0000", "ber-header")]
    [InlineData("30", "truncated")]
    [Trait("Kind", "negative")]
    public void Walk_Malformed_NamesTheFaultAndItsPlace(string hex, string code)
    {
        using var tokens = Tokens.Of(hex);
        var e = Assert.Throws<MalformedDataException>(() => Walk(tokens));
        Assert.Equal(code, e.Code);
        Assert.Equal(Tokens.Field, e.FieldPath);
        Assert.InRange(e.Offset, 0, hex.Length / 2);
    }

    [Theory]
    [InlineData("3006 3080 0400 0000")]
    [InlineData("3080 3080 0400 0000 0000")]
    [InlineData("3008 3080 3080 0000 0000")]
    public void Walk_IndefiniteValuesThatFit_Succeeds(string hex)
    {
        using var tokens = Tokens.Of(hex, 1);
        Walk(tokens);
    }

    [Theory]
    [InlineData("2480 0000 01")]
    [InlineData("0401 01 00")]
    [Trait("Requirement", "R3369-3-d")]
    [Trait("Kind", "negative")]
    public void EnsureEnd_TrailingOctets_AreRefused(string hex)
    {
        using var tokens = Tokens.Of(hex);
        _ = tokens.String();
        Assert.Equal("trailing-data", Assert.Throws<MalformedDataException>(tokens.EnsureEnd).Code);
    }

    [Theory]
    [InlineData("3004 2480 0000", "24800000")]                                // exactly as long as the parent
    [InlineData("3006 24800400 0000", "248004000000")]
    [InlineData("3080 A080 3080 0500 0000 0000 0000", "A0803080050000000000")] // nested
    [InlineData("3080 308105 0403 010203 0000", "3081050403010203")]
    public void Leaf_IsTheValueAsReceived(string hex, string leaf)
    {
        foreach (int chunk in new[] { 1, int.MaxValue })
        {
            using var tokens = Tokens.Of(hex, chunk);
            tokens.Enter();
            Assert.Equal(Bytes(leaf), tokens.Leaf());
            tokens.Leave();
            tokens.EnsureEnd();
        }
    }

    [Theory]
    [InlineData("3004 2480 0400 0000", "length-overrun")]      // the leaf's end lies behind its parent
    [InlineData("3006 2480 0403 010203 0000", "length-overrun")]
    [InlineData("3006 2480 2480 0000 0000", "length-overrun")]
    [InlineData("3080 0000", "missing-value")]
    [InlineData("3000", "missing-value")]
    [InlineData("3080 2480 0400", "truncated")]
    [InlineData("3080 2480 1F01 0000 0000", "ber-header")]
    [InlineData("3080 0403 0102", "truncated")]
    [Trait("Kind", "negative")]
    public void Leaf_Malformed_NamesTheFault(string hex, string code)
    {
        using var tokens = Tokens.Of(hex, 1);
        tokens.Enter();
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => tokens.Leaf()).Code);
    }

    [Theory]
    [InlineData("3005 0403010203", "unexpected-value")]
    [InlineData("3080 0400 0000", "unexpected-value")]
    [Trait("Kind", "negative")]
    public void Leave_BeforeTheEnd_IsRefused(string hex, string code)
    {
        using var tokens = Tokens.Of(hex);
        tokens.Enter();
        Assert.Equal(code, Assert.Throws<MalformedDataException>(tokens.Leave).Code);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Enter_PrimitiveOrOtherTag_IsRefused()
    {
        using var other = Tokens.Of("3100");
        Assert.False(other.TryEnter(0x30));
        Assert.Equal("unexpected-tag", Assert.Throws<MalformedDataException>(() => other.Enter()).Code);
        using var primitive = Tokens.Of("1000");
        Assert.Equal("not-constructed", Assert.Throws<MalformedDataException>(() => primitive.Enter(0x10)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R3369-14-g")]
    [Trait("Kind", "negative")]
    public void Depth_BeyondTheLimit_IsRefused(bool definite)
    {
        byte[] nested = Nest(65, 0x30, definite);
        using (var tokens = new Tokens(new MemoryStream(nested)))
        {
            AssertLimit("MaxAsn1Depth", () => Walk(tokens));
        }

        using var shallow = new Tokens(new MemoryStream(Nest(64, 0x30, definite)));
        Walk(shallow);
    }

    [Fact]
    [Trait("Requirement", "R3369-14-g")]
    [Trait("Kind", "negative")]
    public void Depth_OfAnIndefiniteLeafOrString_IsLimited()
    {
        using var leaf = new Tokens(new MemoryStream(Nest(100_000, 0x30, definite: false)));
        AssertLimit("MaxAsn1Depth", () => leaf.Leaf());
        using var text = new Tokens(new MemoryStream(Nest(100_000, 0x24, definite: false)));
        AssertLimit("MaxAsn1Depth", () => text.String());
    }

    [Theory]
    [InlineData("0404 01020304", 5)]            // header and contents count
    [InlineData("2480 0402 0102 0402 0304 0000", 8)]
    [InlineData("0487 FFFFFFFFFFFFFF 00", 1 << 20)]
    [Trait("Kind", "negative")]
    public void Leaf_BeyondItsLimit_NamesTheLimit(string hex, int limit)
    {
        using var tokens = Tokens.Of(hex, 1);
        AssertLimit(Tokens.Limit, () => tokens.Leaf(limit));
    }

    [Fact]
    public void Leaf_OfExactlyItsLimit_IsRead()
    {
        using var tokens = Tokens.Of("0404 01020304");
        Assert.Equal(6, tokens.Leaf(6).Length);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Leaf_ClaimingMuch_DoesNotAllocateAheadOfWhatArrives()
    {
        byte[] claims = Convert.FromHexString("0484 3FFFFFFF 00".Replace(" ", "", StringComparison.Ordinal)); // 1 GiB
        using var warm = new Tokens(new MemoryStream(claims));
        Assert.Throws<MalformedDataException>(() => warm.Leaf(int.MaxValue));
        using var tokens = new Tokens(new MemoryStream(claims));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => tokens.Leaf(int.MaxValue));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [Trait("Kind", "negative")]
    public void String_OfAMillionSegments_TakesLinearTimeAndFlatMemory(bool nested, int size)
    {
        long small = Flood(100_000, nested, size, out _);
        long large = Flood(1_000_000, nested, size, out long allocated);
        Assert.InRange(allocated, 0, 64 * 1024);
        Assert.True(large < (small * 40) + TimeSpan.TicksPerSecond, $"{small} ticks for 100 000 segments, {large} for 1 000 000");
    }

    [Fact]
    public void String_HandsOutWhatHasArrived_BeforeWaitingForMore()
    {
        using var tokens = new Tokens(DribblingStream.SplitAt(Bytes("2480 0402 0102 0402 0304 0402 0506 0000"), 10));
        tokens.BeginString();
        byte[] buffer = new byte[100];
        Assert.Equal(4, tokens.Octets(buffer));
        Assert.Equal(2, tokens.Octets(buffer));
        Assert.Equal(0, tokens.Octets(buffer));
    }

    [Theory]
    [InlineData("30050403010203", "0403010203")]
    [InlineData("0203010203", "010203")]
    [InlineData("3000", "")]
    [Trait("Requirement", "R3369-5.2.1-c")]
    public void Contents_OfAnyValue_AreItsOctetsWithoutTagAndLength(string hex, string contents)
    {
        using var tokens = Tokens.Of(hex);
        tokens.BeginContents();
        byte[] buffer = new byte[100];
        Assert.Equal(Bytes(contents), buffer[..tokens.Octets(buffer)]);
        Assert.Equal(0, tokens.Octets(buffer));
        tokens.EnsureEnd();
    }

    private static void Walk(Tokens tokens)
    {
        int depth = 0;
        do
        {
            BerHeader? header = tokens.Peek();
            if (header is null)
            {
                tokens.Leave();
                depth--;
            }
            else if (header.Value.IsConstructed)
            {
                tokens.Enter(header.Value.Identifier);
                depth++;
            }
            else
            {
                _ = tokens.Leaf();
            }
        }
        while (depth > 0);
        tokens.EnsureEnd();
    }

    private static byte[] Nest(int depth, byte identifier, bool definite)
    {
        if (!definite)
        {
            return [.. Enumerable.Repeat<byte[]>([identifier, 0x80], depth).SelectMany(b => b), .. new byte[2 * depth]];
        }

        byte[] value = [];
        for (int i = 0; i < depth; i++)
        {
            value = value.Length < 0x80 ? [identifier, (byte)value.Length, .. value]
                : [identifier, 0x82, (byte)(value.Length >> 8), (byte)value.Length, .. value];
        }

        return value;
    }

    private static long Flood(int count, bool nested, int size, out long allocated)
    {
        byte[] segment = [0x04, (byte)size, .. new byte[size]];
        byte[] unit = nested ? [0x24, 0x80, .. segment, 0, 0] : segment;
        using var tokens = new Tokens(new RepeatingStream([0x24, 0x80], unit, count, [0, 0]));
        byte[] buffer = new byte[8192];
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        tokens.BeginString();
        long total = 0;
        int read;
        while ((read = tokens.Octets(buffer)) > 0)
        {
            total += read;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        tokens.EnsureEnd();
        Assert.Equal((long)count * size, total);
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).Ticks;
    }

    private static void AssertLimit(string name, Action action) =>
        Assert.Equal(name, Assert.Throws<LimitExceededException>(action).Limit);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
