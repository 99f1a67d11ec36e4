using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>CMS without MIME around it, or without MIME inside.</summary>
public sealed class BareCmsTests
{
    private static readonly byte[] _content = [0, 1, 2, 10, 13, 10, 255, 58, 0x31, 0];

    public static TheoryData<string> Data =>
    [
        "300F06092A864886F70D010701A0020400", // empty
        "301106092A864886F70D010701A00404020102",
        "308006092A864886F70D010701A08024800401010401020400000000000000", // segments, of which one is empty
    ];

    [Fact]
    public async Task OpenCms_ContentThatIsNotMime_ComesOutByteByByte()
    {
        byte[] cms = await RawMail.SignAsync(_content, detached: false);
        foreach (Stream stream in new Stream[] { new MemoryStream(cms), DribblingStream.InChunks(cms, 1), new MemoryStream(RawMail.Bytes(RawMail.Base64(cms))) })
        {
            using var output = new MemoryStream();
            SmimeReport report = await new SmimeOpener(TestMail.OpenOptions()).OpenCmsAsync(stream, output);
            Assert.Equal(_content, output.ToArray());
            Assert.Equal(_content.Length, report.ContentLength);
            Assert.Equal(MessageOutcome.Valid, report.Outcome);
            Assert.IsType<Check.NotChecked>(Assert.Single(report.Signatures).Address);
        }
    }

    [Theory]
    [InlineData("alice@example.org", MessageOutcome.Valid)]
    [InlineData("bob@example.net", MessageOutcome.NotValid)]
    public async Task OpenCms_WithAnExpectedAddress_ComparesIt(string expected, MessageOutcome outcome)
    {
        byte[] cms = await RawMail.SignAsync(_content, detached: false);
        SmimeReport report = await new SmimeOpener(TestMail.OpenOptions() with { ExpectedAddress = expected }).OpenCmsAsync(new MemoryStream(cms), Stream.Null);
        Assert.Equal(outcome, report.Outcome);
    }

    [Fact]
    public async Task VerifyDetached_WithItsContent_IsValid()
    {
        byte[] signature = await RawMail.SignAsync(_content, detached: true);
        SmimeReport report = await new SmimeOpener(TestMail.OpenOptions())
            .VerifyDetachedAsync(new MemoryStream(signature), DribblingStream.InChunks(_content, 3));
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal(_content.Length, report.ContentLength);
        Assert.Equal(_content.Length, Assert.Single(report.Layers).SignedData!.ContentLength);
    }

    [Fact]
    public async Task VerifyDetached_WithOtherContent_IsNotValid()
    {
        byte[] signature = await RawMail.SignAsync(_content, detached: true);
        SmimeReport report = await new SmimeOpener(TestMail.OpenOptions())
            .VerifyDetachedAsync(new MemoryStream(signature), new MemoryStream([.. _content, 0]));
        Assert.Equal(MessageOutcome.NotValid, report.Outcome);
        Assert.Equal("digest-mismatch", Assert.IsType<Check.Fail>(Assert.Single(report.Signatures).Integrity).Code);
    }

    [Fact]
    public async Task VerifyDetached_WithContentInTheSignature_IsNotValid()
    {
        byte[] opaque = await RawMail.SignAsync(_content, detached: false);
        SmimeReport report = await new SmimeOpener(TestMail.OpenOptions())
            .VerifyDetachedAsync(new MemoryStream(opaque), new MemoryStream(_content));
        Assert.Equal(MessageOutcome.NotValid, report.Outcome);
        Assert.Equal("embedded-content", Assert.IsType<Check.Fail>(Assert.Single(report.Signatures).Integrity).Code);
    }

    [Theory]
    [MemberData(nameof(Data))]
    [Trait("Requirement", "R3369-2-a")]
    [Trait("Requirement", "R3369-4-a")]
    public async Task OpenCms_Data_YieldsItsOctetsAndProtectsNothing(string der)
    {
        byte[] cms = Convert.FromHexString(der);
        using var output = new MemoryStream();
        SmimeReport report = await new SmimeOpener(TestMail.OpenOptions()).OpenCmsAsync(DribblingStream.InChunks(cms, 1), output);
        Assert.Equal(der.Length > 34 ? [1, 2] : [], output.ToArray());
        Assert.Empty(report.Layers);
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
        for (int length = 0; length < cms.Length; length++)
        {
            await Assert.ThrowsAsync<MalformedDataException>(async () =>
                await new SmimeOpener(TestMail.OpenOptions()).OpenCmsAsync(new MemoryStream(cms[..length]), Stream.Null));
        }
    }

    [Theory]
    [InlineData("305E06092A864886F70D010705A051304F020100300706052B0E03021A302B06092A864886F70D010701A01E041C5468697320697320736F6D652073616D706C6520636F6E74656E742E0414406AEC085279BA6E16022D9E0629C0229687DD48", "1.2.840.113549.1.7.5")] // digestedData, RFC 4134 §6
    [InlineData("303E06092A864886F70D010706A031302F020100302A06092A864886F70D010701301D0609608648016503040102041000000000000000000000000000000000", "1.2.840.113549.1.7.6")] // encryptedData
    [InlineData("300F06092A864886F70D010704A0023000", "1.2.840.113549.1.7.4")] // signedAndEnvelopedData of PKCS #7
    [InlineData("300906032A0304A0020500", "1.2.3.4")]
    [Trait("Requirement", "R3369-3-b")]
    [Trait("Requirement", "R3851-2.4-a")]
    [Trait("Coverage", "partial")] // the type is named; the octets stay with the caller
    public async Task Open_ContentTypeThatIsNotOfMail_IsUnsupportedByName(string der, string oid)
    {
        byte[] cms = Convert.FromHexString(der);
        Assert.Equal(oid, CmsReader.FindContentType(cms));
        UnsupportedAlgorithmException bare = await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () =>
            await new SmimeOpener(TestMail.OpenOptions()).OpenCmsAsync(new MemoryStream(cms), Stream.Null));
        UnsupportedAlgorithmException mail = await Assert.ThrowsAsync<UnsupportedAlgorithmException>(() =>
            RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(cms)));
        Assert.Equal((oid, oid), (bare.Oid, mail.Oid));
    }

    [Fact]
    [Trait("Requirement", "R3851-3.7-c")]
    public async Task Open_CertificatesOnly_OffersThemAndIsUnsigned()
    {
        using var cms = new MemoryStream();
        using (SignedDataWriter writer = await SignedDataWriter.OpenAsync(
            cms, new SignedDataWriterOptions { Signers = [], IsDetached = true, Certificates = [TestPerson.BobRsa.EncryptionCertificate] }))
        {
            await writer.CompleteAsync();
        }

        byte[] mail = RawMail.Bytes(RawMail.Header + RawMail.Pkcs7Mime(cms.ToArray()).Replace("name=smime.p7m", "smime-type=certs-only", StringComparison.Ordinal));
        using OpenedMessage opened = await new SmimeOpener(TestMail.OpenOptions()).OpenAsync(new MemoryStream(mail));
        LayerReport layer = Assert.Single(opened.Report.Layers);
        Assert.Equal(LayerKind.CertificatesOnly, layer.Kind);
        Certificate offered = Assert.Single(layer.SignedData!.Carried.Certificates);
        Assert.Equal(TestPerson.BobRsa.EncryptionCertificate, offered);
        Assert.Equal(MessageOutcome.NoSignature, opened.Report.Outcome);
        Assert.Empty(opened.Report.Warnings);
    }
}
