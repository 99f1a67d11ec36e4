using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>What is written: structure, versions, fresh secrets, and nothing that looks finished when it is not.</summary>
public static class EnvelopeWriterTests
{
    private static readonly byte[] _null = [0x05, 0x00];
    private static readonly byte[] _attributeCertificate = [0xA2, 0x02, 0x05, 0x00];
    private static readonly byte[] _otherCertificate = [0xA3, 0x03, 0x06, 0x01, 0x2A];
    private static readonly byte[] _otherRevocation = [0xA1, 0x03, 0x06, 0x01, 0x2A];
    private static readonly CmsAttributes _attributes = new([new CmsAttribute("1.2.3.4.5", _null), new CmsAttribute("1.2.3.4.6", _null)]);

    public static TheoryData<bool, bool, bool, string> VersionFacts
    {
        get
        {
            var data = new TheoryData<bool, bool, bool, string>();
            foreach (string originator in new[] { "none", "certificate", "attribute-certificate", "other", "other-revocation" })
            {
                for (int i = 0; i < 8; i++)
                {
                    data.Add((i & 1) != 0, (i & 2) != 0, (i & 4) != 0, originator);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(VersionFacts))]
    [Trait("Requirement", "R3369-6.1-b")]
    [Trait("Requirement", "R3369-6.1-c")]
    [Trait("Requirement", "R3369-6.1-d")]
    [Trait("Requirement", "R3852-6.1-a")]
    [Trait("Requirement", "R5652-6.1-a")]
    [Trait("Requirement", "R3369-6.1-f")]
    public static void Version_OfEnvelopedData_FollowsTheTable(bool attributes, bool keyIdentifier, bool agreement, string originator)
    {
        var options = new EnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(agreement ? TestIdentity.P256 : TestIdentity.Rsa) with { BySubjectKeyIdentifier = keyIdentifier }],
            UnprotectedAttributes = attributes ? _attributes : CmsAttributes.Empty,
            Originator = Originator(originator),
        };
        int expected = originator switch
        {
            "other" or "other-revocation" => 4,
            "attribute-certificate" => 3,
            "certificate" => 2,
            _ => attributes || keyIdentifier || agreement ? 2 : 0,
        };
        byte[] message = Envelope.Seal("x"u8.ToArray(), options);
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));

        Assert.Equal(expected, reader.Version);
        Assert.Equal(originator == "certificate" ? 1 : 0, reader.Originator.Certificates.Count);
        Assert.Empty(Envelope.Open(message, TestIdentity.Rsa, TestIdentity.P256).Report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R5083-2.1-b")]
    [Trait("Requirement", "R5083-2.1-g")]
    public static void Version_OfAuthEnvelopedData_IsZero()
    {
        byte[] message = Envelope.Seal([], new AuthEnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.P256) with { BySubjectKeyIdentifier = true }],
            Originator = Originator("other"),
            UnauthenticatedAttributes = _attributes,
        });
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));

        Assert.Equal(0, reader.Version);
        Assert.Equal(2, reader.Originator.OtherCertificates.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [Trait("Requirement", "R3369-1-b")]
    [Trait("Requirement", "R3369-10.2.5-a")]
    public static void Version_ThatDoesNotFit_IsReportedAndNothingMore(int version)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.Version = version;
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));

        Assert.Equal(["version"], Envelope.Open(message.Encode(), TestIdentity.Rsa).Report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.1-a")]
    [Trait("Requirement", "R3369-6.2-a")]
    [Trait("Requirement", "R3369-6.2.1-a")]
    [Trait("Requirement", "R3370-4.2.1-a")]
    [Trait("Requirement", "R3370-5-a")]
    [Trait("Requirement", "R3369-12.1-a")]
    [Trait("Requirement", "R3369-6.1-g")]
    [Trait("Requirement", "R3369-6.2.1-c")]
    [Trait("Requirement", "R3560-2.2-a")]
    public static void EnvelopedData_OfKnownLength_IsDerFieldByField()
    {
        byte[] content = new byte[100];
        byte[] message = Envelope.Seal(content, new EnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.Rsa), Envelope.For(TestIdentity.OtherRsa) with { BySubjectKeyIdentifier = true }],
            Algorithm = ContentEncryptionAlgorithm.Aes128Cbc,
            ContentLength = content.Length,
            UnprotectedAttributes = _attributes,
        });

        AsnReader envelope = EnterContentInfo(message, Oids.EnvelopedData);
        Assert.Equal(2, (int)envelope.ReadInteger());
        AsnReader recipients = envelope.ReadSetOf(); // checks the order
        var versions = new List<int>();
        while (recipients.HasData)
        {
            AsnReader recipient = recipients.ReadSequence();
            versions.Add((int)recipient.ReadInteger());
            _ = recipient.ReadEncodedValue();
            Assert.Equal("300D06092A864886F70D0101010500", Convert.ToHexString(recipient.ReadEncodedValue().Span));
            Assert.Equal(256, recipient.ReadOctetString().Length);
            recipient.ThrowIfNotEmpty();
        }

        Assert.Equal([0, 2], versions.Order());
        AsnReader info = envelope.ReadSequence();
        Assert.Equal(Oids.Data, info.ReadObjectIdentifier());
        AsnReader cipher = info.ReadSequence();
        Assert.Equal(Oids.Aes128Cbc, cipher.ReadObjectIdentifier());
        Assert.Equal(16, cipher.ReadOctetString().Length);
        Assert.Equal(112, info.ReadOctetString(Der.Context(0, constructed: false)).Length);
        info.ThrowIfNotEmpty();
        AsnReader attributes = envelope.ReadSetOf(Der.Context(1));
        Assert.Equal("1.2.3.4.5", attributes.ReadSequence().ReadObjectIdentifier());
        envelope.ThrowIfNotEmpty();
    }

    [Fact]
    [Trait("Requirement", "R5083-2.1-a")]
    [Trait("Requirement", "R5083-2.1-d")]
    [Trait("Requirement", "R5083-2.1-f")]
    [Trait("Requirement", "R5084-3.2-b")]
    [Trait("Requirement", "R5084-3.2-d")]
    [Trait("Requirement", "R5083-2.2-a")]
    public static void AuthEnvelopedData_OfKnownLength_IsDerFieldByFieldAndItsTagCoversTheAttributes()
    {
        byte[] content = RandomNumberGenerator.GetBytes(100);
        byte[] message = Envelope.Seal(content, new AuthEnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.Rsa)],
            Algorithm = ContentEncryptionAlgorithm.Aes128Gcm,
            ContentType = Oids.SignedData,
            ContentLength = content.Length,
            AuthenticatedAttributes = _attributes,
            UnauthenticatedAttributes = _attributes,
        });

        AsnReader envelope = EnterContentInfo(message, Oids.AuthEnvelopedData);
        Assert.Equal(0, (int)envelope.ReadInteger());
        AsnReader recipient = envelope.ReadSetOf().ReadSequence();
        recipient.ReadInteger();
        recipient.ReadEncodedValue();
        recipient.ReadEncodedValue();
        byte[] encryptedKey = recipient.ReadOctetString();
        AsnReader info = envelope.ReadSequence();
        Assert.Equal(Oids.SignedData, info.ReadObjectIdentifier());
        AsnReader cipher = info.ReadSequence();
        Assert.Equal(Oids.Aes128Gcm, cipher.ReadObjectIdentifier());
        AsnReader parameters = cipher.ReadSequence();
        byte[] nonce = parameters.ReadOctetString();
        Assert.Equal("020110", Convert.ToHexString(parameters.ReadEncodedValue().Span));
        byte[] ciphertext = info.ReadOctetString(Der.Context(0, constructed: false));
        byte[] attributes = envelope.PeekEncodedValue().ToArray();
        AsnReader authenticated = envelope.ReadSetOf(Der.Context(1));
        var types = new List<string>();
        while (authenticated.HasData)
        {
            types.Add(authenticated.ReadSequence().ReadObjectIdentifier());
        }

        Assert.Contains(Oids.ContentType, types);
        byte[] tag = envelope.ReadOctetString();
        _ = envelope.ReadSetOf(Der.Context(2));
        envelope.ThrowIfNotEmpty();

        attributes[0] = 0x31;
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestIdentity.Rsa.Pkcs8, out _);
        using var gcm = new AesGcm(rsa.Decrypt(encryptedKey, RSAEncryptionPadding.Pkcs1), 16);
        byte[] plaintext = new byte[ciphertext.Length];
        gcm.Decrypt(nonce, ciphertext, tag, plaintext, attributes);
        Assert.Equal(content, plaintext);

        Envelope.Opened opened = Envelope.Open(message, TestIdentity.Rsa);
        Assert.Equal(3, opened.Report.AuthenticatedAttributes.Count);
        Assert.Equal(2, opened.Report.UnauthenticatedAttributes.Count);
        Assert.Equal(Oids.SignedData, opened.Report.EncapsulatedContentType);
    }

    [Fact]
    [Trait("Requirement", "R3369-6-a")]
    [Trait("Requirement", "R3565-2-a")]
    [Trait("Requirement", "R3370-5.1-c")]
    [Trait("Requirement", "R5083-2-a")]
    [Trait("Requirement", "R5084-2-a")]
    [Trait("Requirement", "R5084-4-a")]
    [Trait("Requirement", "R5083-3-b")]
    [Trait("Requirement", "R3369-14-b")]
    [Trait("Requirement", "R3370-9-b")]
    public static void KeysAndNonces_OfEqualMessages_AreAllDifferent()
    {
        var seen = new HashSet<string>();
        for (int i = 0; i < 50; i++)
        {
            foreach (ContentEncryptionAlgorithm algorithm in new[] { ContentEncryptionAlgorithm.Aes256Cbc, ContentEncryptionAlgorithm.Aes256Gcm })
            {
                byte[] message = Envelope.Seal("x"u8.ToArray(), algorithm, Envelope.For(TestIdentity.Rsa));
                var spy = new SpyKey(TestIdentity.Rsa.Key);
                using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
                reader.Decrypt([spy], Envelope.Now);

                Assert.True(seen.Add(Convert.ToHexString(spy.Recovered!)));
                Assert.True(seen.Add(Convert.ToHexString(reader.ContentEncryptionAlgorithm.Parameters.Span)));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public static void Writer_DisposedBeforeTheEnd_LeavesNoMessage(bool definite)
    {
        byte[] content = new byte[70_000];
        var output = new MemoryStream();
        using (var writer = EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.Rsa)],
            ContentLength = definite ? content.Length : null,
        }))
        {
            writer.Content.Write(content, 0, content.Length);
        }

        Assert.ThrowsAny<SmimeKitException>(() => Envelope.Open(output.ToArray(), TestIdentity.Rsa));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    [Trait("Kind", "negative")]
    public static void Content_OfAnotherLengthThanAnnounced_IsRefusedAndLeavesNoMessage(int length)
    {
        var output = new MemoryStream();
        using var writer = AuthEnvelopedDataWriter.Open(
            output, new AuthEnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)], ContentLength = 100 });

        Assert.Throws<InvalidOperationException>(() =>
        {
            writer.Content.Write(new byte[length], 0, length);
            writer.Complete();
        });
        Assert.Throws<InvalidOperationException>(() => writer.Content.WriteByte(0));
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.ThrowsAny<SmimeKitException>(() => Envelope.Open(output.ToArray(), TestIdentity.Rsa));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Writer_WhoseOutputFails_IsFinished()
    {
        using var writer = EnvelopedDataWriter.Open(
            new FailingStream(), new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)] });

        Assert.Throws<IOException>(() => writer.Content.Write(new byte[1_000_000], 0, 1_000_000));
        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    [Fact]
    public static void Writer_AfterItsEnd_RefusesMore()
    {
        var output = new MemoryStream();
        var writer = EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)] });
        writer.Complete();
        long length = output.Length;

        Assert.Throws<InvalidOperationException>(() => writer.Content.WriteByte(0));
        Assert.Throws<InvalidOperationException>(writer.Complete);

        writer.Dispose();
        writer.Dispose();

        Assert.Throws<ObjectDisposedException>(writer.Complete);
        Assert.Equal(length, output.Length);
    }

    [Fact]
    public static void Options_ThatDoNotFit_AreRefusedBeforeAnythingIsWritten()
    {
        var output = new MemoryStream();
        CertificateRecipient rsa = Envelope.For(TestIdentity.Rsa);
        var signingTime = new CmsAttributes([new CmsAttribute(Oids.SigningTime, _null)]);
        var digest = new CmsAttributes([new CmsAttribute(Oids.MessageDigest, _null)]);

        Assert.Throws<ArgumentException>(() => EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions { Recipients = [] }));
        Assert.Throws<ArgumentException>(
            () => new EnvelopedDataWriterOptions { Recipients = [rsa], Algorithm = ContentEncryptionAlgorithm.Aes256Gcm });
        Assert.Throws<PolicyViolationException>(() => EnvelopedDataWriter.Open(
            output, new EnvelopedDataWriterOptions { Recipients = [rsa], Algorithm = ContentEncryptionAlgorithm.TripleDesCbc }));
        Assert.Throws<ArgumentException>(
            () => new AuthEnvelopedDataWriterOptions { Recipients = [rsa], Algorithm = ContentEncryptionAlgorithm.Aes256Cbc });
        Assert.Throws<ArgumentException>(
            () => EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions { Recipients = [rsa], UnprotectedAttributes = signingTime }));
        Assert.Throws<ArgumentException>(() => AuthEnvelopedDataWriter.Open(
            output, new AuthEnvelopedDataWriterOptions { Recipients = [rsa], AuthenticatedAttributes = digest }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions { Recipients = [rsa], ContentLength = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions { Recipients = [rsa], UserKeyingMaterialSize = -1 }));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    [Trait("Requirement", "R3369-11.1-a")]
    [Trait("Requirement", "R5083-2.1-e")]
    [Trait("Requirement", "R9709-7-a")]
    public static void AuthenticatedContentType_ThatDiffers_FailsOnReading()
    {
        byte[] attribute = RawEnvelope.Encode(w => w.WriteObjectIdentifier(Oids.SignedData));
        byte[] attributes = new CmsAttributes([new CmsAttribute(Oids.ContentType, attribute)]).Encode(Asn1Tag.SetOf);
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Gcm, additionalData: attributes);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.ContentType = Oids.SignedData;

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);

        message.ContentType = Oids.Data;

        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.1-k")]
    [Trait("Requirement", "R5083-2.1-h")]
    public static void UnprotectedAttributes_ChangedOnTheWay_ChangeNothingElse()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Gcm);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.LastAttributes = _attributes.Encode(Der.Context(2));

        Envelope.Opened opened = Envelope.Open(message.Encode(), TestIdentity.Rsa);

        Assert.Equal(2, opened.Report.UnauthenticatedAttributes.Count);
        Assert.Empty(opened.Report.AuthenticatedAttributes);
        Assert.Equal(RawEnvelope.DefaultContent, opened.Content);
    }

    [Fact]
    public static async Task Writing_InEitherModeAndInAnyPieces_GivesTheSameContent()
    {
        byte[] content = RandomNumberGenerator.GetBytes(200_000);
        foreach (int piece in new[] { 1_000, 65_535, 65_536, 65_537, 200_000 })
        {
            var output = new MemoryStream();
            await using (var writer = await AuthEnvelopedDataWriter.OpenAsync(
                output, new AuthEnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)] }))
            {
                for (int at = 0; at < content.Length; at += piece)
                {
                    await writer.Content.WriteAsync(content.AsMemory(at, Math.Min(piece, content.Length - at)));
                    await writer.Content.FlushAsync();
                }

                await writer.CompleteAsync();
                Assert.Equal(content.Length, writer.ContentLength);
            }

            Assert.Equal(content, Envelope.Open(output.ToArray(), TestIdentity.Rsa).Content);
        }
    }

    private static AsnReader EnterContentInfo(byte[] message, string type)
    {
        var reader = new AsnReader(message, AsnEncodingRules.DER);
        AsnReader info = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        Assert.Equal(type, info.ReadObjectIdentifier());
        return info.ReadSequence(Der.Context(0)).ReadSequence();
    }

    private static CarriedCertificates Originator(string kind) => kind switch
    {
        "certificate" => new CarriedCertificates { Certificates = [TestIdentity.P384.Certificate] },
        "attribute-certificate" => new CarriedCertificates { OtherCertificates = [_attributeCertificate] },
        "other" => new CarriedCertificates { OtherCertificates = [_attributeCertificate, _otherCertificate] },
        "other-revocation" => new CarriedCertificates { OtherRevocationInfo = [_otherRevocation] },
        _ => CarriedCertificates.None,
    };

    private sealed class SpyKey(IDecryptionKey key) : IDecryptionKey
    {
        public Certificate Certificate => key.Certificate;

        public byte[]? Recovered { get; private set; }

        public async ValueTask<byte[]?> DecryptAsync(
            KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default)
        {
            byte[]? recovered = await key.DecryptAsync(scheme, encryptedKey, keySize, cancellationToken);
            Recovered = [.. recovered!];
            return recovered;
        }

        public ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default) =>
            key.AgreeAsync(otherParty, cancellationToken);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("full");
    }
}
