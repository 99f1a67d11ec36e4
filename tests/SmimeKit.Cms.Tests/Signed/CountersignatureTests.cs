using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Signatures over signatures: RFC 5652 §11.4.</summary>
public sealed class CountersignatureTests
{
    private static readonly ForgedSigner _proper = new()
    {
        Identity = TestIdentity.Rsa, Attributes = m => [MessageDigest(Hash(DigestAlgorithm.Sha256, m.SignedContent))],
    };

    private static readonly CmsReaderOptions _strict = new() { Policy = CmsPolicy.Strict };

    private static readonly Dictionary<string, (ForgedSigner Countersigner, SignerVerdict Default)> _rules = new()
    {
        ["proper"] = (_proper, Valid),
        ["without attributes"] = (_proper with { Attributes = null }, Valid),
        ["with a signing time"] = (
            _proper with { Attributes = m => [.. _proper.Attributes!(m), Of(SigningTimeOid, Asn.Write(w => w.WriteUtcTime(SignedMessage.At)))] }, Valid),
        ["with a content type"] = (_proper with { Attributes = m => Usual(m) }, Valid), // tolerated: Authenticode has it
        ["without message digest"] = (
            _proper with { Attributes = _ => [Of(SigningTimeOid, Asn.Write(w => w.WriteUtcTime(SignedMessage.At)))] },
            new SignerVerdict.Malformed("message-digest-attribute")),
        ["digest of the encoded signature"] = (
            _proper with { Attributes = m => [MessageDigest(Hash(DigestAlgorithm.Sha256, Asn.OctetString(m.SignedContent)))] },
            new SignerVerdict.DigestMismatch()),
        ["over something else"] = (_proper with { Attributes = null, Input = _ => [1] }, new SignerVerdict.SignatureMismatch()),
        ["by somebody else"] = (
            _proper with { Sid = ForgedSigner.IssuerAndSerial(TestIdentity.OtherRsa.Certificate) }, new SignerVerdict.CertificateNotFound()),
        ["of a certificate that is another"] = (
            _proper with { Attributes = m => [.. _proper.Attributes!(m), SigningCertificate(new byte[32])] }, new SignerVerdict.Malformed("signing-certificate")),
        ["unreadable"] = (_proper with { Whole = _ => Asn.Sequence() }, new SignerVerdict.Malformed("signer-info")),
        ["of an unknown digest"] = (_proper with { DigestIdentifier = Asn.Algorithm("1.2.3.4") }, new SignerVerdict.Unsupported("1.2.3.4")),
        ["of a digest that is refused"] = (
            _proper with { Digest = DigestAlgorithm.Sha1, Attributes = null }, new SignerVerdict.RefusedByPolicy("digest-not-listed")),
    };

    public static TheoryData<string> Rules { get; } = [.. _rules.Keys];

    private static SignerVerdict.Valid Valid => new([]);

