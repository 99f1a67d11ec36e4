using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>Every named limit holds, and one less is no obstacle.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [Trait("Requirement", "R3851-3.6-a")]
    [Trait("Requirement", "R8551-3.7-a")]
    public async Task Open_NestedLayers_EndAtTheLimit(int layers, bool opens)
    {
        string entity = RawMail.Entity;
        for (int i = 0; i < layers; i++)
        {
            entity = i % 2 == 0 ? RawMail.Pkcs7Mime(await RawMail.SignAsync(RawMail.Bytes(entity), detached: false)) : await RawMail.ClearSignedAsync(entity);
            entity = entity.Replace(RawMail.Boundary, RawMail.Boundary + i, StringComparison.Ordinal);
        }

        await CheckAsync(RawMail.Header + entity, SmimeLimits.Default, opens, nameof(SmimeLimits.MaxLayers));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(5000, false)]
    public async Task Open_NestedParts_EndAtTheLimit(int depth, bool opens)
    {
        string plain = Nest(depth);
        await CheckAsync(RawMail.Header + plain, SmimeLimits.Default, opens, nameof(SmimeLimits.MaxMimeDepth));
        await CheckAsync(RawMail.Header + RawMail.Pkcs7Mime(await RawMail.SignAsync(RawMail.Bytes(plain), detached: false)), SmimeLimits.Default, opens, nameof(SmimeLimits.MaxMimeDepth));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(3000, false)]
    public async Task Open_NestedPartsInAClearSignedMail_EndAtTheLimit(int depth, bool opens) =>
        await CheckAsync(RawMail.Header + await RawMail.ClearSignedAsync(Nest(depth)), SmimeLimits.Default, opens, nameof(SmimeLimits.MaxMimeDepth));

    [Theory]
    [InlineData(50, true)]
    [InlineData(5000, false)]
    public async Task Open_NestedForwardedMails_EndAtTheLimit(int depth, bool opens)
    {
        string entity = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", depth)) + RawMail.Entity;
        await CheckAsync(RawMail.Header + entity, SmimeLimits.Default, opens, nameof(SmimeLimits.MaxMimeDepth));
    }

    [Theory]
    [InlineData(98, true)]
    [InlineData(100, false)]
    public async Task Open_ManyParts_EndAtTheLimit(int parts, bool opens)
    {
        string entity = $"Content-Type: multipart/mixed; boundary=m\r\n\r\n{string.Concat(Enumerable.Repeat("--m\r\n\r\na\r\n", parts))}--m--\r\n";
        SmimeLimits limits = SmimeLimits.Default with { MaxMimeParts = 100 };
        await CheckAsync(RawMail.Header + entity, limits, opens, nameof(SmimeLimits.MaxMimeParts));
        await CheckAsync(RawMail.Header + await RawMail.ClearSignedAsync(entity), limits with { MaxMimeParts = 102 }, opens, nameof(SmimeLimits.MaxMimeParts));
    }

    [Theory]
    [InlineData(90, true)]
    [InlineData(101, false)]
    public async Task Open_ManyFields_EndAtTheLimit(int fields, bool opens)
    {
        string many = string.Concat(Enumerable.Range(0, fields).Select(i => $"X-F{i}: a\r\n"));
        SmimeLimits limits = SmimeLimits.Default with { MaxHeaderFields = 100 };
        await CheckAsync(RawMail.Header + many + RawMail.Entity, limits, opens, nameof(SmimeLimits.MaxHeaderFields));
        await CheckAsync(RawMail.Header + await RawMail.ClearSignedAsync(many + RawMail.Entity), limits, opens, nameof(SmimeLimits.MaxHeaderFields));
        await CheckAsync(RawMail.Header + Multipart(many + RawMail.Entity), limits, opens, nameof(SmimeLimits.MaxHeaderFields));
    }

    [Theory]
    [InlineData(20_000, true)]
    [InlineData(70_000, false)]
    [InlineData(3_000_000, false)]
    public async Task Open_LongHeader_EndsAtTheLimit(int size, bool opens)
    {
        SmimeLimits limits = SmimeLimits.Default with { MaxHeaderSize = 64 * 1024 };
        foreach (string field in new[] { $"X-Long: {new string('a', size)}\r\n", $"X-Long: a\r\n{string.Concat(Enumerable.Repeat(" folded\r\n", size / 9))}" })
        {
            await CheckAsync(RawMail.Header + field + RawMail.Entity, limits, opens, nameof(SmimeLimits.MaxHeaderSize));
            await CheckAsync(RawMail.Header + Multipart(field + RawMail.Entity), limits, opens, nameof(SmimeLimits.MaxHeaderSize));
            await CheckAsync(RawMail.Header + await RawMail.ClearSignedAsync(field + RawMail.Entity), limits, opens, nameof(SmimeLimits.MaxHeaderSize));
        }
    }

    [Fact]
    public async Task Open_HeaderWithoutEnd_EndsAtTheLimit()
    {
        using var endless = new EndlessStream(RawMail.Header + "X-Endless: ", (byte)'a');
        await AssertLimitAsync(endless, nameof(SmimeLimits.MaxHeaderSize));
        using var inPart = new EndlessStream(RawMail.Header + "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nX-Endless: ", (byte)'a');
        await AssertLimitAsync(inPart, nameof(SmimeLimits.MaxHeaderSize));
        Assert.All([endless, inPart], stream => Assert.True(stream.Count < 8 * 1024 * 1024, $"{stream.Count} bytes were read"));
    }

    [Fact]
    public async Task Open_SignatureLargerThanTheLimit_EndsThere()
    {
        string mail = RawMail.Header + RawMail.MultipartSigned("", RawMail.Entity, RawMail.SignaturePart(new byte[100_000]));
        await CheckAsync(mail, SmimeLimits.Default with { MaxSignatureSize = 100_000 }, opens: false, nameof(SmimeLimits.MaxSignatureSize));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task Open_ManyAddresses_EndAtTheLimit(int addresses, bool opens)
    {
        string from = "From: " + string.Join(",\r\n ", Enumerable.Range(0, addresses).Select(i => $"a{i}@example.org"));
        await CheckAsync($"{from}\r\nMIME-Version: 1.0\r\n{RawMail.Entity}", SmimeLimits.Default, opens, nameof(SmimeLimits.MaxAddresses));
    }

    private static string Nest(int depth)
    {
        IEnumerable<string> begins = Enumerable.Range(1, depth - 1).Select(i => $"Content-Type: multipart/mixed; boundary=n{i}\r\n\r\n--n{i}\r\n");
        IEnumerable<string> ends = Enumerable.Range(1, depth - 1).Reverse().Select(i => $"\r\n--n{i}--\r\n");
        return string.Concat(begins) + RawMail.Entity + string.Concat(ends);
    }

    private static string Multipart(string part) => $"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{part}\r\n--m--\r\n";

    private static async Task CheckAsync(string mail, SmimeLimits limits, bool opens, string limit)
    {
        SmimeOpenOptions options = TestMail.OpenOptions() with { Limits = limits };
        if (opens)
        {
            (SmimeReport report, _) = await RawMail.OpenAsync(mail, options);
            Assert.NotEqual(MessageOutcome.NotValid, report.Outcome);
            return;
        }

        LimitExceededException failure = await Assert.ThrowsAsync<LimitExceededException>(() => RawMail.OpenAsync(mail, options));
        Assert.Equal(limit, failure.Limit);
    }

    private static async Task AssertLimitAsync(Stream mail, string limit)
    {
        LimitExceededException failure = await Assert.ThrowsAsync<LimitExceededException>(() => RawMail.OpenAsync(mail));
        Assert.Equal(limit, failure.Limit);
    }
}
