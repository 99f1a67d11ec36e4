using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Time-stamps: RFC 3161, RFC 5816.</summary>
public sealed class TimeStampTests
{
    private static readonly byte[] _stamped = [1, 2, 3];
    private static readonly ForgedTimeStamp _proper = new() { Stamped = _stamped };
    private static readonly byte[] _tsa = ForgedTimeStamp.TimeStamper.Certificate.RawData.ToArray();
    private static readonly CmsReaderOptions _strict = new() { Policy = CmsPolicy.Strict };
    private static readonly CmsReaderOptions _legacy = new() { Policy = CmsPolicy.Legacy };

    private static readonly Dictionary<string, (ForgedTimeStamp Token, TimeStampVerdict Expected)> _rules = new()
    {
        ["proper"] = (_proper, Valid),
        ["of everything optional"] = (
            _proper with
            {
                Serial = Asn.Write(w => w.WriteIntegerUnsigned([.. Enumerable.Repeat((byte)0xFF, 20)])), // 160 bits
                GenTime = [0x18, 0x13, .. "20260601000000.125Z"u8],
                Options =
                [
                    Asn.Sequence(Asn.Number(1), [0x80, 0x02, 0x01, 0xF4], [0x81, 0x01, 0x02]), [0x01, 0x01, 0xFF], Asn.Number(77),
                    Asn.Tagged(0xA0, Asn.Tagged(0xA4, ForgedTimeStamp.TimeStamper.Certificate.Subject.RawData.ToArray())),
                    Asn.Tagged(0xA1, Asn.Sequence(Asn.Oid("1.2.3"), Asn.OctetString([1]))),
                ],
            },
            Valid),
        ["of a serial number beyond 160 bits"] = (
            _proper with { Serial = Asn.Write(w => w.WriteIntegerUnsigned([.. Enumerable.Repeat((byte)1, 22)])) }, Malformed("time-stamp-info")),
        ["of another version"] = (_proper with { Version = Asn.Number(2) }, Malformed("time-stamp-info")),
        ["that is cut"] = (_proper with { Options = [[0x30]] }, Malformed("time-stamp-info")),
        ["with more than there is"] = (_proper with { Options = [Asn.Tagged(0xA7, Asn.Number(1))] }, Malformed("time-stamp-info")),
        ["of impossible accuracy"] = (_proper with { Options = [Asn.Sequence([0x80, 0x02, 0x03, 0xE8])] }, Malformed("time-stamp-info")),
        ["over something else"] = (new ForgedTimeStamp { Stamped = [1, 2, 4] }, new TimeStampVerdict.ImprintMismatch()),
        ["over the encoded value"] = (new ForgedTimeStamp { Stamped = Asn.OctetString(_stamped) }, new TimeStampVerdict.ImprintMismatch()),
        ["of an unknown digest"] = (
            _proper with { Imprint = Asn.Sequence(Asn.Algorithm("1.2.3.4"), Asn.OctetString(new byte[32])) }, new TimeStampVerdict.Unsupported("1.2.3.4")),
        ["of a digest that is too short"] = (
            _proper with { Imprint = Asn.Sequence(Asn.Algorithm(DigestAlgorithm.Sha256.Oid), Asn.OctetString(new byte[31])) },
            new TimeStampVerdict.Unsupported(DigestAlgorithm.Sha256.Oid)),
        ["of a SHA-1 imprint"] = (_proper with { ImprintDigest = DigestAlgorithm.Sha1 }, new TimeStampVerdict.RefusedByPolicy("digest-not-listed")),
        ["of another content type"] = (_proper with { ContentType = "1.2.3" }, Malformed("time-stamp-content")),
        ["without content"] = (_proper with { Message = m => m with { EContent = [] } }, Malformed("time-stamp-content")),
        ["without signers"] = (_proper with { Message = m => m with { Signers = [] } }, Malformed("time-stamp-signers")),
        ["of two signers"] = (_proper with { Message = m => m with { Signers = [m.Signers[0], m.Signers[0]] } }, Malformed("time-stamp-signers")),
        ["of a broken signature"] = (
            _proper with { Message = m => m with { Signers = [m.Signers[0] with { Input = _ => [1] }] } }, new TimeStampVerdict.SignatureNotValid()),
        ["without its certificate"] = (_proper with { Message = m => m with { Certificates = [] } }, new TimeStampVerdict.SignatureNotValid()),
        ["without signed attributes"] = (
            _proper with { Message = m => m with { Signers = [m.Signers[0] with { Attributes = null }] } }, new TimeStampVerdict.SignatureNotValid()),
        ["without signing certificate"] = (_proper with { Attributes = [] }, Malformed("signing-certificate-missing")),
        ["of signing certificate V1"] = (
            _proper with { Attributes = [SigningCertificate(Hash(DigestAlgorithm.Sha1, _tsa), oid: SigningCertificateOid)] }, Valid),
        ["of signing certificates V1 and V2"] = (
            _proper with
            {
                Attributes =
                [
                    SigningCertificate(Hash(DigestAlgorithm.Sha1, _tsa), oid: SigningCertificateOid), SigningCertificate(Hash(DigestAlgorithm.Sha256, _tsa)),
                ],
            },
            Valid),
        ["of another signing certificate"] = (_proper with { Attributes = [SigningCertificate(new byte[32])] }, new TimeStampVerdict.SignatureNotValid()),
        ["of a purpose that is not critical"] = (
            _proper with { Signer = ForgedTimeStamp.Authority([ForgedTimeStamp.Purpose], critical: false) }, Refused),
        ["of two purposes"] = (
            _proper with { Signer = ForgedTimeStamp.Authority([ForgedTimeStamp.Purpose, "1.3.6.1.5.5.7.3.4"], critical: true) }, Refused),
        ["of a mail signer"] = (_proper with { Signer = TestIdentity.P256 }, Refused),
        ["with a critical extension"] = (
            _proper with { Options = [Asn.Tagged(0xA1, Asn.Sequence(Asn.Oid("1.2.3"), [0x01, 0x01, 0xFF], Asn.OctetString([1])))] },
            new TimeStampVerdict.Unsupported("1.2.3")),
    };

