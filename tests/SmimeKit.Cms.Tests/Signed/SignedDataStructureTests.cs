using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Where the content is, where the message ends, and what a reader allows in which order.</summary>
public sealed class SignedDataStructureTests
{
    private static readonly byte[] _message = new ForgedMessage();
    private static readonly byte[] _detached = new ForgedMessage { EContent = [] };

    [Theory]
    [InlineData("00")]
    [InlineData("0A")]
    [InlineData("0000")]
    [InlineData("DEADBEEF")]
    [Trait("Requirement", "R3369-3-d")]
    [Trait("Kind", "negative")]
    public void Read_TrailingOctets_AreRefused(string trailing)
    {
        byte[] message = [.. _message, .. Convert.FromHexString(trailing)];
        var e = Assert.Throws<MalformedDataException>(() => SignedMessage.Read(message));
        Assert.Equal("trailing-data", e.Code);
        Assert.Equal(_message.Length, e.Offset);
    }

    [Theory]
    [InlineData("no content")]
    [InlineData("another type")]
    [InlineData("a set")]
    [InlineData("two contents")]
    [InlineData("version missing")]
    [InlineData("signers missing")]
    [InlineData("certificates twice")]
    [InlineData("content twice")]
    [InlineData("content empty")]
    [InlineData("content as a number")]
    [InlineData("content with another tag")]
    [Trait("Requirement", "R3369-3-a")]
    [Trait("Requirement", "R3369-5.1-a")]
    [Trait("Kind", "negative")]
    public void Read_MessageOfAnotherShape_IsMalformed(string shape)
    {
        byte[] signedData = Asn.Oid(ForgedMessage.SignedData);
        byte[] certificate = TestIdentity.P256.Certificate.RawData.ToArray();
        byte[] message = shape switch
        {
            "no content" => Asn.Sequence(signedData),
            "another type" => Asn.Sequence(Asn.Oid(ForgedMessage.Data), Asn.Tagged(0xA0, Asn.OctetString([1]))),
            "a set" => [0x31, .. _message[1..]],
            "two contents" => Asn.Sequence(signedData, _message[(4 + signedData.Length)..], Asn.Tagged(0xA0, Asn.Sequence())),
            "version missing" => new ForgedMessage { Version = [] },
            "signers missing" => Asn.Sequence(signedData, Asn.Tagged(0xA0, Asn.Sequence(Asn.Number(1), Asn.Set(), Asn.Sequence(Asn.Oid(ForgedMessage.Data))))),
            "certificates twice" => Asn.Sequence(signedData, Asn.Tagged(0xA0, Asn.Sequence(
                Asn.Number(1), Asn.Set(), Asn.Sequence(Asn.Oid(ForgedMessage.Data)),
                Asn.Tagged(0xA0, certificate), Asn.Tagged(0xA0, certificate), Asn.Set()))),
            "content twice" => new ForgedMessage { EContent = [.. Asn.Tagged(0xA0, Asn.OctetString([1])), .. Asn.Tagged(0xA0, Asn.OctetString([2]))] },
            "content empty" => new ForgedMessage { EContent = Asn.Tagged(0xA0) },
            "content as a number" => new ForgedMessage { EContent = Asn.Tagged(0xA0, Asn.Number(1)) },
            _ => new ForgedMessage { EContent = Asn.Tagged(0xA1, Asn.OctetString([1])) },
        };
        Assert.Throws<MalformedDataException>(() => SignedMessage.Read(message));
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-c")]
    public void Read_AbsentAndEmptyContent_AreNotTheSame()
    {
        byte[] empty = new ForgedMessage { SignedContent = [] };
        using SignedDataReader attached = SignedDataReader.Open(new MemoryStream(empty));
        Assert.False(attached.IsDetached);
        Assert.Equal(0, attached.Content.Read(new byte[10]));
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(attached.Complete(SignedMessage.At).Signers).Verdict);

        byte[] absent = new ForgedMessage { SignedContent = [], EContent = [] };
        using SignedDataReader detached = SignedDataReader.Open(new MemoryStream(absent));
        Assert.True(detached.IsDetached);
        Assert.Equal(0, detached.Content.Read(new byte[10]));
        Assert.IsType<SignerVerdict.ContentMissing>(Assert.Single(detached.Complete(SignedMessage.At).Signers).Verdict);

        Assert.IsType<SignerVerdict.Valid>(SignedMessage.Read(absent, []).Verdict);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_DetachedMessageAsIfAttached_NeverVerifiesTheEmptyContent()
    {
        // A signature over nothing, its content stripped: reading it like an opaque message must not end as valid.
        byte[] message = new ForgedMessage { SignedContent = [], EContent = [] };
        SignedMessage read = SignedMessage.Read(message);
        Assert.Empty(read.Content);
        Assert.IsType<SignerVerdict.ContentMissing>(read.Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-b")]
    public void Sign_AttachedAndDetached_SignTheSameAttributes()
    {
        SigningCase attached = SigningCases.Named("rsa-sha256/attributes/issuer/definite/one");
        byte[] content = SigningCase.Content;
        SignerReport one = Assert.Single(SignedMessage.Read(attached.Sign(content)).Report.Signers);
        SignerReport other = Assert.Single(
            SignedMessage.Read((attached with { Form = SigningForm.Detached }).Sign(content), content).Report.Signers);
        Assert.Equal(one.Signature.ToArray(), other.Signature.ToArray());
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void UseDigests_OfAMessageThatCarriesContent_JudgesTheGivenContentAndReportsIt()
    {
        // Johnny c1: a multipart/signed whose signature part carries other content.
        using var digester = new ContentDigester([DigestAlgorithm.Sha256]);
        digester.Append("what is shown"u8);
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(_message));
        reader.UseDigests(digester);
        SignedDataReport report = reader.Complete(SignedMessage.At);
        Assert.IsType<SignerVerdict.DigestMismatch>(Assert.Single(report.Signers).Verdict);
        Assert.Equal(["embedded-content"], report.Deviations);
        Assert.Equal("what is shown".Length, report.ContentLength);
    }

    [Fact]
    public void UseDigests_CopiesThem()
    {
        var digester = new ContentDigester([DigestAlgorithm.Sha256]);
        digester.Append(ForgedMessage.Text);
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(_detached));
        reader.UseDigests(digester);
        digester.Append("more"u8);
        digester.Dispose();
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(reader.Complete(SignedMessage.At).Signers).Verdict);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void GivingContent_TwiceOrToAMessageThatCarriesIt_IsACallersMistake()
    {
        using var digester = new ContentDigester([DigestAlgorithm.Sha256]);
        using SignedDataReader detached = SignedDataReader.Open(new MemoryStream(_detached));
        detached.DigestDetached(new MemoryStream(ForgedMessage.Text));
        Assert.Throws<InvalidOperationException>(() => detached.DigestDetached(Stream.Null));
        Assert.Throws<InvalidOperationException>(() => detached.UseDigests(digester));
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(detached.Complete(SignedMessage.At).Signers).Verdict);

        using SignedDataReader attached = SignedDataReader.Open(new MemoryStream(_message));
        Assert.Throws<InvalidOperationException>(() => attached.DigestDetached(Stream.Null));
        attached.UseDigests(digester);
        Assert.Throws<InvalidOperationException>(() => attached.UseDigests(digester));
    }

    [Fact]
    public void Complete_WithContentUnread_DrainsIt()
    {
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(_message));
        SignedDataReport report = reader.Complete(SignedMessage.At);
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(report.Signers).Verdict);
        Assert.Equal(ForgedMessage.Text.Length, report.ContentLength);
        Assert.Equal(0, reader.Content.ReadByte() + 1);
        Assert.Throws<InvalidOperationException>(() => reader.Complete(SignedMessage.At));
    }

    [Fact]
    public void Reader_AfterAnError_StaysFailed()
    {
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(_message[..^10]));
        Assert.Throws<MalformedDataException>(() => reader.Complete(SignedMessage.At));
        Assert.Throws<InvalidOperationException>(() => reader.Complete(SignedMessage.At));
        Assert.Throws<InvalidOperationException>(() => reader.Content.ReadByte());
    }

    [Fact]
    public void Reader_Disposed_RefusesCallsAndLeavesTheInputOpen()
    {
        using var input = new MemoryStream(_message);
        SignedDataReader reader = SignedDataReader.Open(input);
        Stream content = reader.Content;
        reader.Dispose();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => content.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => reader.Complete(SignedMessage.At));
        Assert.True(input.CanRead);
    }

    [Fact]
    public async Task Reader_OverAFailingInput_PassesItsExceptionOn()
    {
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(new FailingStream(_message, _message.Length - 50));
        await Assert.ThrowsAsync<IOException>(() => reader.CompleteAsync(SignedMessage.At).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.CompleteAsync(SignedMessage.At).AsTask());

        await using SignedDataReader detached = await SignedDataReader.OpenAsync(new MemoryStream(_detached));
        await Assert.ThrowsAsync<IOException>(() => detached.DigestDetachedAsync(new FailingStream(new byte[100], 50)).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => detached.CompleteAsync(SignedMessage.At).AsTask());
    }

    [Fact]
    public async Task Reader_Cancelled_EndsWithTheCancellation()
    {
        using var source = new CancellationTokenSource();
        await using SignedDataReader reader = await SignedDataReader.OpenAsync(DribblingStream.InChunks(_message, 10), null, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.CompleteAsync(SignedMessage.At, null, source.Token).AsTask());
    }

    [Theory]
    [InlineData("definite")]
    [InlineData("primitive")]
    [Trait("Requirement", "R3369-5.2.1-b")]
    [Trait("Requirement", "R3369-5.2.1-c")]
    public void Read_ContentThatIsTheValueItself_IsReadByTheRulesOfPkcs7(string form)
    {
        const string SpcIndirectData = "1.3.6.1.4.1.311.2.1.4";
        byte[] octets = Asn.Hex("0403010203 0201 05");
        byte[] value = form == "primitive" ? Asn.Tagged(0x02, octets) : Asn.Sequence(octets);
        var forged = new ForgedMessage
        {
            ContentType = SpcIndirectData, SignedContent = octets, Version = Asn.Number(3), EContent = Asn.Tagged(0xA0, value),
        };
        SignedMessage read = SignedMessage.Read(forged);
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(octets, read.Content);
        Assert.Equal(["pkcs7-content"], read.Report.Deviations);

        // Without attributes PKCS #7 signs these octets too; CMS asks for attributes with any type but data (R3369-5.3-h).
        SignedMessage bare = SignedMessage.Read(forged with { Signers = [new ForgedSigner { Attributes = null }] });
        Assert.Equal("signed-attributes-missing", Assert.IsType<SignerVerdict.Malformed>(bare.Verdict).Rule);
        Assert.Equal(octets, bare.Content);

        byte[] asData = forged with { ContentType = ForgedMessage.Data };
        Assert.Throws<MalformedDataException>(() => SignedMessage.Read(asData));
        byte[] message = forged;
        Assert.Throws<MalformedDataException>(() => SignedMessage.Read(message, options: new CmsReaderOptions { Policy = CmsPolicy.Strict }));

        // By the rules of CMS the digest covers the whole encoding inside the octet string: a different one.
        SignedMessage cms = SignedMessage.Read(forged with { SignedContent = value, EContent = null });
        Assert.IsType<SignerVerdict.Valid>(cms.Verdict);
        Assert.Equal(value, cms.Content);
        Assert.Empty(cms.Report.Deviations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8192)]
    [Trait("Requirement", "R3369-5.4-a")]
    public void Read_ContentInSegments_HasTheSameDigest(int size)
    {
        byte[] content = RandomNumberGenerator.GetBytes(20_000);
        byte[][] segments = [.. content.Chunk(size).Select(Asn.OctetString)];
        byte[] message = new ForgedMessage { SignedContent = content, EContent = Asn.Tagged(0xA0, Asn.Tagged(0x24, segments)) };
        SignedMessage read = SignedMessage.Read(message);
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(content, read.Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-a")]
    [Trait("Requirement", "R3369-4-a")]
    public void Content_ReadInEveryWay_IsTheSame()
    {
        byte[] content = RandomNumberGenerator.GetBytes(200_000);
        byte[] message = SigningCases.Named("rsa-sha256/attributes/issuer/indefinite/one").Sign(content);
        foreach (Func<Stream, byte[]> read in new Func<Stream, byte[]>[] { ReadArrays, ReadSpans, ReadBytes, Copy })
        {
            using SignedDataReader reader = SignedDataReader.Open(DribblingStream.InChunks(message, 10_000));
            Assert.Equal(content, read(reader.Content));
            Assert.IsType<SignerVerdict.Valid>(Assert.Single(reader.Complete(SignedMessage.At).Signers).Verdict);
            Assert.Equal(content.Length, reader.ContentLength);
        }
    }

    private static byte[] ReadArrays(Stream stream)
    {
        using var read = new MemoryStream();
        byte[] buffer = new byte[999];
        for (int count; (count = stream.Read(buffer, 1, 998)) > 0;)
        {
            read.Write(buffer, 1, count);
        }

        return read.ToArray();
    }

    private static byte[] ReadSpans(Stream stream)
    {
        using var read = new MemoryStream();
        Span<byte> buffer = new byte[70_000];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            read.Write(buffer[..count]);
        }

        return read.ToArray();
    }

    private static byte[] ReadBytes(Stream stream)
    {
        using var read = new MemoryStream();
        for (int octet; (octet = stream.ReadByte()) >= 0;)
        {
            read.WriteByte((byte)octet);
        }

        return read.ToArray();
    }

    private static byte[] Copy(Stream stream)
    {
        using var read = new MemoryStream();
        stream.CopyTo(read);
        return read.ToArray();
    }
}
