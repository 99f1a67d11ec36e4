using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Digested;

public sealed class DigestedDataTests
{
    private const string TimeStampInfo = "1.2.840.113549.1.9.16.1.4";
    private static readonly byte[] _content = "This is some sample content."u8.ToArray();

    public static TheoryData<string> Digests { get; } = [.. DigestAlgorithm.BuiltIn.Select(d => d.Oid)];

    [Theory]
    [MemberData(nameof(Digests))]
    [Trait("Requirement", "R3369-7-b")]
    [Trait("Requirement", "R3370-2-a")]
    public async Task Write_WithAnyDigest_Matches(string oid)
    {
        DigestAlgorithm digest = DigestAlgorithm.Find(oid)!;
        foreach (long? length in new long?[] { null, _content.Length })
        {
            byte[] message = DigestedMessage.Write(
                _content, new DigestedDataWriterOptions { Digest = digest, ContentLength = length, Policy = CmsPolicy.Legacy });
            (byte[] content, DigestedDataReport report) = DigestedMessage.Read(message, CmsPolicy.Legacy);
            Assert.Equal(_content, content);
            Assert.IsType<DigestVerdict.Matches>(report.Verdict);
            Assert.Equal(digest.Hash(_content), report.Digest.ToArray());
            Assert.Equal(oid, report.DigestAlgorithm.Oid);
            Assert.Empty(report.Deviations);
            Assert.Equal(oid is "1.3.14.3.2.26" or "1.2.840.113549.2.5" ? ["weak-digest"] : [], report.Weaknesses);
            await using var dribbled = DribblingStream.InChunks(message, 1);
            Assert.Equal(
                digest.Name is "md5" or "sha-1" ? typeof(DigestVerdict.RefusedByPolicy) : typeof(DigestVerdict.Matches),
                (await DigestedMessage.ReadAsync(dribbled)).Report.Verdict.GetType());
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-7-a")]
    public void Rfc4134_Example_IsReadAndWrittenAgain()
    {
        byte[] example = Vectors.Read("rfc4134/6.0.bin");
        (byte[] content, DigestedDataReport report) = DigestedMessage.Read(example, CmsPolicy.Legacy);
        Assert.Equal(_content, content);
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.Equal(["weak-digest"], report.Weaknesses);
        Assert.Equal(new DigestVerdict.RefusedByPolicy("digest-not-listed"), DigestedMessage.Read(example).Report.Verdict);
        byte[] written = DigestedMessage.Write(
            content, new DigestedDataWriterOptions { Digest = DigestAlgorithm.Sha1, ContentLength = content.Length, Policy = CmsPolicy.Legacy });
        Assert.Equal(example, written);
    }

    [Fact]
    public void OpenSsl_Message_IsReadAndMatches()
    {
        (byte[] content, DigestedDataReport report) = DigestedMessage.Read(Vectors.Read("peer-openssl/digested-sha256.der"));
        Assert.Equal(Vectors.Read("peer-openssl/content.txt"), content);
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.Empty(report.Deviations);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.7.1", 0)]
    [InlineData(TimeStampInfo, 2)]
    [Trait("Requirement", "R3369-7-a")]
    public void Version_FollowsTheContentType(string contentType, int version)
    {
        byte[] written = DigestedMessage.Write(
            _content, new DigestedDataWriterOptions { ContentType = contentType, ContentLength = _content.Length });
        byte[] golden = DigestedMessage.Raw(Asn.OctetString(_content), SHA256.HashData(_content), version, contentType);
        Assert.Equal(golden, written);
        DigestedDataReport report = DigestedMessage.Read(
            DigestedMessage.Raw(Asn.OctetString(_content), SHA256.HashData(_content), 1, contentType)).Report;
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.Equal(["digested-data-version"], report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-7-c")]
    [Trait("Kind", "negative")]
    public void Content_Changed_IsAMismatchAndNoException()
    {
        byte[] message = DigestedMessage.Write(_content);
        int at = message.AsSpan().IndexOf(_content);
        message[at] ^= 1;
        Assert.IsType<DigestVerdict.Mismatch>(DigestedMessage.Read(message).Report.Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [Trait("Kind", "negative")]
    public void Digest_OfOtherLength_IsAMismatch(int length)
    {
        byte[] digest = [.. SHA256.HashData(_content), 0];
        DigestVerdict verdict = DigestedMessage.Read(DigestedMessage.Raw(Asn.OctetString(_content), digest[..length])).Report.Verdict;
        Assert.IsType<DigestVerdict.Mismatch>(verdict);
    }

    [Fact]
    public void Digest_OfAnyUnknownAlgorithm_IsUnsupported()
    {
        byte[] message = DigestedMessage.Raw(Asn.OctetString(_content), [1, 2, 3], algorithm: Asn.Algorithm("1.2.3.4"));
        (byte[] content, DigestedDataReport report) = DigestedMessage.Read(message);
        Assert.Equal(_content, content);
        Assert.Equal(new DigestVerdict.Unsupported("1.2.3.4"), report.Verdict);
    }

    [Fact]
    public void Parameters_NullBesideSha3_AreReportedAndRefusedByStrict()
    {
        byte[] algorithm = Asn.Algorithm("2.16.840.1.101.3.4.2.8", [0x05, 0x00]);
        byte[] message = DigestedMessage.Raw(
            Asn.OctetString(_content), DigestAlgorithm.Sha3_256.Hash(_content), algorithm: algorithm);
        DigestedDataReport report = DigestedMessage.Read(message).Report;
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.Equal(["null-parameters"], report.Deviations);
        Assert.Equal(
            new DigestVerdict.RefusedByPolicy("null-parameters"), DigestedMessage.Read(message, CmsPolicy.Strict).Report.Verdict);
    }

    [Fact]
    public void Content_Detached_ComesFromOutside()
    {
        byte[] message = DigestedMessage.Write(_content, new DigestedDataWriterOptions { IsDetached = true });
        Assert.Equal(DigestedMessage.Raw(null, SHA256.HashData(_content)), message);
        Assert.IsType<DigestVerdict.ContentMissing>(DigestedMessage.Read(message).Report.Verdict);
        DigestedDataReport report = DigestedMessage.Read(message, detached: _content).Report;
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.True(report.IsDetached);
        Assert.Equal(_content.Length, report.ContentLength);
        Assert.IsType<DigestVerdict.Mismatch>(DigestedMessage.Read(message, detached: [.. _content, 0]).Report.Verdict);
        Assert.Throws<InvalidOperationException>(() => DigestedMessage.Read(DigestedMessage.Write(_content), detached: _content));
    }

    [Fact]
    public void Content_Empty_IsNotMissing()
    {
        Assert.IsType<DigestVerdict.Matches>(DigestedMessage.Read(DigestedMessage.Write([])).Report.Verdict);
    }

    [Fact]
    public void Content_OfPkcs7_IsTheContentsOfTheValue()
    {
        byte[] inner = Asn.Sequence(Asn.Number(1), Asn.Number(2));
        byte[] message = DigestedMessage.Raw(inner, SHA256.HashData(inner.AsSpan(2)), 0, "1.2.3.4");
        (byte[] content, DigestedDataReport report) = DigestedMessage.Read(message);
        Assert.Equal(inner[2..], content);
        Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        Assert.Equal(["pkcs7-content"], report.Deviations); // RFC 2315 §12: its version is 0 whatever the type
        Assert.Throws<MalformedDataException>(() => DigestedMessage.Read(message, CmsPolicy.Strict));
    }

    [Fact]
    public void Write_WithWeakDigest_NeedsThePolicy()
    {
        var output = new MemoryStream();
        Assert.Throws<PolicyViolationException>(
            () => DigestedDataWriter.Open(output, new DigestedDataWriterOptions { Digest = DigestAlgorithm.Sha1 }));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Message_TruncatedOrPadded_IsMalformed()
    {
        foreach (long? contentLength in new long?[] { null, _content.Length })
        {
            byte[] message = DigestedMessage.Write(_content, new DigestedDataWriterOptions { ContentLength = contentLength });
            for (int length = 0; length < message.Length; length++)
            {
                Assert.Throws<MalformedDataException>(() => DigestedMessage.Read(message[..length]));
            }

            Assert.Equal("trailing-data", Assert.Throws<MalformedDataException>(() => DigestedMessage.Read([.. message, 0])).Code);
        }
    }

    [Fact]
    public async Task Message_NestedInAnother_IsOpened()
    {
        byte[] inner = DigestedMessage.Write(_content);
        int start = inner.AsSpan().IndexOf(Asn.Oid("1.2.840.113549.1.7.5")) + 11 + 2;
        byte[] bare = inner[start..^4]; // the value without ContentInfo
        byte[] outer = DigestedMessage.Write(bare, new DigestedDataWriterOptions { ContentType = "1.2.840.113549.1.7.5" });
        await using CmsContentReader opened = await CmsReader.OpenAsync(new MemoryStream(outer));
        var first = (DigestedDataReader)opened;
        await using (CmsContentReader nested = await CmsReader.OpenNestedAsync(first.Content, first.EncapsulatedContentType))
        {
            DigestedDataReport report = await ((DigestedDataReader)nested).CompleteAsync(DigestedMessage.Now);
            Assert.IsType<DigestVerdict.Matches>(report.Verdict);
        }

        Assert.IsType<DigestVerdict.Matches>((await first.CompleteAsync(DigestedMessage.Now)).Verdict);
    }
}