    [Theory]
    [MemberData(nameof(Rules))]
    [Trait("Requirement", "R3369-11.4-c")]
    [Trait("Requirement", "R3369-11.4-e")]
    [Trait("Requirement", "R3369-5.4-f")]
    public void Verify_Countersignature_HasAVerdictOfItsOwn(string name)
    {
        (ForgedSigner countersigner, SignerVerdict expected) = _rules[name];
        SignerReport signer = Assert.Single(SignedMessage.Read(Countersigned(countersigner)).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
        SignerReport report = Assert.Single(signer.Countersignatures);
        Assert.Equal(expected.GetType(), report.Verdict.GetType());
        Assert.Equal(Rule(expected), Rule(report.Verdict));
        if (expected is SignerVerdict.Valid)
        {
            Assert.Equal(TestIdentity.Rsa.Certificate, report.Certificate);
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-k")]
    [Trait("Requirement", "R3369-11.4-d")]
    [Trait("Requirement", "R2634-1.3.4-d")]
    [Trait("Kind", "negative")]
    public void Verify_CountersignatureWithContentType_IsReportedAndStrictlyRefused()
    {
        byte[] message = Countersigned(_rules["with a content type"].Countersigner);
        SignerReport tolerated = SignedMessage.Read(message).Report.Signers[0].Countersignatures[0];
        Assert.Contains("countersignature-content-type", tolerated.Deviations);
        SignerReport refused = SignedMessage.Read(message, options: _strict).Report.Signers[0].Countersignatures[0];
        Assert.Equal("content-type-attribute", Assert.IsType<SignerVerdict.Malformed>(refused.Verdict).Rule);
    }

    [Fact]
    [Trait("Requirement", "R3369-11.4-b")]
    public void Verify_TwoAttributesOfTwoValues_AreFourReportsInTheirOrder()
    {
        byte[] message = Change(new ForgedMessage { Certificates = Certificates }, signer =>
        {
            byte[] good = Value(_proper, signer.Signature);
            byte[] bad = Value(_rules["over something else"].Countersigner, signer.Signature);
            signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, good, bad));
            signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, good, good));
        });
        SignerReport report = SignedMessage.Read(message).Report.Signers[0];
        Assert.Equal(4, report.Countersignatures.Length);
        Assert.Equal(3, report.Countersignatures.Count(c => c.Verdict is SignerVerdict.Valid));
    }

    [Fact]
    public void Verify_CountersignatureOfAnInvalidSignature_MakesItNoMoreValid()
    {
        byte[] message = Change(
            new ForgedMessage { Certificates = Certificates, Signers = [new ForgedSigner { Input = _ => [7] }] },
            signer => signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, Value(_proper, signer.Signature))));
        SignerReport report = SignedMessage.Read(message).Report.Signers[0];
        Assert.IsType<SignerVerdict.SignatureMismatch>(report.Verdict);
        Assert.IsType<SignerVerdict.Valid>(report.Countersignatures[0].Verdict);
    }

    [Fact]
    public void Verify_CountersignerThatIsNotCarried_IsFoundByTheResolver()
    {
        byte[] message = Change(
            new ForgedMessage(), signer => signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, Value(_proper, signer.Signature))));
        Assert.IsType<SignerVerdict.CertificateNotFound>(SignedMessage.Read(message).Report.Signers[0].Countersignatures[0].Verdict);
        SignedMessage resolved = SignedMessage.Read(
            message, resolver: (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([TestIdentity.Rsa.Certificate]));
        Assert.IsType<SignerVerdict.Valid>(resolved.Report.Signers[0].Countersignatures[0].Verdict);
    }

    [Fact]
    public void Verify_CountersignatureWithoutTheContent_NeedsNone()
    {
        byte[] message = Change(
            new ForgedMessage { Certificates = Certificates, EContent = [] },
            signer => signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, Value(_proper, signer.Signature))));
        SignerReport report = SignedMessage.Read(message).Report.Signers[0];
        Assert.IsType<SignerVerdict.ContentMissing>(report.Verdict);
        Assert.IsType<SignerVerdict.Valid>(report.Countersignatures[0].Verdict);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [Trait("Requirement", "R3369-11.4-f")]
    public void Verify_NestedCountersignatures_AreReportedAtTheirDepth(int depth)
    {
        SignerReport report = SignedMessage.Read(Nested(depth)).Report.Signers[0];
        for (int i = 0; i < depth; i++)
        {
            report = Assert.Single(report.Countersignatures);
            Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        }

        Assert.Empty(report.Countersignatures);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(60)]
    [Trait("Requirement", "R3369-11.4-f")]
    [Trait("Kind", "negative")]
    public void Verify_CountersignaturesNestedTooDeep_ExceedTheLimit(int depth)
    {
        byte[] message = Nested(depth);
        LimitExceededException e = Assert.Throws<LimitExceededException>(() => SignedMessage.Read(message));
        Assert.Equal(nameof(CmsLimits.MaxCountersignatureDepth), e.Limit);
    }

    [Fact]
    [Trait("Requirement", "R3369-11.4-f")]
    [Trait("Kind", "negative")]
    public void Verify_AThousandLevels_OverflowNoStack()
    {
        var level = new ForgedMessage { SignedContent = [1] };
        ForgedSigner countersigner = _proper with { Attributes = null, Sign = _ => [1] };
        byte[] nested = countersigner.Encode(level);
        for (int i = 0; i < 1000; i++)
        {
            nested = (countersigner with { UnsignedAttributes = Asn.Tagged(0xA1, Asn.Sequence(Asn.Oid(CountersignatureOid), Asn.Set(nested))) }).Encode(level);
        }

        byte[] message = Change(
            new ForgedMessage { Certificates = Certificates }, signer => signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, nested)));
        Assert.ThrowsAny<SmimeKitException>(() => SignedMessage.Read(message));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Verify_ManyCountersignatures_ExceedTheLimits()
    {
        byte[] message = Change(new ForgedMessage { Certificates = Certificates }, signer =>
        {
            byte[] value = Value(_proper, signer.Signature);
            signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, [.. Enumerable.Repeat((ReadOnlyMemory<byte>)value, 5)]));
        });
        foreach ((CmsLimits limits, string name) in new[]
        {
            (CmsLimits.Default with { MaxCountersignatures = 4 }, nameof(CmsLimits.MaxCountersignatures)),
            (CmsLimits.Default with { MaxSignatureChecks = 5 }, nameof(CmsLimits.MaxSignatureChecks)),
        })
        {
            LimitExceededException e = Assert.Throws<LimitExceededException>(
                () => SignedMessage.Read(message, options: new CmsReaderOptions { Limits = limits }));
            Assert.Equal(name, e.Limit);
        }

        Assert.Equal(5, SignedMessage.Read(
            message,
            options: new CmsReaderOptions { Limits = CmsLimits.Default with { MaxCountersignatures = 5, MaxSignatureChecks = 6 } })
            .Report.Signers[0].Countersignatures.Length);
    }

    [Fact]
    [Trait("Requirement", "R2634-1.3.4-d")]
    [Trait("Requirement", "R3369-11.4-d")]
    public void Countersign_WritesNeitherContentTypeNorOthersThanAllowed()
    {
        byte[] message = Change(
            new ForgedMessage { Certificates = Certificates },
            signer => signer.CountersignAsync(new CmsSigner(TestIdentity.Rsa) { SigningTime = SignedMessage.At }).AsTask().Wait());
        SignerReport report = SignedMessage.Read(message, options: _strict).Report.Signers[0].Countersignatures[0];
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.Equal(
            new[] { MessageDigestOid, SigningTimeOid, SigningCertificateV2Oid }.Order(), report.SignedAttributes.Select(a => a.Oid).Order());
        Assert.Empty(report.Deviations);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Countersign_WithFurtherSignedAttributes_IsRefused() => Assert.Throws<ArgumentException>(() => Change(
        new ForgedMessage(),
        signer => signer.CountersignAsync(new CmsSigner(TestIdentity.Rsa)
        {
            SignedAttributes = [new CmsAttribute(UnknownOid, Asn.Number(1))],
        }).AsTask().GetAwaiter().GetResult()));

    private static IReadOnlyList<byte[]> Certificates =>
        [TestIdentity.P256.Certificate.RawData.ToArray(), TestIdentity.Rsa.Certificate.RawData.ToArray()];

    private static byte[] Countersigned(ForgedSigner countersigner) => Change(
        new ForgedMessage { Certificates = Certificates },
        signer => signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, Value(countersigner, signer.Signature))));

    // RSA signatures are the same each time: the innermost is made first, over the signature that the outer ones will have.
    private static byte[] Nested(int depth) => Change(new ForgedMessage { Certificates = Certificates }, signer =>
    {
        byte[] parent = signer.Signature.ToArray();
        var signatures = new List<byte[]>();
        for (int i = 0; i < depth; i++)
        {
            signatures.Add(parent);
            parent = _proper.SignWithKey(Asn.SortedSet(MessageDigest(Hash(DigestAlgorithm.Sha256, parent))));
        }

        byte[] value = [];
        foreach (byte[] signature in Enumerable.Reverse(signatures))
        {
            value = Value(_proper with { UnsignedAttributes = value.Length == 0 ? [] : Asn.Tagged(0xA1, Of(CountersignatureOid, value)) }, signature);
        }

        signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, value));
    });

    private static byte[] Value(ForgedSigner countersigner, ReadOnlyMemory<byte> signature) =>
        countersigner.Encode(new ForgedMessage { SignedContent = signature.ToArray() });

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

    private static string? Rule(SignerVerdict verdict) => verdict switch
    {
        SignerVerdict.Malformed malformed => malformed.Rule,
        SignerVerdict.RefusedByPolicy refused => refused.Rule,
        SignerVerdict.Unsupported unsupported => unsupported.Oid,
        _ => null,
    };
}
