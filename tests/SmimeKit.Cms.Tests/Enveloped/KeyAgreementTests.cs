using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>KeyAgreeRecipientInfo, field by field.</summary>
public static class KeyAgreementTests
{
    private static readonly byte[] _null = [0x05, 0x00];

    [Theory]
    [InlineData("absent")]
    [InlineData("null")]
    [InlineData("named")]
    [Trait("Requirement", "R5753-3.1.1-b")]
    public static void OriginatorKey_WithOrWithoutItsCurve_IsUnderstood(string parameters)
    {
        RawEnvelope message = Message(p => p.OriginatorParameters = parameters switch
        {
            "null" => _null,
            "named" => RawEnvelope.Encode(w => w.WriteObjectIdentifier(Oids.NistP256)),
            _ => [],
        });

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.P256).Content);
    }

    [Theory]
    [InlineData("other-curve")]
    [InlineData("explicit")]
    [Trait("Requirement", "R5753-3.1.1-c")]
    [Trait("Kind", "negative")]
    public static void OriginatorKey_OnAnotherOrAnUnnamedCurve_IsRefused(string parameters)
    {
        RawEnvelope message = Message(p => p.OriginatorParameters = parameters == "other-curve"
            ? RawEnvelope.Encode(w => w.WriteObjectIdentifier(Oids.NistP384))
            : ExplicitP256());

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.P256));
    }

    [Theory]
    [InlineData(0x02)]
    [InlineData(0x03)]
    [InlineData(0x06)]
    [InlineData(0x07)]
    [InlineData(0x00)]
    [Trait("Requirement", "R5753-3.1.1-d")]
    [Trait("Kind", "negative")]
    public static void OriginatorPoint_InAnotherFormat_IsRefused(byte format)
    {
        RawEnvelope message = Message(p =>
        {
            p.Point[0] = format;
            if (format is 2 or 3)
            {
                p.Point = p.Point[..33];
            }
            else if (format == 0)
            {
                p.Point = p.Point[..1];
            }
        });

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.P256));
    }

    [Fact]
    [Trait("Requirement", "R5753-3.1.1-e")]
    [Trait("Kind", "negative")]
    public static void OriginatorPoint_OffTheCurve_Fails()
    {
        RawEnvelope message = Message(p => p.Point[^1] ^= 1);

        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.P256));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00112233")]
    [Trait("Requirement", "R3369-6.2.2-c")]
    [Trait("Requirement", "R5753-3.1.1-g")]
    [Trait("Requirement", "R3369-10.2.6-a")]
    public static void UserKeyingMaterial_PresentOrAbsent_IsUsed(string? hex)
    {
        RawEnvelope message = Message(p => p.UserKeyingMaterial = hex is null ? null : Convert.FromHexString(hex));

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.P256).Content);
    }

    [Fact]
    [Trait("Requirement", "R5753-7.2-c")]
    public static void SharedInfo_WithNullParameters_IsReadWithAReport()
    {
        RawEnvelope message = Message(p => p.KeyInfoParameters = _null);

        Envelope.Opened opened = Envelope.Open(message.Encode(), TestIdentity.P256);

        Assert.Equal(RawEnvelope.DefaultContent, opened.Content);
        Assert.Equal(["shared-info-parameters-null"], opened.Report.Deviations);
        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(
            message.Encode(), new CmsReaderOptions { Policy = CmsPolicy.Default with { ToleratesDeviations = false } }, TestIdentity.P256.Key));
    }

    [Fact]
    [Trait("Requirement", "R3565-2.3.2-a")]
    public static void KeyWrap_WithNullParameters_IsReadWithAReport()
    {
        RawEnvelope message = Message(p => p.WrapParameters = _null);

        Assert.Equal(["key-wrap-parameters-null"], Envelope.Open(message.Encode(), TestIdentity.P256).Report.Deviations);
        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(
            message.Encode(), new CmsReaderOptions { Policy = CmsPolicy.Strict }, TestIdentity.P256.Key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(40)]
    [InlineData(4000)]
    [Trait("Kind", "negative")]
    public static void WrappedKey_OfAnotherSize_Fails(int size)
    {
        RawEnvelope message = Message(p => p.WrappedKey = new byte[size]);

        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.P256));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.3-d")]
    [Trait("Kind", "negative")]
    public static void WrappedKey_WithAnyOctetChanged_FailsLikeWrongContent()
    {
        RawEnvelope sound = Message(_ => { });
        for (int i = 0; i < 24; i++)
        {
            int at = i;
            RawEnvelope message = Message(p => p.WrappedKey[at] ^= 0x20);

            Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.P256));
        }

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(sound.Encode(), TestIdentity.P256).Content);
    }

    [Theory]
    [InlineData("1.3.133.16.840.63.0.16")] // mqvSinglePass-sha1kdf
    [InlineData("1.2.840.113549.1.9.16.3.5")] // id-alg-ESDH
    [Trait("Requirement", "R5753-3.2-a")]
    [Trait("Requirement", "R3369-6.2.2-d")]
    public static void UnknownScheme_IsSkippedForAnotherEntry(string scheme)
    {
        RawEnvelope message = Message(p => p.Scheme = scheme);
        byte[] withoutWrap = message.Encode();
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));

        Assert.Equal(scheme, Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(withoutWrap, TestIdentity.P256)).Oid);
        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.P256, TestIdentity.Rsa).Content);
    }

    [Fact]
    [Trait("Requirement", "R3370-4.1.1-d")]
    [Trait("Kind", "negative")]
    public static void KeyWrapParameters_Missing_AreUnsupported()
    {
        RawEnvelope message = Message(p => p.WrapOid = null);

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.P256));
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("identifier")]
    [Trait("Requirement", "R3369-6.2.2-b")]
    [Trait("Kind", "negative")]
    public static void StaticOriginator_WithoutItsCertificate_IsDecodedAndReportedAsUnsupported(string form)
    {
        RawEnvelope message = Message(p =>
        {
            p.UserKeyingMaterial = new byte[16];
            p.Originator = form == "issuer" ? IssuerAndSerialNumber.Of(TestIdentity.P256.Certificate) : SubjectKeyIdentifier.Of(TestIdentity.P256.Certificate);
        });
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

        Assert.Equal(RecipientKind.KeyAgreement, Assert.Single(reader.Recipients).Kind);
        Assert.Throws<UnsupportedAlgorithmException>(() => reader.Decrypt([TestIdentity.P256.Key], Envelope.Now));

        // With the certificate it is found by either form; what was wrapped is another key.
        var keys = new RecipientKeys { PrivateKeys = [TestIdentity.P256.Key], OriginatorCertificates = [TestIdentity.P256.Certificate] };
        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), keys));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.2-f")]
    [Trait("Requirement", "R3369-6.2.2-i")]
    [Trait("Requirement", "R3369-12.1-b")]
    public static void RecipientKeyIdentifier_WithDateAndOther_IsExposed()
    {
        var date = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        RawEnvelope message = Message(p => p.Rid = w =>
        {
            using (w.PushSequence(Der.Context(0)))
            {
                w.WriteOctetString(TestIdentity.P256.Certificate.SubjectKeyIdentifier.Span);
                w.WriteGeneralizedTime(date);
                using (w.PushSequence())
                {
                    w.WriteObjectIdentifier("1.2.3");
                }
            }
        });

        Envelope.Opened opened = Envelope.Open(message.Encode(), TestIdentity.P256);

        Assert.Equal(date, opened.Report.Recipient.KeyDate);
        Assert.IsType<SubjectKeyIdentifier>(opened.Report.Recipient.Identifier);
    }

    [Theory]
    [InlineData("P-256", "sha-256", Oids.EcdhStandardSha256)]
    [InlineData("P-384", "sha-384", Oids.EcdhStandardSha384)]
    [InlineData("P-521", "sha-512", Oids.EcdhStandardSha512)]
    [Trait("Requirement", "R5753-8-b")]
    [Trait("Requirement", "R5753-3.1.1-f")]
    [Trait("Requirement", "R8551-2.3-b")]
    [Trait("Requirement", "R3369-6.2.2-a")]
    [Trait("Requirement", "R5753-9-a")]
    [Trait("Requirement", "R3370-4.3-c")]
    [Trait("Requirement", "R3565-2.3.2-b")]
    [Trait("Requirement", "R3369-6.2.2-e")]
    [Trait("Requirement", "R3369-14-c")]
    [Trait("Requirement", "R3370-9-c")]
    [Trait("Requirement", "R3370-4.1-c")]
    public static void WrittenAgreement_HasTheFieldsOfTheRfcAndAFreshKeyEachTime(string curve, string digest, string scheme)
    {
        var points = new HashSet<string>();
        foreach (ContentEncryptionAlgorithm algorithm in new[] { ContentEncryptionAlgorithm.Aes128Cbc, ContentEncryptionAlgorithm.Aes256Gcm })
        {
            byte[] message = Envelope.Seal([], algorithm, Envelope.For(TestIdentity.Curve(curve)));
            KeyAgreeRecipientInfoAsn agreement = Envelope.Open(message, TestIdentity.Curve(curve)).Report.Recipient.Agreement!;

            Assert.Equal(3, agreement.Version);
            Assert.Equal(scheme, agreement.KeyEncryptionAlgorithm.Oid);
            Assert.Equal(digest, KeyAgreementScheme.Find(agreement.KeyEncryptionAlgorithm.Oid)!.Digest.Name);
            Assert.Equal(
                KeyWrapAlgorithm.Suitable(algorithm.KeySize).Identifier.Encode(), agreement.KeyEncryptionAlgorithm.Parameters.ToArray());
            Assert.Equal(16, agreement.UserKeyingMaterial!.Length);
            Assert.True(agreement.OriginatorKeyAlgorithm!.Parameters.IsEmpty);
            Assert.True(points.Add(Convert.ToHexString(agreement.OriginatorKey.Span)));
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-10.2.7-a")]
    public static void WrittenAgreement_ByKeyIdentifier_NamesNothingButTheIdentifier()
    {
        byte[] message = Envelope.Seal(
            [], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(TestIdentity.P256) with { BySubjectKeyIdentifier = true });
        byte[] identifier = TestIdentity.P256.Certificate.SubjectKeyIdentifier.ToArray();
        ReadOnlySpan<byte> recipient = Envelope.Open(message, TestIdentity.P256).Report.Recipient.RawData.Span;

        // rKeyId [0] { subjectKeyIdentifier }, and behind it the encrypted key: neither date nor other.
        byte[] expected = [0xA0, (byte)(identifier.Length + 2), 0x04, (byte)identifier.Length, .. identifier, 0x04, 24];
        Assert.True(recipient.IndexOf(expected) > 0);
    }

    public static TheoryData<string> WrittenCiphers => [.. ContentEncryptionAlgorithm.BuiltIn.Where(a => a.IsForWriting && a.KeySize >= 16).Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(WrittenCiphers))]
    [Trait("Requirement", "R3370-4.1-a")]
    public static void Agreement_WithAnyCipherThatIsWritten_HasAWrapOfItsKeySize(string cipher)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        foreach (string curve in new[] { "P-256", "P-384", "P-521" })
        {
            Envelope.Opened opened = Envelope.Open(
                Envelope.Seal([1, 2, 3], algorithm, Envelope.For(TestIdentity.Curve(curve))), Envelope.Legacy, TestIdentity.Curve(curve).Key);

            Assert.Equal([1, 2, 3], opened.Content);
            string wrap = algorithm.KeySize switch { 16 => Oids.Aes128Wrap, 24 => Oids.Aes192Wrap, _ => Oids.Aes256Wrap };
            Assert.Equal(new AlgorithmIdentifier(wrap).Encode(), opened.Report.Recipient.KeyEncryptionAlgorithm!.Parameters.ToArray());
        }
    }

    private static byte[] ExplicitP256()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa converted = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: false));
        var reader = new AsnReader(converted.ExportSubjectPublicKeyInfo(), AsnEncodingRules.DER);
        AsnReader algorithm = reader.ReadSequence().ReadSequence();
        algorithm.ReadObjectIdentifier();
        return algorithm.ReadEncodedValue().ToArray();
    }

    private static RawEnvelope Message(Action<Parts> change)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.Version = 2;
        var parts = new Parts();
        using EphemeralAgreementKey ephemeral = EphemeralAgreementKey.TryCreate(TestIdentity.P256.Certificate.PublicKey)!;
        byte[] point = ephemeral.PublicKey.Key.ToArray();
        parts.Point = [.. point];

        // Once to learn what goes into the derivation, once to change what came out of it.
        change(parts);
        byte[] secret = ephemeral.TryAgree(TestIdentity.P256.Certificate.PublicKey)!;
        var keyInfo = new AlgorithmIdentifier(Oids.Aes128Wrap, parts.KeyInfoParameters);
        byte[] wrapped = KeyWrapAlgorithm.Aes128.Wrap(
            KeyAgreementScheme.EcdhSha256.DeriveKey(secret, keyInfo, KeyWrapAlgorithm.Aes128.KeySize, parts.UserKeyingMaterial), message.Key);
        var final = new Parts { Point = [.. point], WrappedKey = wrapped };
        change(final);
        return message.To(final.Encode());
    }

    private sealed class Parts
    {
        internal byte[] Point { get; set; } = [];

        internal byte[] OriginatorParameters { get; set; } = [];

        internal CertificateIdentifier? Originator { get; set; }

        internal byte[]? UserKeyingMaterial { get; set; }

        internal string Scheme { get; set; } = Oids.EcdhStandardSha256;

        internal string? WrapOid { get; set; } = Oids.Aes128Wrap;

        internal byte[] WrapParameters { get; set; } = [];

        internal byte[] KeyInfoParameters { get; set; } = [];

        internal byte[] WrappedKey { get; set; } = new byte[64];

        internal Action<AsnWriter> Rid { get; set; } = IssuerAndSerialNumber.Of(TestIdentity.P256.Certificate).Encode;

        internal byte[] Encode() => RawEnvelope.Encode(writer =>
        {
            using (writer.PushSequence(Der.Context(1)))
            {
                writer.WriteInteger(3);
                using (writer.PushSequence(Der.Context(0)))
                {
                    WriteOriginator(writer);
                }

                if (UserKeyingMaterial is not null)
                {
                    using (writer.PushSequence(Der.Context(1)))
                    {
                        writer.WriteOctetString(UserKeyingMaterial);
                    }
                }

                writer.WriteAlgorithmIdentifier(new AlgorithmIdentifier(
                    Scheme, WrapOid is null ? default : new AlgorithmIdentifier(WrapOid, WrapParameters).Encode()));
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    Rid(writer);
                    writer.WriteOctetString(WrappedKey);
                }
            }
        });

        private void WriteOriginator(AsnWriter writer)
        {
            if (Originator is not null)
            {
                Originator.Encode(writer);
                return;
            }

            using (writer.PushSequence(Der.Context(1)))
            {
                writer.WriteAlgorithmIdentifier(new AlgorithmIdentifier(Oids.EcPublicKey, OriginatorParameters));
                writer.WriteBitString(Point);
            }
        }
    }
}
