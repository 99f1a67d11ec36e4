using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>The rules on attributes, each broken alone in a signature that is good otherwise.</summary>
public sealed class SignedAttributeTests
{
    private static readonly CmsReaderOptions _strict = new() { Policy = CmsPolicy.Strict };
    private static readonly byte[] _digest = Hash(DigestAlgorithm.Sha256, ForgedMessage.Text);
    private static readonly byte[] _contentType = ContentType(ForgedMessage.Data);
    private static readonly byte[] _messageDigest = MessageDigest(_digest);
    private static readonly byte[] _time = Asn.Write(w => w.WriteUtcTime(SigningCase.SigningTime));
    private static readonly byte[] _otherTime = Asn.Write(w => w.WriteUtcTime(SigningCase.SigningTime.AddDays(1)));
    private static readonly byte[] _capabilities = Asn.Sequence(Asn.Algorithm("2.16.840.1.101.3.4.1.42"));
    private static readonly byte[] _preference = Asn.Tagged(0x82, [1]); // subjectAltKeyIdentifier

    /// <summary>Attributes to sign, and the rule that they break; null when they are good.</summary>
    private static readonly Dictionary<string, (string? Fault, byte[][] Attributes)> _sets = new()
    {
        ["nothing but the two"] = (null, [_contentType, _messageDigest]),
        ["unknown type"] = (null, [_contentType, _messageDigest, Of(UnknownOid, Asn.Hex("7F8A0103020101"))]),
        ["unknown type twice"] = (null, [_contentType, _messageDigest, Of(UnknownOid, Asn.Number(1)), Of(UnknownOid, Asn.Number(2))]),
        ["unknown type without value"] = (null, [_contentType, _messageDigest, Of(UnknownOid)]),

        ["no content type"] = ("content-type-attribute", [_messageDigest]),
        ["content type twice"] = ("content-type-attribute", [_contentType, _contentType, _messageDigest]),
        ["content type with two values"] = ("content-type-attribute", [Of(ContentTypeOid, Asn.Oid(ForgedMessage.Data), Asn.Oid(ForgedMessage.TstInfo)), _messageDigest]),
        ["content type with one value twice"] = ("content-type-attribute", [Of(ContentTypeOid, Asn.Oid(ForgedMessage.Data), Asn.Oid(ForgedMessage.Data)), _messageDigest]),
        ["content type without value"] = ("content-type-attribute", [Of(ContentTypeOid), _messageDigest]),
        ["content type as octets"] = ("content-type-attribute", [Of(ContentTypeOid, Asn.OctetString([1])), _messageDigest]),
        ["content type as another type"] = ("content-type-attribute", [Of(ContentTypeOid, Asn.Sequence(Asn.Oid(ForgedMessage.Data))), _messageDigest]),
        ["other content type"] = ("content-type-mismatch", [ContentType(ForgedMessage.TstInfo), _messageDigest]),

        ["no message digest"] = ("message-digest-attribute", [_contentType]),
        ["message digest twice"] = ("message-digest-attribute", [_contentType, _messageDigest, MessageDigest([1])]),
        ["message digest with two values"] = ("message-digest-attribute", [_contentType, Of(MessageDigestOid, Asn.OctetString(_digest), Asn.OctetString([1]))]),
        ["message digest without value"] = ("message-digest-attribute", [_contentType, Of(MessageDigestOid)]),
        ["message digest as a number"] = ("message-digest-attribute", [_contentType, Of(MessageDigestOid, Asn.Number(1))]),
        ["message digest as a bit string"] = ("message-digest-attribute", [_contentType, Of(MessageDigestOid, Asn.Tagged(0x03, [0], _digest))]),

        ["signing time twice"] = ("signing-time-attribute", [_contentType, _messageDigest, Of(SigningTimeOid, _time), Of(SigningTimeOid, _otherTime)]),
        ["signing time with two values"] = ("signing-time-attribute", [_contentType, _messageDigest, Of(SigningTimeOid, _time, _otherTime)]),
        ["signing time without value"] = ("signing-time-attribute", [_contentType, _messageDigest, Of(SigningTimeOid)]),
        ["signing time as a number"] = ("signing-time-attribute", [_contentType, _messageDigest, Of(SigningTimeOid, Asn.Number(1))]),
        ["signing time that is none"] = ("signing-time-attribute", [_contentType, _messageDigest, Of(SigningTimeOid, Asn.Tagged(0x17, "261332000000Z"u8.ToArray()))]),

        ["capabilities"] = (null, [_contentType, _messageDigest, Of(CapabilitiesOid, _capabilities)]),
        ["capabilities twice"] = ("capabilities-attribute", [_contentType, _messageDigest, Of(CapabilitiesOid, _capabilities), Of(CapabilitiesOid, _capabilities)]),
        ["capabilities with two values"] = ("capabilities-attribute", [_contentType, _messageDigest, Of(CapabilitiesOid, _capabilities, Asn.Sequence())]),
        ["capabilities without value"] = ("capabilities-attribute", [_contentType, _messageDigest, Of(CapabilitiesOid)]),

        ["key preference"] = (null, [_contentType, _messageDigest, Of(KeyPreferenceOid, _preference)]),
        ["key preference twice"] = ("key-preference-attribute", [_contentType, _messageDigest, Of(KeyPreferenceOid, _preference), Of(KeyPreferenceOid, _preference)]),
        ["key preference with two values"] = ("key-preference-attribute", [_contentType, _messageDigest, Of(KeyPreferenceOid, _preference, Asn.Tagged(0x82, [2]))]),
        ["key preference without value"] = ("key-preference-attribute", [_contentType, _messageDigest, Of(KeyPreferenceOid)]),
    };

