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
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Recipients by a symmetric key that was distributed before: kekri.</summary>
public sealed class KeyEncryptionKeyTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(10_000);
    private static readonly byte[] _identifier = [0xC0, 0xFE, 0xE0];
    private static readonly DateTimeOffset _date = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int> Combinations
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (ContentEncryptionAlgorithm cipher in ContentEncryptionAlgorithm.BuiltIn.Where(IsReadByOpenSsl))
            {
                foreach (int size in new[] { 16, 24, 32 }.Where(s => s >= cipher.KeySize))
                {
                    data.Add(cipher.Name, size);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    [Trait("Requirement", "R3369-6.2.3-a")]
    [Trait("Requirement", "R3370-4.3-b")]
    public static void Message_ForAKey_IsReadByItsIdentifier(string cipher, int size)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        using KeyEncryptionKey key = Create(size);
        using KeyEncryptionKey other = Create(size, identifier: [1]);
        byte[] message = Envelope.Seal(_content, algorithm, new KeyEncryptionKeyRecipient(other), new KeyEncryptionKeyRecipient(key));

        Envelope.Opened opened = Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [key] });

        Assert.Equal(_content, opened.Content);
        Assert.Equal(_identifier, opened.Report.Recipient.KeyIdentifier.ToArray());
        Assert.Equal(KeyWrapAlgorithm.Suitable(size).Oid, opened.Report.Recipient.KeyEncryptionAlgorithm!.Oid);
        Assert.Null(opened.Report.RecipientCertificate);
        Assert.Empty(opened.Report.Weaknesses);
        Assert.Empty(opened.Report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-a")]
    [Trait("Requirement", "R3369-6.2.3-a")]
    [Trait("Requirement", "R3565-2.3.2-a")]
    public static void Recipient_IsWrittenAsItsProductionSays()
    {
        using KeyEncryptionKey key = Create(16, _date);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, new KeyEncryptionKeyRecipient(key));

        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
        RecipientInfo recipient = Assert.Single(reader.Recipients);

        Assert.StartsWith("A24202010430160403C0FEE0" + "180F32303236303330313132303030305A" + "300B0609608648016503040105" + "0418",
            Convert.ToHexString(recipient.RawData.Span), StringComparison.Ordinal);
        Assert.Equal(2, reader.Version);
        Assert.Equal(4, recipient.Version);
        Assert.Equal(_date, recipient.KeyDate);
        Assert.Equal("KeyEncryptionKey: C0FEE0", recipient.ToString());
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.3-b")]
    public static void Keys_OfOneIdentifier_AreAllTried()
    {
        using KeyEncryptionKey key = Create(32);
        using KeyEncryptionKey wrong = Create(32, seed: 7);
        using KeyEncryptionKey wrongSize = Create(16);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new KeyEncryptionKeyRecipient(key));

        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [wrong, wrongSize, key] }).Content);
        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [wrong] }));
        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [wrongSize] }));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.3-b")]
    public static void Keys_OfOneIdentifierAndSeveralDates_AreChosenByDate()
    {
        using KeyEncryptionKey key = Create(32, _date);
        using KeyEncryptionKey later = Create(32, _date.AddDays(1), seed: 7);
        using KeyEncryptionKey undated = Create(32);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new KeyEncryptionKeyRecipient(key));

        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [later, key] }).Content);
        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [undated] }).Content);
        Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [later] }));
    }

    [Fact]
    public static void Key_OfAnotherIdentifier_DoesNotMatchAndOneWithoutIsTried()
    {
        using KeyEncryptionKey key = Create(32);
        using KeyEncryptionKey other = Create(32, identifier: [0xC0, 0xFE]);
        using KeyEncryptionKey nameless = Create(32, identifier: []);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new KeyEncryptionKeyRecipient(key));

        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [nameless] }).Content);
        NoMatchingRecipientException e = Assert.Throws<NoMatchingRecipientException>(
            () => Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [other] }));
        Assert.Contains("C0FEE0", Assert.Single(e.Recipients), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new KeyEncryptionKeyRecipient(nameless)));
    }

    [Fact]
    [Trait("Requirement", "R3370-4.3-c")]
    public static void Key_WeakerThanTheContentKey_IsRefusedForWritingAndReported()
    {
        using KeyEncryptionKey key = Create(16);

        Assert.Throws<ArgumentException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new KeyEncryptionKeyRecipient(key)));
        Assert.Equal(["weak-key-wrap"], OpenRaw(Aes128(key, r => r)).Report.Weaknesses);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(39)]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3369-6.2.3-a")]
    public static void WrappedKey_WithOneBitChanged_Fails(int at)
    {
        using KeyEncryptionKey key = Create(16);
        Assert.Throws<DecryptionFailedException>(() => OpenRaw(Aes128(key, r =>
        {
            byte[] damaged = r.EncryptedKey.ToArray();
            damaged[at] ^= 0x10;
            return r with { EncryptedKey = damaged };
        })));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(48)]
    [Trait("Kind", "negative")]
    public static void WrappedKey_OfAnotherSize_Fails(int size)
    {
        using KeyEncryptionKey key = Create(16);
        Assert.Throws<DecryptionFailedException>(() => OpenRaw(Aes128(key, r => r with { EncryptedKey = new byte[size] })));
    }

    [Fact]
    [Trait("Requirement", "R3565-2.3.2-a")]
    public static void WrapParameters_AreToleratedAsNullByDefaultOnly()
    {
        using KeyEncryptionKey key = Create(16);
        byte[] message = Aes128(key, r => r with { KeyEncryptionAlgorithm = AlgorithmIdentifier.WithNull(Oids.Aes128Wrap) });
        byte[] odd = Aes128(key, r => r with { KeyEncryptionAlgorithm = new AlgorithmIdentifier(Oids.Aes128Wrap, new byte[] { 2, 1, 0 }) });

        Assert.Equal(["key-wrap-parameters-null"], OpenRaw(message).Report.Deviations);
        Assert.Throws<UnsupportedAlgorithmException>(() => OpenRaw(message, new CmsReaderOptions { Policy = CmsPolicy.Strict }));
        Assert.Throws<UnsupportedAlgorithmException>(() => OpenRaw(odd));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-d")]
    [Trait("Requirement", "R3369-6.2-f")]
    public static void Recipients_OfUnknownWrapOrVersion_AreSkipped()
    {
        using KeyEncryptionKey key = Create(16);
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        KekRecipientInfoAsn good = Describe(key, raw.Key);
        raw.To(
            RawEnvelope.Encode((good with { KeyEncryptionAlgorithm = new AlgorithmIdentifier("1.2.3") }).Encode),
            RawEnvelope.Encode((good with { Version = 7 }).Encode),
            [0xA2, 0x03, 0x02, 0x01, 0x04],
            RawEnvelope.Encode(good.Encode));

        Assert.Equal(RawEnvelope.DefaultContent, OpenRaw(raw.Encode()).Content);
        Assert.Throws<UnsupportedAlgorithmException>(() => OpenRaw(Aes128(key, r => r with { KeyEncryptionAlgorithm = new AlgorithmIdentifier("1.2.3") })));
        Assert.Throws<NoMatchingRecipientException>(() => OpenRaw(Aes128(key, r => r with { Version = 7 })));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.3-a")]
    public static void Recipient_WithDateAndOtherAttribute_IsShownWhole()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Der.Context(2)))
        {
            writer.WriteInteger(4);
            using (writer.PushSequence())
            {
                writer.WriteOctetString(_identifier);
                writer.WriteGeneralizedTime(_date);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.3.4");
                    writer.WriteInteger(5);
                }
            }

            writer.WriteAlgorithmIdentifier(new AlgorithmIdentifier(Oids.Aes128Wrap));
            writer.WriteOctetString(new byte[24]);
        }

        RecipientInfo recipient = Assert.Single(RecipientInfo.Decode(writer.Encode()));

        Assert.Equal(RecipientKind.KeyEncryptionKey, recipient.Kind);
        Assert.Equal(_date, recipient.KeyDate);
        Assert.Equal("1.2.3.4", recipient.OtherKeyAttribute!.Oid);
        Assert.Equal([2, 1, 5], recipient.OtherKeyAttribute.Value.ToArray());
    }

    [Fact]
    public static async Task Key_InAnotherPlace_WrapsAndUnwraps()
    {
        using var key = new RemoteKeyEncryptionKey(_identifier, RandomNumberGenerator.GetBytes(32));
        var message = new MemoryStream();
        await using (AuthEnvelopedDataWriter writer = await AuthEnvelopedDataWriter.OpenAsync(
            message, new AuthEnvelopedDataWriterOptions { Recipients = [new KeyEncryptionKeyRecipient(key)] }, TestContext.Current.CancellationToken))
        {
            await writer.Content.WriteAsync(_content, TestContext.Current.CancellationToken);
            await writer.CompleteAsync(TestContext.Current.CancellationToken);
        }

        message.Position = 0;
        await using EncryptedContentReader reader = await Envelope.OpenReaderAsync(message, CmsReaderOptions.Default);
        await reader.DecryptAsync(new RecipientKeys { KeyEncryptionKeys = [key] }, Envelope.Now, TestContext.Current.CancellationToken);
        var content = new MemoryStream();
        await reader.Content.CopyToAsync(content, TestContext.Current.CancellationToken);

        Assert.Equal(_content, content.ToArray());
        Assert.Equal(2, key.Calls);
    }

    [Fact]
    public static void Key_ThatIsDisposed_IsRefused()
    {
        KeyEncryptionKey key = Create(32);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new KeyEncryptionKeyRecipient(key)));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(0)]
    [InlineData(33)]
    public static void Key_OfAnotherSize_IsRefused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyEncryptionKey(_identifier, new byte[size]));

    [Fact]
    [Trait("Requirement", "R3369-6.2.3-a")]
    public static void OpenSslMessage_OfTheCollection_IsRead()
    {
        using var key = new KeyEncryptionKey(_identifier, Convert.FromHexString("000102030405060708090A0B0C0D0E0F"));
        byte[] message = Envelope.ReadVector("peer-openssl/enc-kek.der");

        Envelope.Opened opened = Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [key] });

        Assert.Equal(Vectors.Read("peer-openssl/content.txt"), opened.Content);
    }

    [Theory]
    [InlineData("aes128", 16)]
    [InlineData("aes192", 32)]
    [InlineData("aes-128-gcm", 16)]
    [InlineData("aes-256-gcm", 32)]
    [Trait("Requirement", "R3369-6.2-b")]
    public static void MessageOfOpenSsl_IsRead(string cipher, int size)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(size);
        using var key = new KeyEncryptionKey(_identifier, secret);
        byte[] message = Peer.OpenSsl.Run(
            [
                "cms", "-encrypt", "-binary", "-outform", "DER", "-" + cipher, "-secretkey", Convert.ToHexString(secret), "-secretkeyid", "C0FEE0",
            ],
            _content).Succeeded();

        Envelope.Opened opened = Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [key] });

        Assert.Equal(_content, opened.Content);
        Assert.Empty(opened.Report.Weaknesses);
        Assert.Empty(opened.Report.Deviations);
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    [Trait("Requirement", "R3369-6.2-b")]
    public static void MessageForOpenSsl_IsRead(string cipher, int size)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(size);
        using var key = new KeyEncryptionKey(_identifier, secret);
        byte[] message = Envelope.Seal(
            _content, ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher), Envelope.For(TestIdentity.Rsa), new KeyEncryptionKeyRecipient(key));

        byte[] read = Peer.OpenSsl.Run(
            ["cms", "-decrypt", "-binary", "-inform", "DER", "-secretkey", Convert.ToHexString(secret), "-secretkeyid", "C0FEE0"], message).Succeeded();

        Assert.Equal(_content, read);
    }

    // Those that the default policy accepts and `openssl cms` 3.0 reads.
    private static bool IsReadByOpenSsl(ContentEncryptionAlgorithm algorithm) =>
        algorithm.Name.StartsWith("AES-", StringComparison.Ordinal) && !algorithm.Name.EndsWith("CCM", StringComparison.Ordinal);

    private static KeyEncryptionKey Create(int size, DateTimeOffset? date = null, byte seed = 1, byte[]? identifier = null) =>
        new(identifier ?? _identifier, Enumerable.Range(seed, size).Select(i => (byte)i).ToArray(), date);

    private static byte[] Aes128(KeyEncryptionKey key, Func<KekRecipientInfoAsn, KekRecipientInfoAsn> change)
    {
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        raw.Version = 2;
        return raw.To(RawEnvelope.Encode(change(Describe(key, raw.Key)).Encode)).Encode();
    }

    private static KekRecipientInfoAsn Describe(KeyEncryptionKey key, byte[] contentKey) => new()
    {
        Version = 4,
        KeyIdentifier = key.Identifier,
        KeyEncryptionAlgorithm = key.Algorithm,
        EncryptedKey = key.WrapAsync(contentKey).Finish(),
    };

    private static Envelope.Opened OpenRaw(byte[] message, CmsReaderOptions? options = null)
    {
        using KeyEncryptionKey key = Create(16);
        return Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [key] }, options);
    }
}
