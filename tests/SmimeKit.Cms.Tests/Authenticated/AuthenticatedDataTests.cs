using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Tests.Enveloped;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using TestIdentity = SmimeKit.Cms.Tests.Enveloped.TestIdentity;

namespace SmimeKit.Cms.Tests.Authenticated;

public sealed class AuthenticatedDataTests
{
    private const string TimeStampInfo = "1.2.840.113549.1.9.16.1.4";
    private static readonly byte[] _content = "This is some sample content."u8.ToArray();

    public static TheoryData<string, bool, bool> Algorithms
    {
        get
        {
            var data = new TheoryData<string, bool, bool>();
            foreach (MacAlgorithm algorithm in MacAlgorithm.BuiltIn)
            {
                foreach (bool attributes in new[] { false, true })
                {
                    data.Add(algorithm.Oid, attributes, false);
                    data.Add(algorithm.Oid, attributes, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    [Trait("Requirement", "R3369-9.2-a")]
    [Trait("Requirement", "R3369-9.2-b")]
    [Trait("Requirement", "R9044-3.1-a")]
    [Trait("Requirement", "R9044-3.1-b")]
    public async Task Write_WithAnyMac_Verifies(string oid, bool attributes, bool definite)
    {
        MacAlgorithm algorithm = MacAlgorithm.Find(oid)!;
        byte[] content = RandomNumberGenerator.GetBytes(70_000);
        foreach (TestIdentity recipient in new[] { TestIdentity.Rsa, TestIdentity.P256 })
        {
            byte[] message = AuthenticatedMessage.Write(content, AuthenticatedMessage.For(recipient) with
            {
                Algorithm = algorithm,
                Digest = attributes ? DigestAlgorithm.Sha256 : null,
                ContentLength = definite ? content.Length : null,
            });
            foreach (ReleaseMode mode in Enum.GetValues<ReleaseMode>())
            {
                (byte[] read, AuthenticatedDataReport report) = AuthenticatedMessage.Read(message, recipient, mode: mode);
                Assert.Equal(content, read);
                Assert.Equal(content.Length, report.ContentLength);
                Assert.Same(algorithm, report.Algorithm);
                Assert.Equal(attributes ? DigestAlgorithm.Sha256 : null, report.Digest);
                Assert.Equal(attributes ? 3 : 0, report.AuthenticatedAttributes.Count);
                Assert.Equal(algorithm == MacAlgorithm.HmacSha1 ? ["weak-mac"] : [], report.Weaknesses);
                Assert.Empty(report.Deviations);
                Assert.Equal(recipient.Certificate, report.RecipientCertificate);
            }

            await using var dribbled = DribblingStream.InChunks(message, 1000);
            Assert.Equal(content, (await AuthenticatedMessage.ReadAsync(dribbled, recipient)).Content);
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-9.2-a")]
    public void Mac_WithoutAttributes_IsOverTheContentOctets() =>
        Assert.Equal(_content, AuthenticatedMessage.Read(RawAuthenticated.To(TestIdentity.Rsa).Encode(), TestIdentity.Rsa).Content);

    [Fact]
    [Trait("Requirement", "R3369-9.1-a")]
    [Trait("Requirement", "R3369-9.2-b")]
    public void Mac_WithAttributes_IsOverTheirDerAsSetOf()
    {
        byte[] message = RawAuthenticated.To(TestIdentity.Rsa).WithAttributes().Encode();
        (byte[] content, AuthenticatedDataReport report) = AuthenticatedMessage.Read(message, TestIdentity.Rsa);
        Assert.Equal(_content, content);
        Assert.Equal(2, report.AuthenticatedAttributes.Count);
    }

    [Fact]
    [Trait("Requirement", "R3369-2-d")]
    public void Attributes_NotSorted_AreVerifiedOverTheirDer()
    {
        RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa).WithAttributes();
        message.MacInput = message.Attributes;
        message.Attributes = Asn.Set(RawAuthenticated.DigestAttribute(_content), RawAuthenticated.TypeAttribute(RawAuthenticated.Data));
        Assert.NotEqual(message.MacInput, message.Attributes);
        Assert.Equal(_content, AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa).Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-9.1-a")]
    [Trait("Requirement", "R3369-9.1-f")]
    public void Write_Golden_IsTheFieldsInOrder()
    {
        byte[] message = AuthenticatedMessage.Write(
            _content, AuthenticatedMessage.For(TestIdentity.Rsa) with { ContentLength = _content.Length });
        AuthenticatedDataReport report = AuthenticatedMessage.Read(message, TestIdentity.Rsa).Report;
        byte[] attributes = report.AuthenticatedAttributes.Encode(System.Formats.Asn1.Asn1Tag.SetOf);
        byte[] algorithm = Asn.Algorithm(RawAuthenticated.HmacSha256, [0x05, 0x00]);
        byte[] inner = Asn.Sequence(
            Asn.Number(0), Asn.Set(report.Recipient.RawData.ToArray()), algorithm,
            [0xA1, .. Asn.Algorithm(RawAuthenticated.Sha256).AsSpan(1)],
            Asn.Sequence(Asn.Oid(RawAuthenticated.Data), Asn.Tagged(0xA0, Asn.OctetString(_content))),
            [0xA2, .. attributes.AsSpan(1)],
            message[^34..]);
        Assert.Equal(Asn.Sequence(Asn.Oid("1.2.840.113549.1.9.16.1.2"), Asn.Tagged(0xA0, inner)), message);
        byte[] protection = Asn.Sequence(
            Asn.Algorithm(RawAuthenticated.Sha256), [0xA2, .. algorithm.AsSpan(1)]);
        Assert.Equal(
            Asn.SortedSet(
                RawAuthenticated.TypeAttribute(RawAuthenticated.Data),
                RawAuthenticated.DigestAttribute(_content),
                Asn.Sequence(Asn.Oid("1.2.840.113549.1.9.52"), Asn.Set(protection))),
            attributes);
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.8.1.2", false)]
    [InlineData("1.3.6.1.5.5.8.1.2", true)]
    [InlineData("1.2.840.113549.2.7", false)]
    [InlineData("1.2.840.113549.2.7", true)]
    [Trait("Requirement", "R3370-6.1-a")]
    [Trait("Requirement", "R3370-6.1-b")]
    public void HmacSha1_ByEitherNameWithAndWithoutNull_IsReadAndFlagged(string oid, bool withNull)
    {
        RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa, keySize: 20);
        message.MacAlgorithm = Asn.Algorithm(oid, withNull ? [[0x05, 0x00]] : Array.Empty<byte[]>());
        message.Mac = HMACSHA1.HashData;
        AuthenticatedDataReport report = AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa).Report;
        Assert.Equal(["weak-mac"], report.Weaknesses);
        Assert.Throws<PolicyViolationException>(() => AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa, CmsPolicy.Strict));
    }

    [Fact]
    [Trait("Requirement", "R3370-6.1-c")]
    public void HmacSha1_IsWrittenWithoutParameters()
    {
        byte[] message = AuthenticatedMessage.Write(_content, AuthenticatedMessage.For(TestIdentity.Rsa) with { Algorithm = MacAlgorithm.HmacSha1 });
        Assert.True(message.AsSpan().IndexOf(Asn.Algorithm("1.3.6.1.5.5.8.1.2")) > 0);
    }

    [Fact]
    [Trait("Requirement", "R3370-6.1-d")]
    [Trait("Requirement", "R9044-3.1-a")]
    [Trait("Kind", "negative")]
    public void Parameters_ThatAreNotTheAlgorithms_AreMalformed()
    {
        byte[] number = Asn.Number(1);
        byte[] nonce = Asn.OctetString(new byte[12]);
        foreach (byte[] algorithm in new[]
        {
            Asn.Algorithm("1.3.6.1.5.5.8.1.2", number), Asn.Algorithm(RawAuthenticated.HmacSha256, number),
            Asn.Algorithm("2.16.840.1.101.3.4.1.9"), Asn.Algorithm("2.16.840.1.101.3.4.1.9", [0x05, 0x00]),
            Asn.Algorithm("2.16.840.1.101.3.4.1.9", Asn.Sequence(nonce, Asn.Number(11))),
            Asn.Algorithm("2.16.840.1.101.3.4.1.9", Asn.Sequence(nonce, Asn.Number(17))),
            Asn.Algorithm("2.16.840.1.101.3.4.1.9", Asn.Sequence(Asn.OctetString([]))),
        })
        {
            RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa);
            message.MacAlgorithm = algorithm;
            Assert.Equal(
                "mac-parameters",
                Assert.Throws<MalformedDataException>(() => AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa)).Code);
        }
    }

    [Fact]
    [Trait("Requirement", "R8702-3.4-a")]
    [Trait("Kind", "negative")]
    public void Mac_NotImplemented_IsUnsupportedByName()
    {
        RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa);
        message.MacAlgorithm = Asn.Algorithm("2.16.840.1.101.3.4.2.19");
        Assert.Equal(
            "2.16.840.1.101.3.4.2.19",
            Assert.Throws<UnsupportedAlgorithmException>(() => AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa)).Oid);
    }

    [Theory]
    [InlineData(ReleaseMode.Verified)]
    [InlineData(ReleaseMode.Provisional)]
    [Trait("Requirement", "R3369-9.3-a")]
    [Trait("Requirement", "R3369-9.3-b")]
    [Trait("Requirement", "R3370-6.1-e")]
    [Trait("Requirement", "R6211-3.2-a")]
    [Trait("Kind", "negative")]
    public void Anything_Changed_IsTheSameFailure(ReleaseMode mode)
    {
        var bad = new List<RawAuthenticated>();
        foreach (bool attributes in new[] { false, true })
        {
            foreach (Func<byte[], byte[]> change in new Func<byte[], byte[]>[]
            {
                mac => [.. mac[..^1], (byte)(mac[^1] ^ 1)], mac => mac[..^1], mac => mac[..12], mac => [], mac => [.. mac, 0],
            })
            {
                RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa);
                message.ChangeMac = change;
                bad.Add(attributes ? message.WithAttributes() : message);
            }

            RawAuthenticated content = RawAuthenticated.To(TestIdentity.Rsa);
            content = attributes ? content.WithAttributes() : content;
            content.MacInput = content.Attributes ?? content.Content;
            content.Content = "Another content of that length"u8.ToArray();
            bad.Add(content);

            RawAuthenticated key = RawAuthenticated.To(TestIdentity.Rsa);
            key.Key = new byte[32];
            bad.Add(attributes ? key.WithAttributes() : key);

            RawAuthenticated damaged = RawAuthenticated.To(TestIdentity.Rsa);
            damaged.Recipients[0] = RawEnvelope.Transport(TestIdentity.Rsa, damaged.Key, change: k => [.. k[..^1], (byte)(k[^1] ^ 1)]);
            bad.Add(attributes ? damaged.WithAttributes() : damaged);

            RawAuthenticated length = RawAuthenticated.To(TestIdentity.Rsa, keySize: 24);
            bad.Add(attributes ? length.WithAttributes() : length); // no size that HMAC-SHA-256 keys have here
        }

        bad.Add(RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(
            RawAuthenticated.TypeAttribute(TimeStampInfo), RawAuthenticated.DigestAttribute(_content)));
        bad.Add(RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(
            RawAuthenticated.TypeAttribute(RawAuthenticated.Data), RawAuthenticated.DigestAttribute([1])));
        byte[] otherMac = Asn.Sequence(Asn.Algorithm(RawAuthenticated.Sha256), [0xA2, .. Asn.Algorithm("1.2.840.113549.2.10").AsSpan(1)]);
        byte[] otherDigest = Asn.Sequence(
            Asn.Algorithm("2.16.840.1.101.3.4.2.2"), [0xA2, .. Asn.Algorithm(RawAuthenticated.HmacSha256).AsSpan(1)]);
        foreach (byte[] protection in new[] { otherMac, otherDigest, Asn.Sequence(Asn.Algorithm(RawAuthenticated.Sha256)) })
        {
            bad.Add(RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(
                RawAuthenticated.TypeAttribute(RawAuthenticated.Data), RawAuthenticated.DigestAttribute(_content),
                Asn.Sequence(Asn.Oid("1.2.840.113549.1.9.52"), Asn.Set(protection))));
        }

        foreach (RawAuthenticated message in bad)
        {
            DecryptionFailedException failure = Assert.Throws<DecryptionFailedException>(
                () => AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa, mode: mode));
            Assert.Equal(new DecryptionFailedException().Message, failure.Message);
            Assert.Null(failure.InnerException);
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-9.1-d")]
    [Trait("Requirement", "R3369-9.1-e")]
    [Trait("Requirement", "R3369-9.1-f")]
    [Trait("Requirement", "R6211-2-c")]
    [Trait("Kind", "negative")]
    public void Fields_ThatDoNotFitTogether_AreMalformed()
    {
        byte[] type = RawAuthenticated.TypeAttribute(RawAuthenticated.Data);
        byte[] digest = RawAuthenticated.DigestAttribute(_content);
        byte[] protection = Asn.Sequence(Asn.Oid("1.2.840.113549.1.9.52"), Asn.Set(Asn.Sequence(
            Asn.Algorithm(RawAuthenticated.Sha256), [0xA2, .. Asn.Algorithm(RawAuthenticated.HmacSha256).AsSpan(1)])));
        RawAuthenticated digestAlone = RawAuthenticated.To(TestIdentity.Rsa);
        digestAlone.DigestAlgorithm = Asn.Algorithm(RawAuthenticated.Sha256);
        RawAuthenticated attributesAlone = RawAuthenticated.To(TestIdentity.Rsa).WithAttributes();
        attributesAlone.DigestAlgorithm = null;
        RawAuthenticated typeWithout = RawAuthenticated.To(TestIdentity.Rsa);
        typeWithout.ContentType = TimeStampInfo;
        (RawAuthenticated Message, string Code)[] cases =
        [
            (digestAlone, "digest-algorithm-and-attributes"),
            (attributesAlone, "digest-algorithm-and-attributes"),
            (typeWithout, "authenticated-attributes-absent"),
            (RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(digest), "content-type-attribute"),
            (RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(type), "message-digest-attribute"),
            (RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(type, digest, digest), "message-digest-attribute"),
            (RawAuthenticated.To(TestIdentity.Rsa).WithAttributes(type, digest, protection, protection), "algorithm-protection"),
        ];
        foreach ((RawAuthenticated message, string code) in cases)
        {
            Assert.Equal(code, Assert.Throws<MalformedDataException>(() => AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa)).Code);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Content_ThatIsTheAttributesOfAnother_IsRefused()
    {
        // The MAC of a message with attributes fits a message without whose content they are.
        RawAuthenticated original = RawAuthenticated.To(TestIdentity.Rsa).WithAttributes();
        RawAuthenticated forged = RawAuthenticated.To(TestIdentity.Rsa);
        (forged.Key, forged.Content) = (original.Key, original.Attributes);
        forged.Recipients[0] = original.Recipients[0];
        Assert.Equal(
            "content-looks-like-attributes",
            Assert.Throws<PolicyViolationException>(() => AuthenticatedMessage.Read(forged.Encode(), TestIdentity.Rsa)).Rule);
        AuthenticatedDataWriterOptions options = AuthenticatedMessage.For(TestIdentity.Rsa) with { Digest = null };
        Assert.Throws<PolicyViolationException>(() => AuthenticatedMessage.Write(original.Attributes!, options));
        Assert.Equal(
            original.Attributes,
            AuthenticatedMessage.Read(AuthenticatedMessage.Write(original.Attributes!, AuthenticatedMessage.For(TestIdentity.Rsa)), TestIdentity.Rsa).Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-9.1-b")]
    [Trait("Requirement", "R5652-9.1-a")]
    public void Version_FollowsTheOriginatorInfo()
    {
        byte[] attributeCertificate = Asn.Tagged(0xA2, Asn.Number(1));
        byte[] other = Asn.Tagged(0xA3, Asn.Oid("1.2.3.4"), Asn.Number(1));
        byte[] certificate = TestIdentity.Rsa.Certificate.RawData.ToArray();
        (byte[][] Certificates, int Version)[] cases =
            [([], 0), ([certificate], 0), ([certificate, attributeCertificate], 1), ([attributeCertificate, other], 3)];
        foreach ((byte[][] certificates, int version) in cases)
        {
            RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa);
            message.Version = version;
            message.Originator = certificates.Length == 0 ? null : Asn.Tagged(0xA0, Asn.Tagged(0xA0, certificates));
            Assert.Empty(AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa).Report.Deviations);
            message.Version = 2;
            Assert.Equal(["authenticated-data-version"], AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa).Report.Deviations);
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-9.1-c")]
    [Trait("Kind", "negative")]
    public void Recipients_None_AreRefused()
    {
        RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa);
        message.Recipients.Clear();
        Assert.Throws<MalformedDataException>(() => AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa));
        Assert.Throws<ArgumentException>(() => AuthenticatedMessage.Write(_content, AuthenticatedMessage.For()));
    }

    [Fact]
    [Trait("Requirement", "R3369-9.2-c")]
    public void Write_Twice_HasTwoKeys()
    {
        AuthenticatedDataWriterOptions options = AuthenticatedMessage.For(TestIdentity.Rsa) with { Digest = null };
        Assert.NotEqual(AuthenticatedMessage.Write(_content, options)[^32..], AuthenticatedMessage.Write(_content, options)[^32..]);
    }

    [Fact]
    [Trait("Requirement", "R3369-9.3-d")]
    [Trait("Requirement", "R3370-9-d")]
    [Trait("Requirement", "R3370-4.3-e")]
    [Trait("Requirement", "R3369-14-f")]
    public void Origin_OfTransportAndEphemeralAgreement_IsUnknown()
    {
        foreach (TestIdentity recipient in new[] { TestIdentity.Rsa, TestIdentity.P256 })
        {
            byte[] message = AuthenticatedMessage.Write(_content, AuthenticatedMessage.For(recipient));
            Assert.Equal(OriginEvidence.None, AuthenticatedMessage.Read(message, recipient).Report.Origin);
        }
    }

    [Fact]
    public void Recipients_Several_AllVerify()
    {
        byte[] message = AuthenticatedMessage.Write(
            _content, AuthenticatedMessage.For(TestIdentity.Rsa, TestIdentity.P256, TestIdentity.P384, TestIdentity.OtherRsa));
        foreach (TestIdentity recipient in new[] { TestIdentity.Rsa, TestIdentity.P256, TestIdentity.P384, TestIdentity.OtherRsa })
        {
            Assert.Equal(_content, AuthenticatedMessage.Read(message, recipient).Content);
        }

        Assert.Throws<NoMatchingRecipientException>(() => AuthenticatedMessage.Read(message, TestIdentity.P521));
    }

    [Fact]
    public void Recipients_WithDecoyInFront_AreSearchedForTheKeyThatFits()
    {
        RawAuthenticated message = RawAuthenticated.To(TestIdentity.Rsa).WithAttributes();
        message.Recipients.Insert(0, RawEnvelope.Transport(TestIdentity.Rsa, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(_content, AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa).Content);
        message.DigestAlgorithm = message.Attributes = null;
        Assert.Equal(_content, AuthenticatedMessage.Read(message.Encode(), TestIdentity.Rsa, mode: ReleaseMode.Provisional).Content);
    }

    [Fact]
    public void Content_Detached_ComesFromOutside()
    {
        foreach (DigestAlgorithm? digest in new[] { null, DigestAlgorithm.Sha256 })
        {
            byte[] message = AuthenticatedMessage.Write(
                _content, AuthenticatedMessage.For(TestIdentity.Rsa) with { Digest = digest, IsDetached = true });
            (byte[] content, AuthenticatedDataReport report) = AuthenticatedMessage.Read(message, TestIdentity.Rsa, detached: _content);
            Assert.Empty(content);
            Assert.True(report.IsDetached);
            Assert.Equal(_content.Length, report.ContentLength);
            Assert.Throws<DecryptionFailedException>(
                () => AuthenticatedMessage.Read(message, TestIdentity.Rsa, detached: [.. _content, 0]));
            Assert.Equal(
                "content-absent", Assert.Throws<MalformedDataException>(() => AuthenticatedMessage.Read(message, TestIdentity.Rsa)).Code);
        }
    }

    [Fact]
    public void Content_Large_WaitsOutsideOfMemory()
    {
        byte[] content = new byte[3 * 1024 * 1024];
        byte[] message = AuthenticatedMessage.Write(content, AuthenticatedMessage.For(TestIdentity.Rsa));
        Assert.Equal(content, AuthenticatedMessage.Read(message, TestIdentity.Rsa).Content);
        Assert.Throws<LimitExceededException>(
            () => AuthenticatedMessage.Read(message, [TestIdentity.Rsa.Key], new CmsReaderOptions { SpoolFolder = "" }));
        Assert.Equal(
            content,
            AuthenticatedMessage.Read(
                message, [TestIdentity.Rsa.Key], new CmsReaderOptions { SpoolFolder = "", ReleaseMode = ReleaseMode.Provisional }).Content);
    }

    [Fact]
    public void Attributes_OfTheCaller_AreCarried()
    {
        var mine = new CmsAttributes([new CmsAttribute("1.2.3.4", Asn.Number(1))]);
        byte[] message = AuthenticatedMessage.Write(
            _content, AuthenticatedMessage.For(TestIdentity.Rsa) with { AuthenticatedAttributes = mine, UnauthenticatedAttributes = mine });
        AuthenticatedDataReport report = AuthenticatedMessage.Read(message, TestIdentity.Rsa).Report;
        Assert.True(report.AuthenticatedAttributes.Contains("1.2.3.4"));
        Assert.True(report.UnauthenticatedAttributes.Contains("1.2.3.4"));
    }

    [Fact]
    [Trait("Requirement", "R3369-9.1-d")]
    [Trait("Kind", "negative")]
    public void Write_OptionsThatContradict_AreRefused()
    {
        AuthenticatedDataWriterOptions options = AuthenticatedMessage.For(TestIdentity.Rsa);
        var mine = new CmsAttributes([new CmsAttribute("1.2.3.4", Asn.Number(1))]);
        var own = new CmsAttributes([new CmsAttribute("1.2.840.113549.1.9.4", Asn.OctetString([1]))]);
        foreach (AuthenticatedDataWriterOptions wrong in new[]
        {
            options with { Digest = null, ContentType = TimeStampInfo }, options with { Digest = null, AuthenticatedAttributes = mine },
            options with { AuthenticatedAttributes = own }, options with { UnauthenticatedAttributes = own },
        })
        {
            var output = new MemoryStream();
            Assert.Throws<ArgumentException>(() => AuthenticatedDataWriter.Open(output, wrong));
            Assert.Equal(0, output.Length);
        }

        Assert.Throws<PolicyViolationException>(() => AuthenticatedMessage.Write(_content, options with { Digest = DigestAlgorithm.Sha1 }));
        Assert.Throws<PolicyViolationException>(
            () => AuthenticatedMessage.Write(_content, options with { Algorithm = MacAlgorithm.HmacSha1, Policy = CmsPolicy.Strict }));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Message_TruncatedOrPadded_IsMalformed()
    {
        byte[] message = RawAuthenticated.To(TestIdentity.Rsa).WithAttributes().Encode();
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Throws<MalformedDataException>(() => AuthenticatedMessage.Read(message[..length], TestIdentity.Rsa));
        }

        Assert.Equal(
            "trailing-data", Assert.Throws<MalformedDataException>(() => AuthenticatedMessage.Read([.. message, 0], TestIdentity.Rsa)).Code);
    }

    [Fact]
    public void Call_InTheWrongOrder_IsRefused()
    {
        using AuthenticatedDataReader reader = AuthenticatedDataReader.Open(new MemoryStream(RawAuthenticated.To(TestIdentity.Rsa).Encode()));
        Assert.Throws<InvalidOperationException>(() => reader.Content);
        Assert.Throws<InvalidOperationException>(() => reader.Complete());
        Assert.Throws<InvalidOperationException>(() => reader.TakeDetached(Stream.Null));
        Assert.Throws<NoMatchingRecipientException>(() => reader.Authenticate([TestIdentity.P256.Key], AuthenticatedMessage.Now));
        reader.Authenticate([TestIdentity.Rsa.Key], AuthenticatedMessage.Now); // the first attempt has used nothing
        Assert.Same(reader.Complete(), reader.Complete());
    }
}