    public static TheoryData<string> Sets { get; } = [.. _sets.Keys];

    [Theory]
    [MemberData(nameof(Sets))]
    [Trait("Requirement", "R3369-11.1-a")]
    [Trait("Requirement", "R3369-11.1-c")]
    [Trait("Requirement", "R3369-11.1-d")]
    [Trait("Requirement", "R3369-11.2-a")]
    [Trait("Requirement", "R3369-11.2-c")]
    [Trait("Requirement", "R3369-11.3-g")]
    [Trait("Requirement", "R3369-5.3-j")]
    [Trait("Requirement", "R3369-5.3-m")]
    [Trait("Requirement", "R3369-5.3-o")]
    [Trait("Requirement", "R3369-2-e")]
    [Trait("Requirement", "R3369-5.6-d")]
    [Trait("Requirement", "R5652-11-a")]
    [Trait("Requirement", "R3851-2.5-e")]
    [Trait("Requirement", "R8551-2.5.2-a")]
    [Trait("Requirement", "R3851-2.5-a")]
    [Trait("Requirement", "R3851-2.5.2-b")]
    [Trait("Requirement", "R3851-2.5.2-c")]
    [Trait("Requirement", "R3851-2.5.3-a")]
    public void Verify_SignedAttributes_KeepTheRules(string name)
    {
        (string? fault, byte[][] attributes) = _sets[name];
        foreach (CmsReaderOptions options in new[] { CmsReaderOptions.Default, _strict })
        {
            SignerVerdict verdict = Read(new ForgedSigner { Attributes = _ => attributes }, options).Verdict;
            Assert.Equal(fault is null ? typeof(SignerVerdict.Valid) : typeof(SignerVerdict.Malformed), verdict.GetType());
            Assert.Equal(fault, (verdict as SignerVerdict.Malformed)?.Rule);
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(0)]
    [InlineData(33)]
    [Trait("Requirement", "R3369-5.6-f")]
    [Trait("Requirement", "R3369-5.6-c")]
    [Trait("Kind", "negative")]
    public void Verify_MessageDigestOfAnotherLength_IsADigestMismatch(int length)
    {
        byte[] digest = new byte[length];
        _digest.AsSpan(0, Math.Min(length, _digest.Length)).CopyTo(digest);
        Assert.IsType<SignerVerdict.DigestMismatch>(
            Read(new ForgedSigner { Attributes = _ => [_contentType, MessageDigest(digest)] }).Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-l")]
    [Trait("Requirement", "R5652-5.3-a")]
    [Trait("Kind", "negative")]
    public void Verify_EmptySetOfAttributes_IsMalformed()
    {
        var signer = new ForgedSigner { Wire = _ => [0xA0, 0x00], Input = _ => [0x31, 0x00] };
        Assert.Equal("signed-attributes", Assert.IsType<SignerVerdict.Malformed>(Read(signer).Verdict).Rule);
        var overContent = signer with { Input = _ => ForgedMessage.Text };
        Assert.Equal("signed-attributes", Assert.IsType<SignerVerdict.Malformed>(Read(overContent).Verdict).Rule);
    }

    [Theory]
    [InlineData("A100")]
    [InlineData("A180 0000")]
    [Trait("Requirement", "R5652-5.3-a")]
    public void Verify_EmptySetOfUnsignedAttributes_IsReportedAndRefusedWhenStrict(string set) // MimeKit writes it
    {
        var signer = new ForgedSigner { UnsignedAttributes = Asn.Hex(set) };
        SignerReport report = Assert.Single(Read(signer).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(["empty-unsigned-attributes"], report.Deviations);
        Assert.Equal("empty-unsigned-attributes", Assert.IsType<SignerVerdict.Malformed>(Read(signer, _strict).Verdict).Rule);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-h")]
    [Trait("Kind", "negative")]
    public void Verify_NoAttributesOverOtherContentThanData_IsMalformed()
    {
        byte[] message = new ForgedMessage { ContentType = ForgedMessage.TstInfo, Signers = [new ForgedSigner { Attributes = null }] };
        Assert.Equal("signed-attributes-missing", Assert.IsType<SignerVerdict.Malformed>(SignedMessage.Read(message).Verdict).Rule);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.4-b")]
    public void Verify_NoAttributesOverData_IsValidUnlessThePolicyWantsThem()
    {
        var signer = new ForgedSigner { Attributes = null };
        Assert.IsType<SignerVerdict.Valid>(Read(signer).Verdict);
        Assert.Equal("signed-attributes-required", Assert.IsType<SignerVerdict.RefusedByPolicy>(Read(signer, _strict).Verdict).Rule);
    }

    [Theory]
    [InlineData(ContentTypeOid)]
    [InlineData(MessageDigestOid)]
    [InlineData(SigningTimeOid)]
    [InlineData(AlgorithmProtectionOid)]
    [InlineData(KeyPreferenceOid)]
    [Trait("Requirement", "R3369-11.1-b")]
    [Trait("Requirement", "R3369-11.2-b")]
    [Trait("Requirement", "R3369-11.3-a")]
    [Trait("Requirement", "R6211-2-b")]
    [Trait("Requirement", "R3851-2.5.3-a")]
    public void Verify_SignedTypeAmongTheUnsigned_IsReportedAndIgnored(string oid)
    {
        var signer = new ForgedSigner { UnsignedAttributes = Asn.Tagged(0xA1, Of(oid, oid == SigningTimeOid ? _time : Asn.Number(1))) };
        SignerReport report = Assert.Single(Read(signer).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Null(report.SigningTime);
        Assert.Equal(["misplaced-attribute"], report.Deviations);
        Assert.Equal("misplaced-attribute", Assert.IsType<SignerVerdict.Malformed>(Read(signer, _strict).Verdict).Rule);
    }

    [Theory]
    [InlineData(SigningCertificateOid)]
    [InlineData(SigningCertificateV2Oid)]
    [InlineData(CapabilitiesOid)]
    [Trait("Requirement", "R5035-5.4.1-e")]
    [Trait("Requirement", "R8551-2.5.2-a")]
    [Trait("Requirement", "R3851-2.5.2-a")]
    [Trait("Kind", "negative")]
    public void Verify_CertificateOrCapabilitiesAmongTheUnsigned_IsMalformed(string oid)
    {
        var signer = new ForgedSigner { UnsignedAttributes = Asn.Tagged(0xA1, Of(oid, Asn.Sequence())) };
        Assert.Equal("misplaced-attribute", Assert.IsType<SignerVerdict.Malformed>(Read(signer).Verdict).Rule);
    }

    [Fact]
    [Trait("Requirement", "R3369-11.4-a")]
    public void Verify_CountersignatureAmongTheSigned_IsReported()
    {
        var signer = new ForgedSigner { Attributes = _ => [_contentType, _messageDigest, Of(CountersignatureOid, Asn.Sequence())] };
        Assert.Equal(["misplaced-attribute"], Assert.Single(Read(signer).Report.Signers).Deviations);
        Assert.IsType<SignerVerdict.Malformed>(Read(signer, _strict).Verdict);
    }

    [Theory]
    [InlineData("490101000000Z", 2049)]
    [InlineData("500101000000Z", 1950)]
    [InlineData("991231235959Z", 1999)]
    [Trait("Requirement", "R3369-11.3-d")]
    [Trait("Requirement", "R3851-2.5.1-b")]
    public void SigningTime_TwoDigitYear_IsWithin1950And2049(string utc, int year)
    {
        SignerReport report = Assert.Single(Read(WithTime(Time(0x17, utc))).Report.Signers);
        Assert.Equal(year, report.SigningTime!.Value.Year);
        Assert.Empty(report.Deviations);
    }

    [Theory]
    [InlineData(0x17, "2603040506Z", "2026-03-04T05:06:00Z")]           // no seconds
    [InlineData(0x17, "260304050607+0200", "2026-03-04T03:06:07Z")]     // an offset
    [InlineData(0x18, "20260304050607Z", "2026-03-04T05:06:07Z")]       // GeneralizedTime before 2050
    [InlineData(0x18, "20510304050607.5Z", "2051-03-04T05:06:07.5Z")]   // a fraction
    [InlineData(0x18, "20510304050607+0100", "2051-03-04T04:06:07Z")]
    [Trait("Requirement", "R3369-11.3-f")]
    [Trait("Requirement", "R8551-2.5.1-a")]
    public void SigningTime_UnusualForm_IsReadAndReported(byte tag, string text, string expected)
    {
        ForgedSigner signer = WithTime(Time(tag, text));
        SignerReport report = Assert.Single(Read(signer).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), report.SigningTime);
        Assert.Equal(["signing-time-form"], report.Deviations);
        Assert.Equal("signing-time-attribute", Assert.IsType<SignerVerdict.Malformed>(Read(signer, _strict).Verdict).Rule);
    }

    [Fact]
    public void SigningTime_After2049_IsGeneralizedTime()
    {
        SignerReport report = Assert.Single(Read(WithTime(Time(0x18, "20510304050607Z"))).Report.Signers);
        Assert.Equal(2051, report.SigningTime!.Value.Year);
        Assert.Empty(report.Deviations);
    }

    [Theory]
    [InlineData("unsorted", true)]
    [InlineData("indefinite", true)]
    [InlineData("long lengths", true)]
    [InlineData("unsorted and signed so", false)]
    [InlineData("indefinite and signed so", false)]
    [Trait("Requirement", "R3369-5.4-d")]
    [Trait("Requirement", "R3369-5.4-e")]
    [Trait("Requirement", "R3851-1.1-b")]
    public void Verify_AttributesThatAreNotDer_AreToleratedAndReported(string form, bool signedAsDer)
    {
        Func<byte[], byte[]> wire = form.Split(' ')[0] switch
        {
            "unsorted" => _ => Asn.Tagged(0xA0, _messageDigest, _contentType),
            "indefinite" => der => [0xA0, 0x80, .. der.AsSpan(2), 0, 0],
            _ => der => [0xA0, 0x82, 0x00, der[1], .. der.AsSpan(2)],
        };
        var signer = new ForgedSigner { Wire = wire, Input = signedAsDer ? null : der => [0x31, .. wire(der).AsSpan(1)] };
        SignerReport report = Assert.Single(Read(signer).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(
            signedAsDer ? ["signed-attributes-not-der"] : ["signed-attributes-not-der", "signed-attributes-signed-as-received"],
            report.Deviations);
        Assert.Equal("signed-attributes-not-der", Assert.IsType<SignerVerdict.Malformed>(Read(signer, _strict).Verdict).Rule);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Verify_AttributeValueThatIsNotBer_IsThisSignersFaultOnly()
    {
        byte[] broken = Of(UnknownOid, Asn.Hex("3003 020501"));
        var bad = new ForgedSigner { Attributes = _ => [_contentType, _messageDigest, broken] };
        byte[] message = new ForgedMessage { Signers = [bad, new ForgedSigner { Identity = TestIdentity.Rsa }] };
        SignedMessage read = SignedMessage.Read(message);
        Assert.Equal(
            [typeof(SignerVerdict.Malformed), typeof(SignerVerdict.Valid)], read.Report.Signers.Select(s => s.Verdict.GetType()));
    }

    [Fact]
    [Trait("Requirement", "R3369-14-g")]
    [Trait("Kind", "negative")]
    public void Verify_AttributeValueTooDeep_IsALimit()
    {
        byte[] deep = [.. Enumerable.Repeat<byte[]>([0x30, 0x80], 2000).SelectMany(b => b), .. new byte[4000]];
        var signer = new ForgedSigner { Attributes = _ => [_contentType, _messageDigest, Asn.Sequence(Asn.Oid(UnknownOid), Asn.Set(deep))] };
        Assert.Equal("MaxAsn1Depth", Assert.Throws<LimitExceededException>(() => Read(signer)).Limit);
    }

    [Fact]
    [Trait("Requirement", "R3369-11.4-g")]
    public void Verify_UnsignedAttributes_DoNotTouchTheSignature()
    {
        var signer = new ForgedSigner { UnsignedAttributes = Asn.Tagged(0xA1, Of(UnknownOid, Asn.Number(1)), Of(UnknownOid, Asn.Number(2))) };
        SignerReport report = Assert.Single(Read(signer).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(2, report.UnsignedAttributes.Count);
    }

    private static ForgedSigner WithTime(byte[] time) =>
        new() { Attributes = _ => [_contentType, _messageDigest, Of(SigningTimeOid, time)] };

    private static byte[] Time(byte tag, string text) => Asn.Tagged(tag, System.Text.Encoding.ASCII.GetBytes(text));

    private static SignedMessage Read(ForgedSigner signer, CmsReaderOptions? options = null) =>
        SignedMessage.Read(new ForgedMessage { Signers = [signer] }, options: options);
}
