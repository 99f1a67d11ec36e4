using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>None, one, or several signers, and broken ones beside good ones: a verdict for each, and never one for all.</summary>
public sealed class SignerTests
{
    private static readonly ForgedSigner _good = new() { Identity = TestIdentity.Rsa };
    private static readonly CmsReaderOptions _strict = new() { Policy = CmsPolicy.Strict };

    [Fact]
    [Trait("Requirement", "R3369-5.1-k")]
    [Trait("Requirement", "R3369-5.2-e")]
    [Trait("Kind", "negative")]
    public void Read_NoSigners_IsUnsignedWhateverItCarries()
    {
        byte[] certificate = TestIdentity.Rsa.Certificate.RawData.ToArray();
        SignedMessage read = SignedMessage.Read(new ForgedMessage { Signers = [], Certificates = [certificate] });
        Assert.Empty(read.Report.Signers);
        Assert.Equal(ForgedMessage.Text, read.Content);
        SignedMessage certsOnly = SignedMessage.Read(new ForgedMessage { Signers = [], Certificates = [certificate], EContent = [] });
        Assert.Empty(certsOnly.Report.Signers);
        Assert.True(certsOnly.Report.IsDetached);
        Assert.Equal(certificate, Assert.Single(certsOnly.Report.Carried.Certificates).RawData.ToArray());
    }

