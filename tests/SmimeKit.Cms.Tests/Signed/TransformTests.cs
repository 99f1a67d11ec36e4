using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What each transform of SignedData does, and what it leaves alone.</summary>
public sealed class TransformTests
{
    private static readonly byte[] _content = SigningCase.Content;
    private static readonly CmsSigner _p256 = new(TestIdentity.P256);
    private static readonly CmsSigner _rsa = new(TestIdentity.Rsa);

    [Theory]
    [InlineData(SigningForm.Definite)]
    [InlineData(SigningForm.Indefinite)]
    public void Detach_ThenAttach_GivesTheContentBackAndStaysValid(SigningForm form)
    {
        byte[] message = Sign(form, _p256);
        var content = new MemoryStream();
        byte[] detached = Apply(message, new SignedDataEdits { DetachesTo = content });
        Assert.Equal(_content, content.ToArray());
        SignedMessage.Read(detached, _content).AssertValid([TestIdentity.P256], _content);
        Assert.True(DerOf(detached), "a message without content is definite throughout");
        foreach (long? length in new long?[] { _content.Length, null })
        {
            byte[] attached = Apply(detached, new SignedDataEdits
            {
                AttachesContent = true, DetachedContent = new MemoryStream(_content), DetachedContentLength = length,
            });
            SignedMessage read = SignedMessage.Read(attached);
            read.AssertValid([TestIdentity.P256], _content);
            Assert.False(read.Report.IsDetached);
        }
    }

    [Fact]
    public void Attach_ContentOfAnotherLengthThanAnnounced_IsRefused()
    {
        byte[] detached = Sign(SigningForm.Detached, _p256);
        foreach (int difference in new[] { -1, 1 })
        {
            var edits = new SignedDataEdits
            {
                AttachesContent = true,
                DetachedContent = new MemoryStream(_content),
                DetachedContentLength = _content.Length + difference,
            };
            Assert.Throws<InvalidOperationException>(() => Apply(detached, edits));
        }
    }

    [Fact]
    public void Copy_SegmentedContent_KeepsItsSegments()
    {
        // Content in nested segments of definite and indefinite length, with lengths longer than they need be.
        byte[] segments = Asn.Hex("2480 0403616263 2407 0401640402 6566 2480 0483000001 67 0000 0000");
        byte[] eContent = [0xA0, 0x80, .. segments, 0, 0];
        byte[] message = new ForgedMessage { SignedContent = "abcdefg"u8.ToArray(), EContent = eContent };
        byte[] copy = Apply(message, new SignedDataEdits { AddedSigners = [_rsa], AddedCarried = Carry(TestIdentity.Rsa) });
        Assert.True(copy.AsSpan().IndexOf(eContent) > 0);
        SignedMessage.Read(copy).AssertValid([TestIdentity.P256, TestIdentity.Rsa], "abcdefg"u8.ToArray());
    }

