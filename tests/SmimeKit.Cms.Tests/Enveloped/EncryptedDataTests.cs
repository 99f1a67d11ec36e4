using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>EncryptedData, RFC 5652 §8: published examples, every cipher, the two versions, and what is refused.</summary>
public static class EncryptedDataTests
{
    private const string Rfc4134Key = "737C791F25EAD0E04629254352F7DC6291E5CB26917ADA32";
    private static readonly byte[] _content = "A message of more than thirty-two octets."u8.ToArray();
    private static readonly CmsAttributes _attributes = new([new CmsAttribute("1.2.3.4", (byte[])[0x05, 0x00])]);

    public static TheoryData<string> Ciphers => [.. ContentEncryptionAlgorithm.BuiltIn.Where(a => a.IsForWriting && !a.IsAuthenticated).Select(a => a.Name)];

    [Theory]
    [InlineData("rfc4134/7.1.bin", "rfc4134/ExContent.bin", Rfc4134Key, 0)]
    [InlineData("rfc4134/7.2.bin", "rfc4134/ExContent.bin", Rfc4134Key, 2)]
    [InlineData("peer-openssl/encrypteddata-aes128.der", "peer-openssl/content.txt", "000102030405060708090A0B0C0D0E0F", 0)]
    [Trait("Requirement", "R3369-8-a")]
    [Trait("Requirement", "R3369-8-b")]
    [Trait("Requirement", "R3370-5-a")]
    [Trait("Requirement", "R4134-1-a")]
    public static void PublishedMessage_WithItsKey_GivesTheContent(string path, string content, string key, int version)
    {
        byte[] message = Vectors.Read(path);
        Opened opened = Open(message, Convert.FromHexString(key), Envelope.Legacy);

        Assert.Equal(Vectors.Read(content), opened.Content);
        Assert.Equal(Oids.Data, opened.Report.EncapsulatedContentType);
        Assert.Equal(version == 2 ? 1 : 0, opened.Report.UnprotectedAttributes.Count);
        Assert.Equal(key == Rfc4134Key ? ["weak-cipher"] : [], opened.Report.Weaknesses);
        Assert.Empty(opened.Report.Deviations);
        using CmsContentReader reader = CmsReader.Open(new MemoryStream(message));
        Assert.Equal(version, Assert.IsType<EncryptedDataReader>(reader).Version);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3369-8-a")]
    [Trait("Requirement", "R9709-5-a")]
    public static async Task Content_OfAnySize_ComesBackWithEveryCipher(string cipher)
    {
        ContentEncryptionAlgorithm algorithm = Named(cipher);
        foreach (int size in new[] { 0, 1, 7, 8, 16, 65_536, 200_000 })
        {
            foreach (bool definite in new[] { true, false })
            {
                byte[] content = RandomNumberGenerator.GetBytes(size);
                EncryptedDataWriterOptions options = Options(algorithm) with { ContentLength = definite ? size : null, DerivesContentKey = definite };
                Opened opened = Open(Seal(content, options), options.Key, Envelope.Legacy);
                Opened asynchronous = await OpenAsync(await SealAsync(content, options), options.Key);

                Assert.Equal(content, opened.Content);
                Assert.Equal(content, asynchronous.Content);
                Assert.Equal(algorithm, opened.Report.Algorithm);
                Assert.Equal(definite, opened.Report.DerivesContentKey);
                Assert.Equal(size, opened.Report.ContentLength);
            }
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-8-a")]
    public static void Message_OfKnownLength_IsTheDerOfItsFields()
    {
        foreach (CmsAttributes attributes in new[] { CmsAttributes.Empty, _attributes })
        {
            EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes128Cbc) with { ContentLength = _content.Length, UnprotectedAttributes = attributes };
            byte[] message = Seal(_content, options);
            AsnReader fields = new AsnReader(message, AsnEncodingRules.DER).ReadSequence();

            Assert.Equal("1.2.840.113549.1.7.6", fields.ReadObjectIdentifier());

            fields = fields.ReadSequence(Der.Context(0)).ReadSequence();

            Assert.Equal(attributes.Count == 0 ? 0 : 2, (int)fields.ReadInteger());

            AsnReader info = fields.ReadSequence();

            Assert.Equal(Oids.Data, info.ReadObjectIdentifier());
            Assert.Equal(Oids.Aes128Cbc, info.ReadAlgorithmIdentifier().Oid);
            Assert.Equal(48, info.ReadOctetString(Der.Context(0, constructed: false)).Length);
            Assert.Equal(attributes.Count > 0, fields.HasData);
            Assert.Equal(attributes.Count, Open(message, options.Key, CmsReaderOptions.Default).Report.UnprotectedAttributes.Count);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Ciphertext_TooShortOrWithAWrongKey_FailsInOneWay()
    {
        EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes256Cbc) with { ContentLength = _content.Length };
        byte[] message = Seal(_content, options);
        int failures = 0;
        for (int i = 0; i < 40; i++)
        {
            Exception? failure = Record.Exception(() => Open(message, RandomNumberGenerator.GetBytes(32), CmsReaderOptions.Default));

            Assert.True(failure is null or DecryptionFailedException); // once in 256 times the padding is sound
            failures += failure is null ? 0 : 1;
        }

        Assert.True(failures > 30);
        foreach (int size in new[] { 0, 16, 31, 33 })
        {
            Assert.Throws<DecryptionFailedException>(() => Open(message, new byte[size], CmsReaderOptions.Default));
        }
    }

    [Fact]
    public static void Key_OfAnotherSize_LeavesTheReaderGoodForTheRightOne()
    {
        EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes256Cbc);
        using EncryptedDataReader reader = EncryptedDataReader.Open(new MemoryStream(Seal(_content, options)));

        Assert.Throws<InvalidOperationException>(() => reader.Content);
        Assert.Throws<DecryptionFailedException>(() => reader.Decrypt(new byte[16], Envelope.Now));

        reader.Decrypt(options.Key, Envelope.Now);

        Assert.Equal(_content.Length, reader.Complete().ContentLength);
        Assert.Same(reader.Complete(), reader.Complete());
        Assert.Throws<InvalidOperationException>(() => reader.Decrypt(options.Key, Envelope.Now));
    }

    [Fact]
    [Trait("Requirement", "R3370-9-e")]
    [Trait("Kind", "negative")]
    public static void Cipher_ThatThePolicyRefuses_IsNeitherReadNorWritten()
    {
        byte[] message = Vectors.Read("rfc4134/7.1.bin");
        EncryptedDataWriterOptions weak = Options(ContentEncryptionAlgorithm.TripleDesCbc) with { Policy = CmsPolicy.Default };

        Assert.Equal(
            "cipher-not-listed",
            Assert.Throws<PolicyViolationException>(() => Open(message, Convert.FromHexString(Rfc4134Key), CmsReaderOptions.Default)).Rule);
        Assert.Equal("cipher-not-listed", Assert.Throws<PolicyViolationException>(() => Seal(_content, weak)).Rule);
        Assert.Throws<PolicyViolationException>(() => Open(
            Seal(_content, Options(ContentEncryptionAlgorithm.Aes128Cbc)),
            new byte[16],
            new CmsReaderOptions { Policy = CmsPolicy.Default with { AllowsUnauthenticatedContent = false } }));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Options_ThatDoNotFit_AreRefusedBeforeAnythingIsWritten()
    {
        var output = new MemoryStream();
        EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes128Cbc);
        byte[] single = [.. Enumerable.Repeat((byte)1, 24)];

        Assert.Throws<ArgumentException>(() => EncryptedDataWriter.Open(output, options with { Key = new byte[32] }));
        Assert.Throws<ArgumentException>(() => EncryptedDataWriter.Open(output, Options(ContentEncryptionAlgorithm.TripleDesCbc) with { Key = single }));
        Assert.Throws<ArgumentException>(() => options with { Algorithm = ContentEncryptionAlgorithm.Aes256Gcm });
        Assert.Throws<ArgumentException>(() => options with { Algorithm = ContentEncryptionAlgorithm.DesCbc });
        Assert.Throws<ArgumentOutOfRangeException>(() => EncryptedDataWriter.Open(output, options with { ContentLength = -1 }));
        Assert.Throws<ArgumentException>(() => EncryptedDataWriter.Open(
            output, options with { UnprotectedAttributes = new CmsAttributes([new CmsAttribute(Oids.SigningTime, (byte[])[0x05, 0x00])]) }));
        Assert.Empty(output.ToArray());
    }

    [Theory]
    [InlineData(Oids.Aes128Gcm, "3011040C000102030405060708090A0B020110", "aead-in-encrypted-data")]
    [InlineData(Oids.ChaCha20Poly1305, "040C000102030405060708090A0B", "aead-in-encrypted-data")]
    [InlineData(Oids.Aes128Cbc, "0500", "asn1-malformed")]
    [InlineData(Oids.Aes128Cbc, "04080102030405060708", "iv-size")]
    [Trait("Requirement", "R9709-5-b")]
    [Trait("Kind", "negative")]
    public static void Cipher_ThatDoesNotBelongHere_IsMalformed(string oid, string parameters, string code)
    {
        byte[] message = Raw(new AlgorithmIdentifier(oid, Convert.FromHexString(parameters)), new byte[32]);

        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Open(message, new byte[16], CmsReaderOptions.Default)).Code);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Message_WithoutItsCiphertextOrWithAnUnknownCipher_HasItsOwnError()
    {
        var cipher = new AlgorithmIdentifier(Oids.Aes128Cbc, (byte[])[0x04, 16, .. new byte[16]]);

        Assert.Equal(
            "encrypted-content-absent",
            Assert.Throws<MalformedDataException>(() => Open(Raw(cipher, null), new byte[16], CmsReaderOptions.Default)).Code);
        Assert.Equal(
            "1.2.3.4",
            Assert.Throws<UnsupportedAlgorithmException>(
                () => Open(Raw(new AlgorithmIdentifier("1.2.3.4"), new byte[32]), new byte[16], CmsReaderOptions.Default)).Oid);
    }

    [Theory]
    [InlineData("248004080102030405060708040811121314151617180000")]
    [InlineData("24140408010203040506070804081112131415161718")]
    [InlineData("04811001020304050607081112131415161718")]
    [InlineData("041001020304050607081112131415161718")]
    [Trait("Requirement", "R9709-2-a")]
    public static void DerivedKey_OfParametersInBer_IsThatOfTheirDer(string parameters)
    {
        byte[] iv = Convert.FromHexString("01020304050607081112131415161718");
        byte[] key = RandomNumberGenerator.GetBytes(16);
        using Aes aes = Aes.Create();
        aes.SetKey(DerivedContentKey.Derive(key, new AlgorithmIdentifier(Oids.Aes128Cbc, DerEncoding.OctetString(iv))));
        var inner = new AsnWriter(AsnEncodingRules.BER);
        inner.WriteAlgorithmIdentifier(new AlgorithmIdentifier(Oids.Aes128Cbc, Convert.FromHexString(parameters)));

        byte[] message = Raw(new AlgorithmIdentifier(Oids.CekHkdfSha256, inner.Encode()), aes.EncryptCbc(_content, iv));

        Assert.Equal(_content, Open(message, key, CmsReaderOptions.Default).Content);
    }

    [Fact]
    public static void Version_OtherThanTheFieldsSay_IsReported()
    {
        EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes128Cbc) with { ContentLength = _content.Length };
        byte[] message = Seal(_content, options);
        message[message.AsSpan().IndexOf((byte[])[0x02, 0x01, 0x00]) + 2] = 2;

        Assert.Equal(["version"], Open(message, options.Key, CmsReaderOptions.Default).Report.Deviations);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Message_CutAnywhereOrFollowedByMore_IsMalformed()
    {
        foreach (bool definite in new[] { true, false })
        {
            EncryptedDataWriterOptions options =
                Options(ContentEncryptionAlgorithm.Aes128Cbc) with { ContentLength = definite ? _content.Length : null, UnprotectedAttributes = _attributes };
            byte[] message = Seal(_content, options);
            for (int length = 0; length < message.Length; length++)
            {
                Exception failure = Record.Exception(() => Open(message[..length], options.Key, CmsReaderOptions.Default))!;

                Assert.True(failure is MalformedDataException, $"{length}: {failure}");
            }

            Assert.Throws<MalformedDataException>(() => Open([.. message, 0], options.Key, CmsReaderOptions.Default));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Message_WithAnyOctetChanged_EndsInATypedErrorOrChangedContent()
    {
        EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes128Cbc) with { UnprotectedAttributes = _attributes };
        byte[] message = Seal(_content, options);
        for (int i = 0; i < message.Length; i++)
        {
            byte[] changed = [.. message];
            changed[i] ^= 0x41;

            Assert.True(Record.Exception(() => Open(changed, options.Key, Envelope.Legacy)) is null or SmimeKitException, $"{i}");
        }
    }

    [Fact]
    [Trait("Requirement", "R3369-8-b")]
    public static void EncryptedDataInEncryptedData_IsReadLayerByLayer()
    {
        EncryptedDataWriterOptions options = Options(ContentEncryptionAlgorithm.Aes128Cbc);
        byte[] inner = Seal(_content, options);
        Opened outer = Open(Seal(inner, options with { ContentType = Oids.EncryptedData }), options.Key, CmsReaderOptions.Default);

        Assert.Equal(Oids.EncryptedData, outer.Report.EncapsulatedContentType);
        Assert.Equal(_content, Open(outer.Content, options.Key, CmsReaderOptions.Default).Content);
    }

    private static ContentEncryptionAlgorithm Named(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);

    private static EncryptedDataWriterOptions Options(ContentEncryptionAlgorithm algorithm) => new()
    {
        Key = ContentEncryption.Create(algorithm, null).GenerateKey(),
        Algorithm = algorithm,
        Policy = Envelope.PolicyFor(algorithm),
    };

    private static byte[] Seal(byte[] content, EncryptedDataWriterOptions options)
    {
        using var output = new MemoryStream();
        using EncryptedDataWriter writer = EncryptedDataWriter.Open(output, options);
        writer.Content.Write(content);
        writer.Complete();
        return output.ToArray();
    }

    private static async Task<byte[]> SealAsync(byte[] content, EncryptedDataWriterOptions options)
    {
        using var output = new MemoryStream();
        await using EncryptedDataWriter writer = await EncryptedDataWriter.OpenAsync(output, options);
        await writer.Content.WriteAsync(content);
        await writer.CompleteAsync();
        return output.ToArray();
    }

    private static Opened Open(byte[] message, byte[] key, CmsReaderOptions options)
    {
        using EncryptedDataReader reader = EncryptedDataReader.Open(new MemoryStream(message), options);
        reader.Decrypt(key, Envelope.Now);
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return new Opened(content.ToArray(), reader.Complete());
    }

    private static async Task<Opened> OpenAsync(byte[] message, byte[] key)
    {
        await using var reader = (EncryptedDataReader)await CmsReader.OpenAsync(DribblingStream.InChunks(message, 777), Envelope.Legacy);
        reader.Decrypt(key, Envelope.Now);
        using var content = new MemoryStream();
        await reader.Content.CopyToAsync(content);
        return new Opened(content.ToArray(), await reader.CompleteAsync());
    }

    private static byte[] Raw(AlgorithmIdentifier cipher, byte[]? ciphertext)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.EncryptedData);
            using (writer.PushSequence(Der.Context(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Data);
                    writer.WriteAlgorithmIdentifier(cipher);
                    if (ciphertext is not null)
                    {
                        writer.WriteOctetString(ciphertext, Der.Context(0, constructed: false));
                    }
                }
            }
        }

        return writer.Encode();
    }

    private sealed record Opened(byte[] Content, EncryptedDataReport Report);
}