    [Fact]
    [Trait("Requirement", "R3369-5.1-k")]
    [Trait("Requirement", "R3369-5.1-f")]
    public void Read_ThreeSigners_HasAVerdictForEachInTheirOrder()
    {
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Signers = [_good, new ForgedSigner(), new ForgedSigner { Identity = TestIdentity.OtherRsa, Sign = _ => new byte[256] }],
        });
        Assert.Equal(
            [typeof(SignerVerdict.Valid), typeof(SignerVerdict.Valid), typeof(SignerVerdict.SignatureMismatch)],
            read.Report.Signers.Select(s => s.Verdict.GetType()));
        Assert.Equal(
            [TestIdentity.Rsa.Certificate, TestIdentity.P256.Certificate, TestIdentity.OtherRsa.Certificate],
            read.Report.Signers.Select(s => s.Certificate));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListSigners_OfAnyMessage_NamesThemAndVerifiesNothing(bool isDetached)
    {
        var message = new ForgedMessage
        {
            Signers = [_good, new ForgedSigner { Identity = TestIdentity.OtherRsa, Sign = _ => new byte[256] }],
            EContent = isDetached ? [] : null,
        };
        byte[] encoded = message.Encode();
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(encoded));
        await using SignedDataReader slow = await SignedDataReader.OpenAsync(DribblingStream.InChunks(encoded, 1));
        foreach (IReadOnlyList<CertificateIdentifier> listed in new[] { reader.ListSigners(), await slow.ListSignersAsync() })
        {
            Assert.Equal(2, listed.Count);
            Assert.True(listed[0].Matches(TestIdentity.Rsa.Certificate));
            Assert.True(listed[1].Matches(TestIdentity.OtherRsa.Certificate));
        }

        Assert.Throws<InvalidOperationException>(() => reader.Complete(SignedMessage.At));
    }

    private static readonly Dictionary<string, (string Verdict, ForgedSigner Signer)> _broken = new()
    {
        ["version 9"] = ("Unsupported version", new() { Version = Asn.Number(9) }),
        ["version 300"] = ("Unsupported version", new() { Version = Asn.Number(300) }),
        ["version -1"] = ("Unsupported version", new() { Version = Asn.Number(-1) }),
        ["version 2^64"] = ("Unsupported version", new() { Version = Asn.Hex("0209010000000000000000") }),
        ["unknown signature algorithm"] = ("Unsupported 1.2.3.4", new() { SignatureIdentifier = Asn.Algorithm("1.2.3.4") }),
        ["unknown digest algorithm"] = ("Unsupported 1.2.3.4", new() { DigestIdentifier = Asn.Algorithm("1.2.3.4") }),
        ["signature algorithm of another key"] = ("Unsupported 1.2.840.10045.2.1", new() { SignatureIdentifier = Asn.Algorithm("1.2.840.113549.1.1.11", [5, 0]) }),
        ["empty"] = ("Malformed signer-info", new() { Whole = _ => Asn.Sequence() }),
        ["a set"] = ("Malformed signer-info", new() { Whole = info => [0x31, .. info.AsSpan(1)] }),
        ["a number"] = ("Malformed signer-info", new() { Whole = _ => Asn.Number(1) }),
        ["one field too many"] = ("Malformed signer-info", new() { UnsignedAttributes = Asn.Number(1) }),
        ["signature as a bit string"] = ("Malformed signer-info", new() { Whole = Replace(0x04, 0x03) }),
        ["identifier missing"] = ("Malformed signer-info", new() { Sid = [] }),
        ["identifier of an unknown kind"] = ("Malformed signer-info", new() { Sid = Asn.Tagged(0x81, [1]) }),
        ["unsigned attributes that are none"] = ("Malformed signer-info", new() { UnsignedAttributes = Asn.Tagged(0xA1, Asn.Number(1)) }),
        ["signed attributes that are none"] = ("Malformed signed-attributes", new() { Wire = _ => Asn.Tagged(0xA0, Asn.Number(1)) }),
        ["signed attributes, primitive"] = ("Malformed signed-attributes", new() { Wire = der => [0x80, .. der.AsSpan(1)] }),
        ["certificate unknown"] = ("CertificateNotFound", new() { Sid = ForgedSigner.KeyIdentifier([1, 2, 3]) }),
    };

    public static TheoryData<string> Broken { get; } = [.. _broken.Keys];

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("Requirement", "R3369-5.1-l")]
    [Trait("Requirement", "R3369-5.1-m")]
    [Trait("Requirement", "R3369-10.2.5-a")]
    [Trait("Requirement", "R3852-5.3-a")]
    [Trait("Requirement", "R4853-3-a")]
    [Trait("Requirement", "R5652-5.1-d")]
    [Trait("Kind", "negative")]
    public void Read_BrokenSignerBesideAGoodOne_DoesNotHideIt(string name)
    {
        (string verdict, ForgedSigner broken) = _broken[name];
        foreach (ForgedSigner[] signers in new[] { new[] { broken, _good }, [_good, broken] })
        {
            SignedMessage read = SignedMessage.Read(new ForgedMessage { Signers = signers });
            int bad = signers[0] == broken ? 0 : 1;
            Assert.Equal(verdict, Describe(read.Report.Signers[bad].Verdict));
            Assert.IsType<SignerVerdict.Valid>(read.Report.Signers[1 - bad].Verdict);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(5, false)]
    [Trait("Requirement", "R3369-1-b")]
    [Trait("Requirement", "R5652-5.1-b")]
    public void Read_SignerVersionThatDoesNotFit_IsReported(int version, bool strictAccepts)
    {
        byte[] message = new ForgedMessage { Signers = [_good with { Version = Asn.Number(version) }] };
        SignerReport report = Assert.Single(SignedMessage.Read(message).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(["signer-version"], report.Deviations);
        Assert.Equal(strictAccepts, SignedMessage.Read(message, options: _strict).Verdict is SignerVerdict.Valid);
    }

    [Theory]
    [InlineData("020103")]
    [InlineData("0202012C")]
    [InlineData("0201FF")]
    [InlineData("0209010000000000000000")]
    [Trait("Requirement", "R3369-1-b")]
    [Trait("Requirement", "R5652-5.1-b")]
    [Trait("Requirement", "R3369-10.2.5-a")]
    public void Read_MessageVersionThatDoesNotFit_IsReported(string version)
    {
        SignedMessage read = SignedMessage.Read(new ForgedMessage { Signers = [_good], Version = Asn.Hex(version) });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(["signed-data-version"], read.Report.Deviations);
    }

    private static string Describe(SignerVerdict verdict) => verdict switch
    {
        SignerVerdict.Unsupported u => "Unsupported " + u.Oid,
        SignerVerdict.Malformed m => "Malformed " + m.Rule,
        _ => verdict.GetType().Name,
    };

    // Replaces the tag of the last value: the signature.
    private static Func<byte[], byte[]> Replace(byte from, byte to) => info =>
    {
        byte[] changed = [.. info];
        for (int i = info.Length - 1; i >= 0; i--)
        {
            if (info[i] == from && i + 2 + info[i + 1] == info.Length)
            {
                changed[i] = to;
                return changed;
            }
        }

        throw new InvalidOperationException();
    };
}
