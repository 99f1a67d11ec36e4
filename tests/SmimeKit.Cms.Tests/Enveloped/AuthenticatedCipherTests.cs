using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Every cipher with a tag through AuthEnvelopedData: withheld, in memory and on disk, with attributes and changes.</summary>
public sealed class AuthenticatedCipherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public static TheoryData<string> Ciphers => [.. ContentEncryptionAlgorithm.BuiltIn.Where(a => a.IsAuthenticated).Select(a => a.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R5083-2.2-b")]
    [Trait("Requirement", "R5084-3-a")]
    [Trait("Requirement", "R5084-3.1-d")]
    [Trait("Requirement", "R8103-3-b")]
    [Trait("Requirement", "R8551-2.7-a")]
    public void Content_OfAnySize_ComesBackInEveryMode(string cipher)
    {
        foreach (int size in new[] { 0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 200_000 })
        {
            byte[] content = RandomNumberGenerator.GetBytes(size);
            foreach (long? length in new long?[] { null, size })
            {
                byte[] message = Seal(cipher, content, length, CmsAttributesOf(size));
                foreach (ReleaseMode mode in Enum.GetValues<ReleaseMode>())
                {
                    var options = new CmsReaderOptions { ReleaseMode = mode, SpoolFolder = "" };
                    Envelope.Opened opened = Envelope.Open(message, options, TestIdentity.Rsa.Key);

                    Assert.Equal(content, opened.Content);
                    Assert.True(opened.Report.IsAuthenticated);
                    Assert.Equal(cipher, opened.Report.Algorithm.Name);
                    Assert.Empty(opened.Report.Weaknesses);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R5083-2.2-c")]
    [Trait("Requirement", "R5083-2.2-d")]
    [Trait("Requirement", "R5084-4-b")]
    [Trait("Requirement", "R8103-6-a")]
    [Trait("Kind", "negative")]
    public void Message_WithAnyOctetOfTagCiphertextOrAttributesChanged_ReleasesNothing(string cipher)
    {
        foreach (int size in new[] { 0, 1, 16, 65_536, 65_552, 200_000 })
        {
            foreach (string part in new[] { "first of tag", "last of tag", "first", "last", "attributes" })
            {
                byte[] attributes = CmsAttributesOf(size + 1).Encode(System.Formats.Asn1.Asn1Tag.SetOf);
                RawEnvelope message = RawEnvelope.Of(Named(cipher), new byte[size], attributes);
                message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
                Change(message, part);
                using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

                if (size == 0 && (part is "first" or "last"))
                {
                    continue; // there is none
                }

                Assert.Throws<DecryptionFailedException>(() => reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now));
                Assert.Equal(0, reader.ContentLength);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R5083-2.2-e")]
    public void Content_BeyondTheLimitInMemory_WaitsInAFolderAndLeavesNothingBehind(string cipher)
    {
        byte[] content = RandomNumberGenerator.GetBytes(3_000_003);
        foreach (long? length in new long?[] { null, content.Length })
        {
            byte[] message = Seal(cipher, content, length, CmsAttributesOf(1));
            Envelope.Opened opened = Envelope.Open(message, new CmsReaderOptions { SpoolFolder = _folder }, TestIdentity.Rsa.Key);

            Assert.True(content.AsSpan().SequenceEqual(opened.Content));
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
            Assert.Throws<LimitExceededException>(
                () => Envelope.Open(message, new CmsReaderOptions { SpoolFolder = "" }, TestIdentity.Rsa.Key));
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3218-2.3.2-c")]
    public void Candidates_AreDecidedByTheTag(string cipher)
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        RawEnvelope message = RawEnvelope.Of(Named(cipher), content);
        message.To(
            RawEnvelope.Transport(TestIdentity.Rsa, message.Key, encryptedTo: TestIdentity.OtherRsa),
            RawEnvelope.Transport(TestIdentity.Rsa, message.Key));

        Assert.Equal(content, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public async Task Message_InAnyChunks_IsReadAsynchronously(string cipher)
    {
        byte[] content = RandomNumberGenerator.GetBytes(5_000);
        byte[] message = Seal(cipher, content, null, CmsAttributesOf(1));
        foreach (int chunk in new[] { 1, 7, 16, 4_096 })
        {
            Envelope.Opened opened = await Envelope.OpenAsync(
                DribblingStream.InChunks(message, chunk), CmsReaderOptions.Default, TestIdentity.Rsa.Key);

            Assert.Equal(content, opened.Content);
        }
    }

    [Fact]
    [Trait("Requirement", "R5084-3.1-c")]
    [Trait("Requirement", "R5084-3.1-d")]
    public void CcmContent_OfUnknownLength_WaitsWithinTheLimitsOfTheWriter()
    {
        byte[] content = new byte[2_000_000];
        var options = new AuthEnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.Rsa)],
            Algorithm = ContentEncryptionAlgorithm.Aes128Ccm,
            SpoolFolder = "",
        };

        Assert.Throws<LimitExceededException>(() => Envelope.Seal(content, options));

        byte[] message = Envelope.Seal(content, options with { SpoolFolder = _folder });

        Assert.True(content.AsSpan().SequenceEqual(Envelope.Open(message, TestIdentity.Rsa).Content));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(14)]
    [InlineData(16)]
    [Trait("Requirement", "R5084-3.1-a")]
    [Trait("Requirement", "R5084-3.1-b")]
    public void CcmTag_OfALegalSize_IsReadWhereThePolicyTakesIt(int size)
    {
        RawEnvelope message = WithTagOf(size);

        Envelope.Opened opened = Envelope.Open(
            message.Encode(), new CmsReaderOptions { Policy = CmsPolicy.Default with { MinimumTagSize = 4 } }, TestIdentity.Rsa.Key);

        Assert.Equal(RawEnvelope.DefaultContent, opened.Content);
        Assert.Equal(size < 12 ? ["short-tag"] : [], opened.Report.Weaknesses);
        if (size < 12)
        {
            Assert.Equal("tag-too-short", Assert.Throws<PolicyViolationException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)).Rule);
        }

        message.Mac = size == 16 ? message.Mac![..14] : [.. message.Mac!, 0, 0];

        Assert.Equal("mac-size", Assert.Throws<MalformedDataException>(() => Envelope.Open(
            message.Encode(), new CmsReaderOptions { Policy = CmsPolicy.Default with { MinimumTagSize = 4 } }, TestIdentity.Rsa.Key)).Code);
    }

    [Theory]
    [InlineData(Oids.Aes128Ccm, "")]
    [InlineData(Oids.Aes128Ccm, "0500")]
    [InlineData(Oids.Aes128Ccm, "3011040C000102030405060708090A0B020105")] // a tag of 5 octets
    [InlineData(Oids.Aes128Ccm, "3011040C000102030405060708090A0B020111")] // 17
    [InlineData(Oids.Aes128Ccm, "3011040C000102030405060708090A0B020102")] // 2
    [InlineData(Oids.Aes128Ccm, "300B0406000102030405020110")] // a nonce of 6 octets
    [InlineData(Oids.Aes128Ccm, "3013040E000102030405060708090A0B0C0D020110")] // 14
    [InlineData(Oids.ChaCha20Poly1305, "")]
    [InlineData(Oids.ChaCha20Poly1305, "0408" + "0001020304050607")]
    [InlineData(Oids.ChaCha20Poly1305, "300E" + "040C000102030405060708090A0B")]
    [Trait("Requirement", "R5084-3.1-a")]
    [Trait("Requirement", "R8103-3-a")]
    [Trait("Kind", "negative")]
    public void CipherParameters_OfAnotherForm_AreRefusedBeforeTheKeyIsUsed(string oid, string parameters)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Ccm);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = new AlgorithmIdentifier(oid, Convert.FromHexString(parameters));
        var key = new RecipientSelectionTests.CountingKey(TestIdentity.Rsa.Key);

        Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), Envelope.Legacy, key));
        Assert.Equal(0, key.Operations);
    }

    [Fact]
    [Trait("Requirement", "R5084-3.1-c")]
    [Trait("Kind", "negative")]
    public void CcmCiphertext_LongerThanItsNonceAllows_FailsLikeAWrongTag()
    {
        RawEnvelope message = WithTagOf(16, nonceSize: 13);
        message.Ciphertext = new byte[70_000];

        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
    }

    [Fact]
    [Trait("Requirement", "R5084-3.1-a")]
    [Trait("Requirement", "R8103-3-a")]
    [Trait("Requirement", "R8103-2-a")]
    [Trait("Requirement", "R5084-2-a")]
    public void Parameters_OfANewMessage_HaveTheFormOfTheRfcAndAFreshNonce()
    {
        AlgorithmIdentifier ccm = ContentEncryption.Create(ContentEncryptionAlgorithm.Aes256Ccm, 1000).Identifier;
        AlgorithmIdentifier chaCha = ContentEncryption.Create(ContentEncryptionAlgorithm.ChaCha20Poly1305, null).Identifier;

        Assert.Equal("2.16.840.1.101.3.4.1.47", ccm.Oid);
        Assert.Equal([0x30, 17, 0x04, 12], ccm.Parameters.Span[..4].ToArray());
        Assert.Equal([0x02, 1, 16], ccm.Parameters.Span[^3..].ToArray());
        Assert.Equal("1.2.840.113549.1.9.16.3.18", chaCha.Oid);
        Assert.Equal([0x04, 12], chaCha.Parameters.Span[..2].ToArray());
        Assert.Equal(14, chaCha.Parameters.Length);
        Assert.Equal(
            100,
            Enumerable.Range(0, 100)
                .Select(_ => Convert.ToHexString(ContentEncryption.Create(ContentEncryptionAlgorithm.ChaCha20Poly1305, null).Identifier.Parameters.Span))
                .Distinct().Count());
    }

    private static RawEnvelope WithTagOf(int size, int nonceSize = 12)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Ccm);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        byte[] nonce = RandomNumberGenerator.GetBytes(nonceSize);
        byte[] ciphertext = new byte[RawEnvelope.DefaultContent.Length];
        byte[] tag = CipherRun(message.Key, nonce, size, ciphertext);
        message.Ciphertext = ciphertext;
        message.Mac = tag[..size];
        byte[] fields = [0x04, (byte)nonceSize, .. nonce, .. size == 12 ? (byte[])[] : [0x02, 1, (byte)size]];
        message.Cipher = new AlgorithmIdentifier(Oids.Aes128Ccm, (byte[])[0x30, (byte)fields.Length, .. fields]);
        return message;
    }

    private static byte[] CipherRun(byte[] key, byte[] nonce, int tagSize, byte[] ciphertext) =>
        Algorithms.CipherRun.Of(new CcmCipher(key, nonce, tagSize, encrypt: true), [], RawEnvelope.DefaultContent, ciphertext, 16);

    private static void Change(RawEnvelope message, string part)
    {
        byte[]? octets = part switch
        {
            "first of tag" or "last of tag" => message.Mac,
            "attributes" => message.AuthenticatedAttributes,
            _ => message.Ciphertext!.Length == 0 ? null : message.Ciphertext,
        };
        if (octets is not null)
        {
            octets[part.StartsWith("first", StringComparison.Ordinal) ? 0 : ^1] ^= 1;
        }
    }

    private static CmsAttributes CmsAttributesOf(int count) => count == 0
        ? CmsAttributes.Empty
        : new CmsAttributes([new CmsAttribute("1.2.3.4", (byte[])[0x04, (byte)(count % 100), .. new byte[count % 100]])]);

    private byte[] Seal(string cipher, byte[] content, long? length, CmsAttributes attributes) => Envelope.Seal(
        content,
        new AuthEnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.Rsa)],
            Algorithm = Named(cipher),
            ContentLength = length,
            AuthenticatedAttributes = attributes,
            SpoolFolder = _folder,
        });

    private static ContentEncryptionAlgorithm Named(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);
}
