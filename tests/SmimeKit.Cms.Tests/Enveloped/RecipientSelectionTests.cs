using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Which entry of a message leads to the key, among decoys, strangers and entries nobody understands.</summary>
public static class RecipientSelectionTests
{
    private static readonly KeyTransportScheme _oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);

    // Sixteen octets of padding: no wrong key passes for the right one in the lifetime of these tests.
    private static readonly byte[] _aligned = new byte[64];

    public static TheoryData<string> Ciphers => ["AES-128-CBC", "AES-256-CBC", "AES-256-GCM"];

    [Fact]
    [Trait("Requirement", "R3218-2.2-b")] // the caller's own key sees, and may delay or refuse, every operation
    public static void Message_ForStrangers_NamesThemAndUsesNoKey()
    {
        RawEnvelope message = Cbc();
        message.To(RawEnvelope.Transport(TestIdentity.OtherRsa, message.Key), RawEnvelope.Transport(TestIdentity.OtherRsa, message.Key, byKeyIdentifier: true));
        var key = new CountingKey(TestIdentity.Rsa.Key);
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

        NoMatchingRecipientException error = Assert.Throws<NoMatchingRecipientException>(() => reader.Decrypt([key], Envelope.Now));

        Assert.Equal(2, error.Recipients.Count);
        Assert.Contains(TestIdentity.OtherRsa.Certificate.SerialNumberHex, error.Recipients[0], StringComparison.Ordinal);
        Assert.Equal(0, key.Operations);
    }

    [Fact]
    public static void Reader_AfterKeysThatDoNotMatch_TakesOtherKeys()
    {
        RawEnvelope message = Cbc();
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

        Assert.Throws<NoMatchingRecipientException>(() => reader.Decrypt([TestIdentity.OtherRsa.Key], Envelope.Now));
        reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);

        Assert.Equal(RawEnvelope.DefaultContent.Length, reader.Complete().ContentLength);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public static void Decoys_OfAnyPadding_DoNotHideTheGenuineEntry(string cipher)
    {
        RawEnvelope message = RawEnvelope.Of(Find(cipher), _aligned);
        byte[] genuine = RawEnvelope.Transport(TestIdentity.Rsa, message.Key);
        byte[] genuineOaep = RawEnvelope.Transport(TestIdentity.Rsa, message.Key, scheme: _oaep);
        byte[] decoy = RawEnvelope.Transport(TestIdentity.Rsa, message.Key, encryptedTo: TestIdentity.OtherRsa);
        byte[] decoyOaep = RawEnvelope.Transport(TestIdentity.Rsa, message.Key, encryptedTo: TestIdentity.OtherRsa, scheme: _oaep);
        byte[] wrongKey = RawEnvelope.Transport(TestIdentity.Rsa, RandomNumberGenerator.GetBytes(message.Key.Length));
        byte[][][] messages =
        [
            [decoy, genuine], [genuine, decoy], [decoyOaep, genuine], [decoyOaep, genuineOaep], [decoy, genuineOaep],
            [wrongKey, genuine], [decoy, wrongKey, decoy, genuine], [genuine, genuine], [decoy, wrongKey, wrongKey, genuine],
        ];

        foreach (byte[][] recipients in messages)
        {
            message.Recipients.Clear();
            message.To(recipients);

            Assert.Equal(_aligned, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3851-2.6-b")]
    public static void Certificates_ThatShareAKeyIdentifier_AreAllTried(string cipher)
    {
        byte[] identifier = [1, 2, 3, 4];
        TestIdentity old = TestIdentity.OtherRsa.Reissue(keyIdentifier: identifier);
        TestIdentity renewed = TestIdentity.Rsa.Reissue(keyIdentifier: identifier);
        RawEnvelope message = RawEnvelope.Of(Find(cipher), _aligned);
        message.To(RawEnvelope.Transport(renewed, message.Key, byKeyIdentifier: true));

        Envelope.Opened opened = Envelope.Open(message.Encode(), old, renewed);

        Assert.Equal(_aligned, opened.Content);
        Assert.Equal(renewed.Certificate, opened.Report.RecipientCertificate);
    }

    [Fact]
    public static void SeveralOwnEntries_ThatAgree_NeedTwoOperationsAndNoCopyOfTheContent()
    {
        TestIdentity[] own = [TestIdentity.Rsa, TestIdentity.OtherRsa, TestIdentity.ThirdRsa];
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc, new byte[200_000]);
        message.To([.. own.Select(o => RawEnvelope.Transport(o, message.Key))]);
        CountingKey[] keys = [.. own.Select(o => new CountingKey(o.Key))];
        var options = new CmsReaderOptions { SpoolFolder = "", Limits = CmsLimits.Default with { MaxContentInMemory = 0 } };

        Envelope.Opened opened = Envelope.Open(message.Encode(), options, keys);

        Assert.Equal(200_000, opened.Content.Length);
        Assert.Equal(2, keys.Sum(k => k.Operations));
    }

    [Fact]
    public static void VisibleSuccess_EndsTheSearch()
    {
        RawEnvelope message = Cbc();
        message.To(
            RawEnvelope.Transport(TestIdentity.Rsa, message.Key),
            RawEnvelope.Transport(TestIdentity.OtherRsa, message.Key, scheme: _oaep));
        CountingKey[] keys = [new(TestIdentity.Rsa.Key), new(TestIdentity.OtherRsa.Key)];

        Envelope.Opened opened = Envelope.Open(message.Encode(), CmsReaderOptions.Default, keys);

        Assert.Equal(TestIdentity.OtherRsa.Certificate, opened.Report.RecipientCertificate);
        Assert.Equal([0, 1], keys.Select(k => k.Operations));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void FloodOfDecoys_CostsABoundedNumberOfOperations()
    {
        RawEnvelope message = Cbc();
        byte[] decoy = RawEnvelope.Transport(TestIdentity.Rsa, message.Key, encryptedTo: TestIdentity.OtherRsa, scheme: _oaep);
        for (int i = 0; i < 1000; i++)
        {
            BitConverter.GetBytes(i).CopyTo(decoy, decoy.Length - 8);
            message.To([.. decoy]);
        }

        var key = new CountingKey(TestIdentity.Rsa.Key);

        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), CmsReaderOptions.Default, key));
        Assert.InRange(key.Operations, 1, CmsLimits.Default.MaxKeyOperations);

        var frugal = new CountingKey(TestIdentity.Rsa.Key);
        var options = new CmsReaderOptions { Limits = CmsLimits.Default with { MaxKeyOperations = 3 } };
        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message.Encode(), options, frugal));
        Assert.Equal(3, frugal.Operations);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void FloodWithinOneKeyAgreement_CostsNoMoreThanItsSize()
    {
        RawEnvelope message = Cbc();
        message.To(Agreement(TestIdentity.Rsa, count: 8000));
        byte[] encoded = message.Encode();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(encoded, TestIdentity.Rsa));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 96L * encoded.Length);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public static void RecipientsWithinAKeyAgreement_CountAsRecipients(int count, bool isRefused)
    {
        RawEnvelope message = Cbc();
        message.To(Agreement(TestIdentity.OtherRsa, count - 1), RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        var options = new CmsReaderOptions { Limits = CmsLimits.Default with { MaxRecipients = 10 } };

        Exception? refused = Record.Exception(() => Envelope.Open(message.Encode(), options, TestIdentity.Rsa.Key));

        Assert.Equal(isRefused ? "MaxRecipients" : null, (refused as LimitExceededException)?.Limit);
    }

    [Fact]
    public static void SameOctetsTwice_AreOneOperation()
    {
        RawEnvelope message = Cbc();
        byte[] probe = RawEnvelope.Transport(TestIdentity.Rsa, message.Key);
        byte[] byIdentifier = RawEnvelope.Transport(
            TestIdentity.Rsa, message.Key, byKeyIdentifier: true, change: _ => probe[^256..]);
        message.To(probe, probe, byIdentifier);
        var key = new CountingKey(TestIdentity.Rsa.Key);

        Envelope.Open(message.Encode(), CmsReaderOptions.Default, key);

        Assert.Equal(1, key.Operations);
    }

    [Theory]
    [InlineData("A7030101FF")] // an alternative from the future
    [InlineData("A4120606" + "2A0304050607" + "0408FFFFFFFFFFFFFFFF")] // another technique
    [InlineData("A203020104")] // a KEK entry with nothing in it
    [InlineData("A303020100")]
    [InlineData("3003020107")] // key transport of an unknown version
    [InlineData("A103020103")]
    [InlineData("0500")]
    [Trait("Requirement", "R3369-6.2-d")]
    [Trait("Requirement", "R3369-6.2-e")]
    [Trait("Requirement", "R3369-6.2-f")]
    [Trait("Requirement", "R3369-6.2-g")]
    public static void EntryNobodyUnderstands_IsListedAndSkipped(string hex)
    {
        RawEnvelope message = Cbc();
        message.To(Convert.FromHexString(hex), RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

        Assert.Equal(2, reader.Recipients.Count);
        Assert.Null(reader.Recipients[0].Identifier);
        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-f")]
    [Trait("Kind", "negative")]
    public static void OwnEntry_OfAnUnknownVersion_IsSkipped()
    {
        RawEnvelope message = Cbc();
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, version: 7));

        Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-d")]
    public static void OwnEntry_OfAnUnknownAlgorithm_IsSkippedForAnother()
    {
        RawEnvelope message = Cbc();
        byte[] unknown = RawEnvelope.Transport(TestIdentity.Rsa, message.Key, identifier: new AlgorithmIdentifier("1.2.3.4"));
        message.To(unknown, RawEnvelope.Transport(TestIdentity.Rsa, message.Key));

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);

        message.Recipients.RemoveAt(1);

        Assert.Equal("1.2.3.4", Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)).Oid);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [Trait("Requirement", "R3369-1-b")]
    public static void OwnEntry_WithTheVersionOfAnotherForm_IsReadAllTheSame(int version, bool byKeyIdentifier)
    {
        RawEnvelope message = Cbc();
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, version: version, byKeyIdentifier: byKeyIdentifier));

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);
    }

    [Fact]
    public static void KeyIdentifier_ComputedByOutlook_IsRecognised()
    {
        TestIdentity own = TestIdentity.Rsa.Reissue("Own", keyIdentifier: [9]);
        byte[] bits = SHA1.HashData(TestIdentity.Rsa.Certificate.PublicKey.Key.Span);
        byte[] info = SHA1.HashData(TestIdentity.Rsa.Certificate.PublicKey.RawData.Span);
        foreach (byte[] identifier in new[] { bits, info })
        {
            RawEnvelope message = Cbc();
            TestIdentity named = TestIdentity.Rsa.Reissue(keyIdentifier: identifier);
            message.To(RawEnvelope.Transport(named, message.Key, byKeyIdentifier: true));

            Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), own).Content);
        }
    }

    [Fact]
    public static void Header_WithTenThousandRecipients_IsListedAndSearched()
    {
        RawEnvelope message = Cbc();
        byte[] stranger = RawEnvelope.Transport(TestIdentity.OtherRsa, message.Key);
        message.To([.. Enumerable.Repeat(stranger, 9_999), RawEnvelope.Transport(TestIdentity.Rsa, message.Key)]);
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()));

        reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);

        Assert.Equal(10_000, reader.Recipients.Count);
        Assert.Equal(TestIdentity.Rsa.Certificate, reader.Complete().RecipientCertificate);

        message.To(stranger);

        Assert.Equal(
            nameof(CmsLimits.MaxRecipients),
            Assert.Throws<LimitExceededException>(() => Envelope.OpenReader(new MemoryStream(message.Encode()))).Limit);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.1-e")]
    [Trait("Requirement", "R5083-2.1-c")]
    [Trait("Kind", "negative")]
    public static void Message_WithoutRecipients_IsMalformed()
    {
        foreach (string cipher in Ciphers)
        {
            byte[] message = RawEnvelope.Of(Find(cipher)).Encode();

            Assert.Equal("no-recipients", Assert.Throws<MalformedDataException>(() => Envelope.OpenReader(new MemoryStream(message))).Code);
        }
    }

    private static RawEnvelope Cbc() => RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);

    private static ContentEncryptionAlgorithm Find(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);

    /// <summary>A key that counts what it is asked for.</summary>
    internal sealed class CountingKey(IDecryptionKey key) : IDecryptionKey
    {
        public Certificate Certificate => key.Certificate;

        public int Operations { get; private set; }

        public ValueTask<byte[]?> DecryptAsync(
            KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default)
        {
            Operations++;
            return key.DecryptAsync(scheme, encryptedKey, keySize, cancellationToken);
        }

        public ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default)
        {
            Operations++;
            return key.AgreeAsync(otherParty, cancellationToken);
        }
    }

    // KeyAgreeRecipientInfo of an unknown algorithm, with many keys for the same identifier.
    private static byte[] Agreement(TestIdentity identity, int count) => RawEnvelope.Encode(writer =>
    {
        using (writer.PushSequence(Der.Context(1)))
        {
            writer.WriteInteger(3);
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteOctetString([1, 2, 3, 4], Der.Context(0, constructed: false));
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.3.4");
            }

            using (writer.PushSequence())
            {
                for (int i = 0; i < count; i++)
                {
                    using (writer.PushSequence())
                    {
                        using (writer.PushSequence(Der.Context(0)))
                        {
                            writer.WriteOctetString(identity.Certificate.SubjectKeyIdentifier.Span);
                        }

                        writer.WriteOctetString([5]);
                    }
                }
            }
        }
    });
}