    [Theory]
    [InlineData(SigningForm.Definite)]
    [InlineData(SigningForm.Detached)]
    [Trait("Requirement", "R3369-5.1-f")]
    [Trait("Requirement", "R3369-5.3-f")]
    public void AddSigner_WithANewDigestAndVersion_RaisesBoth(SigningForm form)
    {
        byte[] message = Sign(form, _p256);
        CmsSigner added = _rsa with { Digest = DigestAlgorithm.Sha512, UseSubjectKeyIdentifier = true };
        byte[] result = Apply(message, new SignedDataEdits
        {
            AddedSigners = [added], DetachedContent = form == SigningForm.Detached ? new MemoryStream(_content) : null, AddedCarried = Carry(TestIdentity.Rsa),
        });
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(result));
        Assert.Equal([DigestAlgorithm.Sha256.Oid, DigestAlgorithm.Sha512.Oid], reader.DigestAlgorithms.Select(d => d.Oid));
        SignedMessage read = SignedMessage.Read(result, _content);
        read.AssertValid([TestIdentity.P256, TestIdentity.Rsa], _content);
        Assert.Empty(read.Report.Deviations); // version 3 (R5652-5.1-a)
    }

    [Fact]
    public void AddSigner_ToADetachedMessage_TakesDigestsToo()
    {
        byte[] message = Sign(SigningForm.Detached, _p256);
        using var digests = new ContentDigester([DigestAlgorithm.Sha384]);
        digests.Append(_content);
        SignedDataEdits edits = new() { AddedSigners = [_rsa with { Digest = DigestAlgorithm.Sha384 }], DetachedDigests = digests, AddedCarried = Carry(TestIdentity.Rsa) };
        SignedMessage.Read(Apply(message, edits), _content).AssertValid([TestIdentity.P256, TestIdentity.Rsa], _content);
        Assert.Throws<TransformException>(() => Apply(message, edits with { AddedSigners = [_rsa] }));
        Assert.NotNull(digests.GetDigest(DigestAlgorithm.Sha384)); // still the caller's
    }

    [Fact]
    public void AddSigner_ToAMessageWithoutDigestAlgorithms_KeepsItReadableForTheOthers()
    {
        byte[] message = new ForgedMessage { DigestAlgorithms = [] };
        byte[] result = Apply(message, new SignedDataEdits { AddedSigners = [_rsa with { Digest = DigestAlgorithm.Sha512 }], AddedCarried = Carry(TestIdentity.Rsa) });
        SignedMessage.Read(result).AssertValid([TestIdentity.P256, TestIdentity.Rsa], ForgedMessage.Text);
    }

    [Fact]
    [Trait("Requirement", "R2634-1.4-a")]
    public void AddSigner_BesideALabelledOne_RepeatsLabelAndExpansionHistory()
    {
        byte[] label = ForgedAttribute.Of("1.2.840.113549.1.9.16.2.2", Asn.Set(Asn.Oid("1.2.3")));
        byte[] history = ForgedAttribute.Of("1.2.840.113549.1.9.16.2.3", Asn.Sequence(Asn.Number(1)));
        byte[] message = new ForgedMessage
        {
            Signers = [new ForgedSigner { Attributes = m => [.. ForgedAttribute.Usual(m), label, history] }],
        };
        SignedMessage read = SignedMessage.Read(
            Apply(message, new SignedDataEdits { AddedSigners = [_rsa], AddedCarried = Carry(TestIdentity.Rsa) }));
        read.AssertValid([TestIdentity.P256, TestIdentity.Rsa], ForgedMessage.Text);
        Assert.All(read.Report.Signers, s => Assert.True(
            s.SignedAttributes.Contains("1.2.840.113549.1.9.16.2.2") && s.SignedAttributes.Contains("1.2.840.113549.1.9.16.2.3")));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void AddSigner_BesideSignersOfDifferentLabels_IsRefused()
    {
        byte[] Label(string policy) => ForgedAttribute.Of("1.2.840.113549.1.9.16.2.2", Asn.Set(Asn.Oid(policy)));
        byte[] message = new ForgedMessage
        {
            Signers =
            [
                new ForgedSigner { Attributes = m => [.. ForgedAttribute.Usual(m), Label("1.2.3")] },
                new ForgedSigner { Attributes = m => [.. ForgedAttribute.Usual(m), Label("1.2.4")] },
            ],
        };
        Assert.Throws<PolicyViolationException>(() => Apply(message, new SignedDataEdits { AddedSigners = [_rsa] }));
    }

    [Fact]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3369-5.6-e")]
    public void AddBareSigner_ToContentThatIsSignedAttributes_IsRefused()
    {
        byte[] trap = Asn.SortedSet(ForgedAttribute.ContentType(ForgedMessage.Data), ForgedAttribute.MessageDigest(new byte[32]));
        byte[] message = new ForgedMessage { SignedContent = trap };
        Assert.Throws<PolicyViolationException>(
            () => Apply(message, new SignedDataEdits { AddedSigners = [_rsa with { UseSignedAttributes = false }] }));
    }

    [Fact]
    public void DropSigner_OfADetachedMessage_RecomputesVersionAndDigests()
    {
        byte[] message = Sign(SigningForm.Detached, _p256, _rsa with { Digest = DigestAlgorithm.Sha512, UseSubjectKeyIdentifier = true });
        byte[] result = Apply(message, new SignedDataEdits { EditSigner = DropIf(s => s.Identifier is SubjectKeyIdentifier) });
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(result));
        Assert.Equal(DigestAlgorithm.Sha256.Oid, Assert.Single(reader.DigestAlgorithms).Oid);
        SignedMessage read = SignedMessage.Read(result, _content);
        read.AssertValid([TestIdentity.P256], _content);
        Assert.Empty(read.Report.Deviations); // version 1 again
    }

    [Fact]
    [Trait("Requirement", "R3369-5.1-e")]
    public void DropSigner_OfAMessageWithContent_KeepsTheOthersValid()
    {
        byte[] message = Sign(SigningForm.Definite, _p256, _rsa with { Digest = DigestAlgorithm.Sha512 });
        byte[] result = Apply(message, new SignedDataEdits { EditSigner = DropIf(s => s.Index == 0) });
        Assert.Equal(2, SignedMessage.Read(message).Report.Signers.Length);
        Assert.IsType<SignerVerdict.Valid>(SignedMessage.Read(result).Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-d")]
    [Trait("Kind", "negative")]
    public void DropSigner_LeavingContentWithoutSigners_IsRefused()
    {
        byte[] message = Sign(SigningForm.Definite, _p256);
        Assert.Equal("no-signer-left", Assert.Throws<TransformException>(() => Apply(message, new SignedDataEdits { EditSigner = DropIf(_ => true) })).Code);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-d")]
    public void DropSigners_OfOtherContent_LeavesACertificatesOnlyMessage()
    {
        byte[] message = new ForgedMessage { ContentType = ForgedMessage.TstInfo, Version = Asn.Number(3) };
        byte[] result = Apply(message, new SignedDataEdits { DropsSigners = true });
        byte[] expected = Asn.Sequence(Asn.Oid(ForgedMessage.SignedData), Asn.Tagged(0xA0, Asn.Sequence(
            Asn.Number(1),
            Asn.Set(),
            Asn.Sequence(Asn.Oid(ForgedMessage.Data)),
            Asn.Tagged(0xA0, TestIdentity.P256.Certificate.RawData.ToArray()),
            Asn.Set())));
        Assert.Equal(expected, result);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-o")]
    public void EditAttributes_LeavesTheOtherAttributesOctetForOctet()
    {
        byte[] odd = [0x31, 0x81, 0x03, 0x02, 0x01, 0x05]; // a set of values with a length that is longer than it need be
        byte[] kept = Asn.Sequence(Asn.Oid("1.2.3.4"), odd);
        byte[] removed = ForgedAttribute.Of(ForgedAttribute.UnknownOid, Asn.Number(1));
        byte[] message = new ForgedMessage { Signers = [new ForgedSigner { UnsignedAttributes = Asn.Tagged(0xA1, kept, removed) }] };
        byte[] result = Apply(message, new SignedDataEdits
        {
            EditSigner = (signer, _) =>
            {
                Assert.Equal(0, signer.RemoveUnsignedAttributes("1.2.3.5"));
                Assert.Equal(1, signer.RemoveUnsignedAttributes(ForgedAttribute.UnknownOid));
                signer.AddUnsignedAttribute(new CmsAttribute("1.2.3.5", Asn.Number(2)));
                return ValueTask.CompletedTask;
            },
        });
        Assert.True(result.AsSpan().IndexOf(kept) > 0);
        SignedMessage read = SignedMessage.Read(result);
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(["1.2.3.4", "1.2.3.5"], read.Report.Signers[0].UnsignedAttributes.Select(a => a.Oid).Order());
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-l")]
    public void RemoveAttributes_LeavingNone_LeavesNoEmptySet()
    {
        byte[] attribute = ForgedAttribute.Of(ForgedAttribute.UnknownOid, Asn.Number(1));
        var plain = new ForgedMessage { Signers = [new ForgedSigner { Identity = TestIdentity.Rsa }] };
        byte[] message = plain with { Signers = [plain.Signers[0] with { UnsignedAttributes = Asn.Tagged(0xA1, attribute) }] };
        byte[] result = Apply(message, new SignedDataEdits
        {
            DetachesTo = Stream.Null,
            EditSigner = (signer, _) =>
            {
                signer.RemoveUnsignedAttributes(ForgedAttribute.UnknownOid);
                return ValueTask.CompletedTask;
            },
        });
        Assert.Equal((byte[])(plain with { EContent = [] }), result); // RSA signatures are the same each time
    }

    [Theory]
    [InlineData(ForgedAttribute.ContentTypeOid)]
    [InlineData(ForgedAttribute.MessageDigestOid)]
    [InlineData(ForgedAttribute.SigningTimeOid)]
    [InlineData(ForgedAttribute.SigningCertificateV2Oid)]
    [InlineData(ForgedAttribute.AlgorithmProtectionOid)]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3369-11.1-b")]
    [Trait("Requirement", "R3369-11.2-b")]
    [Trait("Requirement", "R3369-11.3-a")]
    [Trait("Requirement", "R6211-2-b")]
    public void AddAttribute_ThatIsNeverUnsigned_IsRefused(string oid)
    {
        Assert.Throws<ArgumentException>(() => Apply(Sign(SigningForm.Definite, _p256), new SignedDataEdits
        {
            EditSigner = (signer, _) =>
            {
                signer.AddUnsignedAttribute(new CmsAttribute(oid, Asn.Number(1)));
                return ValueTask.CompletedTask;
            },
        }));
    }

    [Fact]
    [Trait("Requirement", "R3369-5.1-l")]
    public void Apply_SignerThatCannotBeRead_IsCopied()
    {
        byte[] strange = Asn.Sequence(Asn.Number(9), Asn.Number(9));
        byte[] message = new ForgedMessage { Signers = [new ForgedSigner { Whole = _ => strange }, new ForgedSigner()] };
        int edited = 0;
        byte[] result = Apply(message, new SignedDataEdits
        {
            EditSigner = (_, _) =>
            {
                edited++;
                return ValueTask.CompletedTask;
            },
        });
        Assert.Equal(1, edited);
        Assert.True(result.AsSpan().IndexOf(strange) > 0);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2.1-b")]
    [Trait("Requirement", "R3369-5.2.1-c")]
    public void Apply_Pkcs7Content_IsCopiedAndSignedByItsContentsOctets()
    {
        byte[] inner = Asn.Number(5);
        var forged = new ForgedMessage
        {
            Version = Asn.Number(3), ContentType = "1.3.6.1.4.1.311.2.1.4", SignedContent = inner, EContent = Asn.Tagged(0xA0, Asn.Sequence(inner)),
        };
        byte[] message = forged;
        byte[] result = Apply(message, new SignedDataEdits { AddedSigners = [_rsa], AddedCarried = Carry(TestIdentity.Rsa) });
        Assert.True(result.AsSpan().IndexOf(forged.EContent) > 0);
        SignedMessage read = SignedMessage.Read(result);
        read.AssertValid([TestIdentity.P256, TestIdentity.Rsa], inner);
        Assert.Contains("pkcs7-content", read.Report.Deviations);
        var content = new MemoryStream();
        byte[] detached = Apply(message, new SignedDataEdits { DetachesTo = content });
        Assert.Equal(inner, content.ToArray());
        SignedMessage.Read(detached, inner).AssertValid([TestIdentity.P256], inner);
        Assert.Throws<MalformedDataException>(() => SignedDataEditor.Apply(
            new MemoryStream(message), Stream.Null, new SignedDataEdits(), new CmsReaderOptions { Policy = CmsPolicy.Strict }));
    }

    [Fact]
    [Trait("Requirement", "R5652-5.1-c")]
    [Trait("Requirement", "R5652-10.2.1-a")]
    [Trait("Requirement", "R5652-10.2.2-a")]
    public void Merge_WhatSeveralMessagesCarry_KeepsEachOnceAndUnchanged()
    {
        byte[] damaged = Asn.Sequence(Asn.Number(1));
        byte[] extended = Asn.Tagged(0xA0, Asn.Sequence());
        byte[] version1 = Asn.Tagged(0xA1, Asn.Sequence());
        byte[] attribute = Asn.Tagged(0xA2, Asn.Sequence());
        byte[] unknown = Asn.Tagged(0xA1, Asn.Oid("1.2.3"), Asn.Number(1));
        byte[] p256 = TestIdentity.P256.Certificate.RawData.ToArray();
        byte[] rsa = TestIdentity.Rsa.Certificate.RawData.ToArray();
        byte[] one = new ForgedMessage { Certificates = [p256, extended, version1], Crls = [Asn.Crl(1), damaged] };
        byte[] two = new ForgedMessage { Version = Asn.Number(5), Certificates = [attribute, rsa, p256], Crls = [Asn.Crl(1), Asn.Crl(2), unknown] };
        CarriedCertificates all = CarriedCertificates.Merge(SignedMessage.Read(one).Report.Carried, SignedMessage.Read(two).Report.Carried);
        Assert.Equal(2, all.Certificates.Count);
        foreach (SignedDataEdits edits in new[]
        {
            new SignedDataEdits { AddedCarried = SignedMessage.Read(two).Report.Carried },
            new SignedDataEdits { AddedCarried = all, DropsCarried = true },
        })
        {
            SignedMessage read = SignedMessage.Read(Apply(one, edits with { DetachesTo = Stream.Null }), ForgedMessage.Text);
            read.AssertValid([TestIdentity.P256], ForgedMessage.Text);
            CarriedCertificates carried = read.Report.Carried;
            Assert.Equal([TestIdentity.P256.Certificate, TestIdentity.Rsa.Certificate], carried.Certificates.OrderBy(c => c.Equals(TestIdentity.Rsa.Certificate)));
            Assert.Equal(Hex(extended, version1, attribute), Hex(carried.OtherCertificates));
            Assert.Equal(Hex(Asn.Crl(1), Asn.Crl(2)), Hex(carried.Crls));
            Assert.Equal(Hex(damaged), Hex(carried.UnreadableCrls));
            Assert.Equal(Hex(unknown), Hex(carried.OtherRevocationInfo));
            Assert.Empty(read.Report.Deviations); // version 5
        }
    }

    [Fact]
    public void Apply_ContradictoryEdits_AreTheCallersMistake()
    {
        SignedDataEdits[] contradictions =
        [
            new() { AttachesContent = true },
            new() { AttachesContent = true, DetachedContent = Stream.Null, DetachesTo = Stream.Null },
            new() { AttachesContent = true, DetachedContent = Stream.Null, DropsSigners = true },
            new() { DetachedContent = Stream.Null, DetachedDigests = new ContentDigester([]) },
            new() { DetachedContentLength = -1 },
        ];
        Assert.All(contradictions, e => Assert.Throws<ArgumentException>("edits", () => Apply([], e)));
        byte[] attached = Sign(SigningForm.Definite, _p256);
        byte[] detached = Sign(SigningForm.Detached, _p256);
        Assert.Equal("content-present", Assert.Throws<TransformException>(() => Apply(attached, new SignedDataEdits { DetachedContent = Stream.Null })).Code);
        Assert.Equal("content-absent", Assert.Throws<TransformException>(() => Apply(detached, new SignedDataEdits { DetachesTo = Stream.Null })).Code);
        Assert.Equal("content-needed", Assert.Throws<TransformException>(() => Apply(detached, new SignedDataEdits { AddedSigners = [_rsa] })).Code);
        byte[] stamp = new ForgedMessage { ContentType = ForgedMessage.TstInfo, Version = Asn.Number(3) };
        var bare = new SignedDataEdits { AddedSigners = [_rsa with { UseSignedAttributes = false }] };
        Assert.Equal("attributes-needed", Assert.Throws<TransformException>(() => Apply(stamp, bare)).Code);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Apply_WhatIsNoSignedDataOrBeyondLimits_IsRefused()
    {
        byte[] data = Asn.Sequence(Asn.Oid(ForgedMessage.Data), Asn.Tagged(0xA0, Asn.OctetString([1])));
        Assert.Throws<MalformedDataException>(() => Apply(data, new SignedDataEdits()));
        byte[] message = Sign(SigningForm.Definite, _p256, _rsa);
        foreach (CmsLimits limits in new[]
        {
            CmsLimits.Default with { MaxSigners = 1 }, CmsLimits.Default with { MaxCertificates = 1 },
            CmsLimits.Default with { MaxAttributesSize = 100 }, CmsLimits.Default with { MaxDigestAlgorithms = 0 },
        })
        {
            Assert.Throws<LimitExceededException>(() => SignedDataEditor.Apply(
                new MemoryStream(message), Stream.Null, new SignedDataEdits(), new CmsReaderOptions { Limits = limits }));
        }
    }

    [Fact]
    public void Apply_ArmoredMessage_WritesBer()
    {
        byte[] message = Sign(SigningForm.Definite, _p256);
        string pem = System.Security.Cryptography.PemEncoding.WriteString("CMS", message);
        byte[] result = Apply(System.Text.Encoding.ASCII.GetBytes(pem), new SignedDataEdits());
        Assert.Equal(0x30, result[0]);
        SignedMessage.Read(result).AssertValid([TestIdentity.P256], _content);
    }

    [Fact]
    public async Task AddSigner_WithAKeyElsewhere_WaitsForIt()
    {
        byte[] message = Sign(SigningForm.Definite, _p256);
        var edits = new SignedDataEdits { AddedSigners = [new CmsSigner(new RemoteKey(TestIdentity.Rsa))], AddedCarried = Carry(TestIdentity.Rsa) };
        SignedMessage.Read(Apply(message, edits)).AssertValid([TestIdentity.P256, TestIdentity.Rsa], _content);
        using var output = new MemoryStream();
        await SignedDataEditor.ApplyAsync(DribblingStream.InChunks(message, 10), output, edits);
        SignedMessage.Read(output.ToArray()).AssertValid([TestIdentity.P256, TestIdentity.Rsa], _content);
    }

    private static SignerEdit DropIf(Func<EditedSigner, bool> condition) => (signer, _) =>
    {
        if (condition(signer))
        {
            signer.Drop();
        }

        return ValueTask.CompletedTask;
    };

    private static byte[] Sign(SigningForm form, params CmsSigner[] signers)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Signers = signers,
            IsDetached = form == SigningForm.Detached,
            ContentLength = form == SigningForm.Definite ? _content.Length : null,
            Certificates = [.. signers.Select(s => s.Key.Certificate)],
        });
        writer.Content.Write(_content);
        writer.Complete();
        return output.ToArray();
    }

    private static byte[] Apply(byte[] message, SignedDataEdits edits)
    {
        using var output = new MemoryStream();
        SignedDataEditor.Apply(new MemoryStream(message), output, edits);
        return output.ToArray();
    }

    private static CarriedCertificates Carry(TestIdentity identity) => new() { Certificates = [identity.Certificate] };

    private static IEnumerable<string> Hex(params byte[][] values) => values.Select(Convert.ToHexString).Order();

    private static IEnumerable<string> Hex(IEnumerable<ReadOnlyMemory<byte>> values) => Hex([.. values.Select(v => v.ToArray())]);

    private static bool DerOf(byte[] message) =>
        System.Formats.Asn1.AsnDecoder.TryReadEncodedValue(message, System.Formats.Asn1.AsnEncodingRules.DER, out _, out _, out _, out int size)
        && size == message.Length;

    private sealed class RemoteKey(TestIdentity identity) : ISigningKey
    {
        public Certificate Certificate => identity.Certificate;

        public IReadOnlyList<Certificate> Chain => [];

        public async ValueTask<byte[]> SignAsync(
            SignatureAlgorithm algorithm, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default)
        {
            await Task.Delay(10, cancellationToken);
            return await identity.SignAsync(algorithm, digest, cancellationToken);
        }
    }
}
