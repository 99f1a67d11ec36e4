using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Content in the form of PKCS #7 1.5, as it is written: a value of its own, signed without its tag and length (RFC 5652 §5.2.1).</summary>
public sealed class Pkcs7ContentTests
{
    private const string SpcIndirectData = "1.3.6.1.4.1.311.2.1.4";

    private static readonly byte[] _contents = [.. Asn.Sequence(Asn.Oid("1.2.3")), .. Asn.OctetString(new byte[300])];
    private static readonly byte[] _value = Asn.Sequence(_contents);

    private static readonly SignedDataWriterOptions _options = new()
    {
        Signers = [new CmsSigner(TestIdentity.P256)],
        Certificates = [TestIdentity.P256.Certificate],
        ContentType = SpcIndirectData,
        UsePkcs7Content = true,
    };

    public static TheoryData<string> Faults { get; } = ["empty", "cut off", "followed", "two", "indefinite", "not minimal", "segments", "high tag"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R3369-5.2.1-d")]
    [Trait("Requirement", "R3369-5.2.1-c")]
    public void Write_InTheFormOfPkcs7_HoldsTheValueAndSignsItsContentsOctets(bool definite)
    {
        byte[] message = Write(_options with { ContentLength = definite ? _value.Length : null });
        byte[] eContent = definite ? Asn.Tagged(0xA0, _value) : [0xA0, 0x80, .. _value];
        Assert.True(message.AsSpan().IndexOf((byte[])[.. Asn.Oid(SpcIndirectData), .. eContent]) > 0);
        Assert.True(message.AsSpan().IndexOf((byte[])[.. Asn.Number(1), .. Asn.Set(Asn.Algorithm(DigestAlgorithm.Sha256.Oid)), 0x30]) > 0, "version 1");
        Assert.True(message.AsSpan().IndexOf(Asn.OctetString(SHA256.HashData(_contents))) > 0, "the message digest");

        SignedMessage read = SignedMessage.Read(message);
        read.AssertValid([TestIdentity.P256], _contents);
        Assert.Equal(["pkcs7-content"], read.Report.Deviations);
        Assert.Throws<MalformedDataException>(
            () => SignedMessage.Read(message, options: new CmsReaderOptions { Policy = CmsPolicy.Strict }));
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public void Write_ByDefault_IsAnOctetStringAroundTheValue()
    {
        byte[] message = Write(_options with { UsePkcs7Content = false, ContentLength = _value.Length });
        Assert.True(message.AsSpan().IndexOf(Asn.Tagged(0xA0, Asn.OctetString(_value))) > 0);
        SignedMessage read = SignedMessage.Read(message);
        read.AssertValid([TestIdentity.P256], _value);
        Assert.Empty(read.Report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-a")]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public void Write_Data_IsTheSameMessageInBothForms()
    {
        byte[] text = "content\r\n"u8.ToArray();
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestIdentity.Rsa) { UseSignedAttributes = false }], ContentLength = text.Length,
        };
        byte[] value = Asn.OctetString(text);
        Assert.Equal(
            Convert.ToHexString(Write(options, text)),
            Convert.ToHexString(Write(options with { UsePkcs7Content = true, ContentLength = value.Length }, value)));
        Refused(options with { UsePkcs7Content = true, ContentLength = null }, Asn.Sequence(), "unexpected-tag");
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public async Task Write_SplitAtEveryOffset_IsTheSame()
    {
        for (int split = 0; split <= _value.Length; split++)
        {
            using var output = new MemoryStream();
            await using SignedDataWriter writer = await SignedDataWriter.OpenAsync(output, _options);
            await writer.Content.WriteAsync(_value.AsMemory(0, split));
            await writer.Content.WriteAsync(_value.AsMemory(split));
            await writer.CompleteAsync();
            SignedMessage.Read(output.ToArray()).AssertValid([TestIdentity.P256], _contents);
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-2-c")]
    public void Read_SplitAtEveryOffset_IsValid()
    {
        byte[] message = Write(_options);
        for (int split = 1; split < message.Length; split++)
        {
            SignedMessage.Read(DribblingStream.SplitAt(message, split)).AssertValid([TestIdentity.P256], _contents);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Kind", "negative")]
    public void Read_EachByteFlipped_IsNeverValidForAnythingElse(bool definite)
    {
        byte[] message = Write(_options with { ContentLength = definite ? _value.Length : null });
        for (int bit = 0; bit < message.Length * 8; bit += 3)
        {
            byte[] flipped = [.. message];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                SignedMessage read = SignedMessage.Read(flipped);
                Assert.All(read.Report.Signers.Where(s => s.Verdict is SignerVerdict.Valid), s =>
                {
                    Assert.Equal(Convert.ToHexString(_contents), Convert.ToHexString(read.Content));
                    Assert.Equal(TestIdentity.P256.Certificate, s.Certificate);
                });
            }
            catch (SmimeKitException)
            {
                continue;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Requirement", "R3369-5.2.1-d")]
    [Trait("Kind", "negative")]
    public void Write_WhatIsNotOneValue_IsRefusedAndLeavesNoWholeMessage(string fault)
    {
        (byte[] content, string code) = fault switch
        {
            "empty" => (Array.Empty<byte>(), "truncated"),
            "cut off" => (_value[..^1], "truncated"),
            "followed" => ([.. _value, 0], "trailing-data"),
            "two" => ([.. _value, .. _value], "trailing-data"),
            "indefinite" => ([0x30, 0x80, 0, 0], "ber-header"),
            "not minimal" => ([0x30, 0x81, 0], "ber-header"),
            "segments" => (Asn.Tagged(0x24, Asn.OctetString([1])), "unexpected-tag"),
            _ => (Asn.Hex("3F8101 00"), "unexpected-tag"),
        };
        Refused(_options, content, code);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-d")]
    [Trait("Kind", "negative")]
    public void Open_WithWhatPkcs7DoesNotKnow_ThrowsBeforeAnyOutput()
    {
        SignedDataWriterOptions[] mistakes =
        [
            _options with { IsDetached = true },
            _options with { Signers = [], ContentType = ForgedMessage.Data },
            _options with { Signers = [new CmsSigner(TestIdentity.P256) { UseSubjectKeyIdentifier = true }] },
            _options with { OtherCertificates = [new byte[] { 0xA3, 0 }] },
            _options with { OtherRevocationInfo = [new byte[] { 0xA1, 0 }] },
            _options with { Signers = [new CmsSigner(TestIdentity.P256) { UseSignedAttributes = false }] }, // R3369-5.3-h
        ];
        using var output = new MemoryStream();
        Assert.All(mistakes, m => Assert.Throws<ArgumentException>(() => SignedDataWriter.Open(output, m)));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public void Apply_ToPkcs7Content_KeepsVersionOne()
    {
        using var output = new MemoryStream();
        SignedDataEditor.Apply(new MemoryStream(Write(_options)), output, new SignedDataEdits { AddedSigners = [new CmsSigner(TestIdentity.P256)] });
        SignedMessage read = SignedMessage.Read(output.ToArray());
        read.AssertValid([TestIdentity.P256, TestIdentity.P256], _contents);
        Assert.Equal(["pkcs7-content"], read.Report.Deviations); // not signed-data-version
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-d")]
    public void Write_ContentLargerThanAnyBuffer_IsSignedByItsContentsOctets()
    {
        byte[] contents = Asn.OctetString(new byte[3_000_000]);
        SignedMessage.Read(Write(_options, Asn.Sequence(contents))).AssertValid([TestIdentity.P256], contents);
    }

    private static byte[] Write(SignedDataWriterOptions options, byte[]? value = null)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, options);
        writer.Content.Write(value ?? _value);
        writer.Complete();
        return output.ToArray();
    }

    private static void Refused(SignedDataWriterOptions options, byte[] content, string code)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, options);
        MalformedDataException e = Assert.Throws<MalformedDataException>(() =>
        {
            writer.Content.Write(content);
            writer.Complete();
        });
        Assert.Equal((code, "encapContentInfo.eContent"), (e.Code, e.FieldPath));
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<MalformedDataException>(() => SignedMessage.Read(output.ToArray()));
    }
}