    public static TheoryData<string> Rules { get; } = [.. _rules.Keys];

    private static TimeStampVerdict.Valid Valid => new([]);

    private static TimeStampVerdict.RefusedByPolicy Refused => new("time-stamping-purpose");

    // One number in 512 begins with nine zero bits.
    [Fact]
    public void ForSignature_ManyTimes_HasANonceOfItsOwnEachTime()
    {
        var nonces = new HashSet<string>();
        for (int i = 0; i < 8000; i++)
        {
            Assert.True(nonces.Add(Convert.ToHexString(TimeStampRequest.ForSignature([1, 2, 3]).Nonce.Span)));
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    [Trait("Requirement", "R3161-2.2-a")]
    [Trait("Requirement", "R3161-2.3-a")]
    [Trait("Requirement", "R3161-2.4.2-b")]
    [Trait("Requirement", "R3161-2.4.2-c")]
    [Trait("Requirement", "R3161-A-a")]
    [Trait("Requirement", "R3161-A-b")]
    [Trait("Requirement", "R5816-2.1-a")]
    [Trait("Requirement", "R5816-2.2.1-a")]
    public async Task Verify_TokenBesideASignature_IsJudgedByEveryRule(string name)
    {
        (ForgedTimeStamp token, TimeStampVerdict expected) = _rules[name];
        byte[] message = Stamp(new ForgedMessage(), signature => [token with { Stamped = Of(token.Stamped, signature) }]);
        SignedMessage read = SignedMessage.Read(message);
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        AssertVerdict(expected, Assert.Single(read.Report.Signers[0].TimeStamps));
        AssertVerdict(expected, Assert.Single((await SignedMessage.ReadAsync(new MemoryStream(message))).Report.Signers[0].TimeStamps));
    }

    [Fact]
    [Trait("Requirement", "R3161-2.4.2-c")]
    [Trait("Requirement", "R3161-2.4.2-f")]
    public void Decode_OptionalFields_AreAllRecognised()
    {
        TimeStampInfo info = _rules["of everything optional"].Token.Decode().Info;
        Assert.Equal(ForgedTimeStamp.Policy, info.Policy);
        Assert.Equal(21, info.SerialNumber.Length);
        Assert.Equal(SignedMessage.At.AddMilliseconds(125), info.GenTime);
        Assert.Equal(TimeSpan.FromMicroseconds(1_500_002), info.Accuracy);
        Assert.Equal(info.GenTime - info.Accuracy, info.Earliest);
        Assert.Equal(info.GenTime + info.Accuracy, info.Latest);
        Assert.True(info.IsOrdered);
        Assert.Equal([77], info.Nonce.ToArray());
        Assert.Equal(4, info.Authority!.Tag);
        Assert.False(Assert.Single(info.Extensions).IsCritical);
    }

    [Fact]
    [Trait("Requirement", "R3161-2.4.2-f")]
    public void Decode_TimesAtTheEndsOfTime_AreClamped()
    {
        byte[] accuracy = Asn.Sequence(Asn.Number(int.MaxValue));
        TimeStampInfo last = (_proper with { GenTime = [0x18, 0x0F, .. "99991231235959Z"u8], Options = [accuracy] }).Decode().Info;
        Assert.Equal(DateTimeOffset.MaxValue, last.Latest);
        TimeStampInfo first = (_proper with { GenTime = [0x18, 0x0F, .. "00010101000000Z"u8], Options = [accuracy] }).Decode().Info;
        Assert.Equal(DateTimeOffset.MinValue, first.Earliest);
        TimeStampInfo plain = _proper.Decode().Info;
        Assert.Equal(plain.GenTime, plain.Earliest);
        Assert.Equal(plain.GenTime, plain.Latest);
    }

    [Theory]
    [InlineData("another name")]
    [InlineData("a DNS name")]
    [Trait("Requirement", "R3161-2.4.2-e")]
    public async Task Verify_AuthorityOfAnotherName_IsReportedAndStrictlyRefused(string name)
    {
        byte[] general = name == "another name"
            ? Asn.Tagged(0xA4, TestIdentity.P384.Certificate.Subject.RawData.ToArray())
            : Asn.Tagged(0x82, ["tsa.example.com"u8.ToArray()]);
        TimeStampToken token = (_proper with { Options = [Asn.Tagged(0xA0, general)] }).Decode();
        TimeStampReport tolerated = await token.VerifyAsync(_stamped, SignedMessage.At);
        AssertVerdict(Valid, tolerated);
        Assert.Contains("time-stamp-authority-name", tolerated.Deviations);
        AssertVerdict(Malformed("time-stamp-authority-name"), await token.VerifyAsync(_stamped, SignedMessage.At, _strict));
    }

    [Theory]
    [InlineData("20260601000000.120Z")] // a trailing zero
    [InlineData("202606010000Z")] // no seconds
    public async Task Verify_TimeThatIsNotDer_IsReportedAndStrictlyRefused(string time)
    {
        TimeStampToken token = (_proper with { GenTime = [0x18, (byte)time.Length, .. System.Text.Encoding.ASCII.GetBytes(time)] }).Decode();
        TimeStampReport tolerated = await token.VerifyAsync(_stamped, SignedMessage.At);
        AssertVerdict(Valid, tolerated);
        Assert.Contains("time-stamp-info-not-der", tolerated.Deviations);
        AssertVerdict(Malformed("time-stamp-info"), await token.VerifyAsync(_stamped, SignedMessage.At, _strict));
    }

    [Fact]
    [Trait("Requirement", "R8933-3.5-a")]
    [Trait("Policy", "legacy")]
    public async Task Verify_Sha1ImprintUnderASha256Signature_IsWeak()
    {
        TimeStampReport report = await (_proper with { ImprintDigest = DigestAlgorithm.Sha1 }).Decode()
            .VerifyAsync(_stamped, SignedMessage.At, _legacy);
        Assert.Equal(["weak-digest"], Assert.IsType<TimeStampVerdict.Valid>(report.Verdict).Weaknesses);
    }

    [Fact]
    public void Verify_CertificateThatTheMessageCarries_ServesTheToken()
    {
        byte[] message = Stamp(
            new ForgedMessage { Certificates = [TestIdentity.P256.Certificate.RawData.ToArray(), _tsa] },
            signature => [new ForgedTimeStamp { Stamped = signature, Message = m => m with { Certificates = [] } }]);
        AssertVerdict(Valid, SignedMessage.Read(message).Report.Signers[0].TimeStamps[0]);
    }

    [Fact]
    public void Verify_SeveralTokens_AreReportedEach()
    {
        byte[] message = Stamp(
            new ForgedMessage(), signature => [new ForgedTimeStamp { Stamped = signature }, new ForgedTimeStamp { Stamped = [9] }]);
        SignerReport report = SignedMessage.Read(message).Report.Signers[0];
        Assert.Equal(2, report.TimeStamps.Length);
        Assert.Single(report.TimeStamps, t => t.Verdict is TimeStampVerdict.Valid);
        Assert.Equal(SignedMessage.At, report.TimeStamps.Single(t => t.Verdict is TimeStampVerdict.Valid).Info!.GenTime);
        Assert.Equal(ForgedTimeStamp.TimeStamper.Certificate, report.TimeStamps[0].Certificate);
        foreach ((CmsLimits limits, string name) in new[]
        {
            (CmsLimits.Default with { MaxTimeStamps = 1 }, nameof(CmsLimits.MaxTimeStamps)),
            (CmsLimits.Default with { MaxSignatureChecks = 2 }, nameof(CmsLimits.MaxSignatureChecks)),
        })
        {
            Assert.Equal(name, Assert.Throws<LimitExceededException>(
                () => SignedMessage.Read(message, options: new CmsReaderOptions { Limits = limits })).Limit);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Verify_WhatIsNoToken_IsMalformedAndHarmsNobody()
    {
        byte[][] values = [Asn.Number(1), Asn.Sequence(), Asn.OctetString("-----BEGIN CMS-----"u8.ToArray()), _proper.Encode()[..^1].Append((byte)7).ToArray()];
        foreach (byte[] value in values[..3])
        {
            byte[] message = Change(new ForgedMessage(), s => s.AddUnsignedAttribute(new CmsAttribute("1.2.840.113549.1.9.16.2.14", value)));
            SignedMessage read = SignedMessage.Read(message);
            Assert.IsType<SignerVerdict.Valid>(read.Verdict);
            AssertVerdict(Malformed("time-stamp-token"), read.Report.Signers[0].TimeStamps[0]);
            Assert.ThrowsAny<SmimeKitException>(() => TimeStampToken.Decode(value));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Decode_EachByteFlippedOrTruncated_IsNeverValidForSomethingElse()
    {
        byte[] token = _proper.Encode();
        for (int i = 0; i < token.Length; i++)
        {
            byte[] truncated = token[..i];
            Assert.Throws<MalformedDataException>(() => TimeStampToken.Decode(truncated));
            byte[] flipped = [.. token];
            flipped[i] ^= (byte)(1 << (i % 8));
            try
            {
                TimeStampReport report = await TimeStampToken.Decode(flipped).VerifyAsync(_stamped, SignedMessage.At);
                Assert.True(
                    report.Verdict is not TimeStampVerdict.Valid || report.Info!.GenTime == SignedMessage.At, $"byte {i}: {report.Verdict}");
            }
            catch (SmimeKitException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void AddTimeStamp_OfAnotherSignature_IsRefused() => Assert.Throws<ArgumentException>(
        () => Change(new ForgedMessage(), signer => signer.AddTimeStamp(_proper.Decode())));

    [Fact]
    [Trait("Requirement", "R3161-2.4.1-a")]
    public void Request_Encoded_IsWhatTheBaseLibraryReads()
    {
        TimeStampRequest request = TimeStampRequest.ForSignature(_stamped);
        Assert.True(Rfc3161TimestampRequest.TryDecode(request.Encode(), out Rfc3161TimestampRequest? read, out int size));
        Assert.Equal(request.Encode().Length, size);
        Assert.Equal(1, read.Version);
        Assert.True(read.RequestSignerCertificate);
        Assert.Equal(SHA256.HashData(_stamped), read.GetMessageHash().ToArray());
        Assert.Equal(request.Nonce.ToArray(), read.GetNonce()!.Value.ToArray());
        Assert.InRange(request.Nonce.Length, 5, 9);
        Assert.NotEqual(request.Nonce.ToArray(), TimeStampRequest.ForSignature(_stamped).Nonce.ToArray());
    }

    [Fact]
    [Trait("Requirement", "R3161-2.4.1-a")]
    public void Request_OfKnownFields_IsEncodedByteForByte()
    {
        byte[] hash = SHA256.HashData(_stamped);
        byte[] imprint = Asn.Sequence(Asn.Algorithm(DigestAlgorithm.Sha256.Oid), Asn.OctetString(hash));
        var request = new TimeStampRequest(MessageImprint.Of(_stamped, DigestAlgorithm.Sha256))
        {
            Policy = "1.2.3", Nonce = Asn.Hex("0102030405060708"),
        };
        Assert.Equal(
            Asn.Sequence(Asn.Number(1), imprint, Asn.Oid("1.2.3"), Asn.Hex("0208 0102030405060708"), [0x01, 0x01, 0xFF]), request.Encode());
        var least = new TimeStampRequest(MessageImprint.OfDigest(hash, DigestAlgorithm.Sha256)) { RequestsCertificate = false };
        Assert.Equal(Asn.Sequence(Asn.Number(1), imprint), least.Encode());
        Assert.Throws<ArgumentException>(() => MessageImprint.OfDigest(hash.AsSpan(1), DigestAlgorithm.Sha256));
    }

    [Theory]
    [InlineData("the answer", null)]
    [InlineData("nonce", "nonce")]
    [InlineData("no nonce", "nonce")]
    [InlineData("imprint", "imprint")]
    [InlineData("policy", "policy")]
    [InlineData("late", "time")]
    [InlineData("early", "time")]
    [Trait("Requirement", "R3161-2.4.2-d")]
    [Trait("Requirement", "R3161-2.2-a")]
    [Trait("Requirement", "R3161-2.2-b")]
    public async Task Request_Verify_ComparesTheAnswer(string difference, string? rule)
    {
        var request = new TimeStampRequest(MessageImprint.Of(difference == "imprint" ? [7] : _stamped, DigestAlgorithm.Sha256))
        {
            Nonce = new byte[] { 77 }, Policy = difference == "policy" ? "1.2.3" : ForgedTimeStamp.Policy,
        };
        TimeStampToken token = (_proper with { Options = difference == "no nonce" ? [] : [Asn.Number(difference == "nonce" ? 78 : 77)] }).Decode();
        DateTimeOffset at = SignedMessage.At.AddMinutes(difference == "late" ? 6 : difference == "early" ? -6 : 4);
        TimeStampReport report = await request.VerifyAsync(token, at);
        AssertVerdict(rule is null ? Valid : new TimeStampVerdict.NotForRequest(rule), report);
        Assert.Empty(report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R5816-2.1-a")]
    public async Task Request_Verify_MissingCertificateFoundElsewhere_IsReported()
    {
        TimeStampToken token = (_proper with { Message = m => m with { Certificates = [] } }).Decode();
        var request = new TimeStampRequest(MessageImprint.Of(_stamped, DigestAlgorithm.Sha256));
        TimeStampReport missing = await request.VerifyAsync(token, SignedMessage.At);
        AssertVerdict(new TimeStampVerdict.SignatureNotValid(), missing);
        Assert.IsType<SignerVerdict.CertificateNotFound>(missing.Signer!.Verdict);
        TimeStampReport found = await request.VerifyAsync(
            token, SignedMessage.At, resolver: (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([ForgedTimeStamp.TimeStamper.Certificate]));
        AssertVerdict(Valid, found);
        Assert.Contains("time-stamp-certificate-missing", found.Deviations);
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(1, true, true)]
    [InlineData(0, false, false)]
    [InlineData(2, false, true)]
    [InlineData(2, true, false)]
    [InlineData(3, false, true)]
    [InlineData(4, false, true)]
    [InlineData(5, false, true)]
    [InlineData(6, false, false)]
    [InlineData(6, true, false)]
    [InlineData(-1, false, false)]
    [Trait("Requirement", "R3161-2.4.2-a")]
    public void Response_StatusAndToken_HaveToAgree(int status, bool token, bool agree)
    {
        byte[] encoded = Asn.Sequence(Asn.Sequence(Asn.Number(status)), token ? _proper.Encode() : []);
        if (!agree)
        {
            Assert.Throws<MalformedDataException>(() => TimeStampResponse.Decode(encoded));
            return;
        }

        TimeStampResponse response = TimeStampResponse.Decode(encoded);
        Assert.Equal(status, (int)response.Status);
        Assert.Equal(token, response.Token is not null);
    }

    [Fact]
    [Trait("Requirement", "R3161-2.4.2-a")]
    public void Response_Rejection_SaysWhy()
    {
        byte[] text = Asn.Write(w => w.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.UTF8String, "no"));
        byte[] bits = Asn.Write(w => w.WriteBitString([0x20, 0x01, 0x80], 7)); // badRequest, unacceptedPolicy, unacceptedExtension
        TimeStampResponse response = TimeStampResponse.Decode(Asn.Sequence(Asn.Sequence(Asn.Number(2), Asn.Sequence(text), bits)));
        Assert.Equal(TimeStampStatus.Rejection, response.Status);
        Assert.Equal(["no"], response.StatusText);
        Assert.Equal(TimeStampFailures.BadRequest | TimeStampFailures.UnacceptedPolicy | TimeStampFailures.UnacceptedExtension, response.Failures);
    }

    [Fact]
    public void Token_OfOurs_IsReadByTheBaseLibrary()
    {
        Assert.True(Rfc3161TimestampToken.TryDecode(_proper.Encode(), out Rfc3161TimestampToken? token, out _));
        Assert.True(token.VerifySignatureForData(_stamped, out X509Certificate2? certificate));
        Assert.Equal(_tsa, certificate.RawData);
        Assert.Equal(SignedMessage.At, token.TokenInfo.Timestamp);
    }

    private static TimeStampVerdict.Malformed Malformed(string rule) => new(rule);

    private static byte[] Of(byte[] stamped, byte[] signature) =>
        stamped.AsSpan().SequenceEqual(_stamped) ? signature
            : stamped.AsSpan().SequenceEqual(Asn.OctetString(_stamped)) ? Asn.OctetString(signature)
            : stamped;

    private static void AssertVerdict(TimeStampVerdict expected, TimeStampReport report)
    {
        Assert.Equal(expected.GetType(), report.Verdict.GetType());
        if (expected is not TimeStampVerdict.Valid)
        {
            Assert.Equal(expected, report.Verdict);
        }
    }

    private static byte[] Stamp(byte[] message, Func<byte[], IEnumerable<ForgedTimeStamp>> stamps) => Change(message, signer =>
    {
        foreach (ForgedTimeStamp stamp in stamps(signer.Signature.ToArray()))
        {
            signer.AddUnsignedAttribute(new CmsAttribute("1.2.840.113549.1.9.16.2.14", stamp.Encode()));
        }
    });

    private static byte[] Change(byte[] message, Action<EditedSigner> change)
    {
        using var output = new MemoryStream();
        SignedDataEditor.Apply(new MemoryStream(message), output, new SignedDataEdits
        {
            EditSigner = (signer, _) =>
            {
                change(signer);
                return ValueTask.CompletedTask;
            },
        });
        return output.ToArray();
    }
}
