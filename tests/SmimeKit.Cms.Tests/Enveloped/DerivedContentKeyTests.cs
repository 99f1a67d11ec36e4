using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>CEK-HKDF-SHA256, RFC 9709.</summary>
public static class DerivedContentKeyTests
{
    private static readonly byte[] _content = "A message of more than thirty-two octets."u8.ToArray();

    public static TheoryData<string> Ciphers => [.. ContentEncryptionAlgorithm.BuiltIn.Where(a => a.IsForWriting).Select(a => a.Name)];

    [Theory]
    [InlineData("301B0609608648016503040106300E040C5C79058BA2F43447639D29E2", "2124FFB29FAC4E0FBBC7D5D87492BFF3")]
    [InlineData("301D06096086480165030401020410651F722FFD512C52FE072E507D72B377", "9CD102C52F1E19ECE8729B35BFECEB50")]
    [Trait("Requirement", "R9709-2-a")]
    [Trait("Requirement", "R9709-B-a")]
    [Trait("Requirement", "R9709-B-b")]
    public static void Key_OfThePublishedExamples_IsDerived(string info, string expected)
    {
        AlgorithmIdentifier identifier = Der.Decode(Convert.FromHexString(info), "", r => r.ReadAlgorithmIdentifier());

        Assert.Equal(
            Convert.FromHexString(expected), DerivedContentKey.Derive(Convert.FromHexString("C702E7D0A9E064B09BA55245FB733CF3"), identifier));
    }

    [Fact]
    [Trait("Requirement", "R9709-2-b")]
    [Trait("Kind", "negative")]
    public static void Key_LongerThanHkdfReaches_IsAnError()
    {
        var identifier = new AlgorithmIdentifier(Oids.Aes128Cbc);

        Assert.Equal(8160, DerivedContentKey.Derive(new byte[8160], identifier).Length);
        Assert.Throws<ArgumentException>(() => DerivedContentKey.Derive(new byte[8161], identifier));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R9709-3-a")]
    [Trait("Requirement", "R9709-5-a")]
    public static void Message_WithADerivedKey_ComesBackAndSaysSo(string cipher)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        byte[] message = Seal(algorithm, derives: true);
        using (EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message), Envelope.Legacy))
        {
            Assert.Equal("1.2.840.113549.1.9.16.3.31", reader.ContentEncryptionAlgorithm.Oid);
            Assert.Equal(algorithm, ContentEncryptionAlgorithm.Find(reader.ContentEncryptionAlgorithm));
        }

        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, TestIdentity.Rsa.Key);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(algorithm, opened.Report.Algorithm);
        Assert.True(opened.Report.DerivesContentKey);
        Assert.False(Envelope.Open(Seal(algorithm, derives: false), Envelope.Legacy, TestIdentity.Rsa.Key).Report.DerivesContentKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R9709-5-a")]
    [Trait("Requirement", "R9709-6-a")]
    [Trait("Kind", "negative")]
    public static void Message_MadeFromTheSameKeyWithoutTheDerivation_DoesNotDecrypt(bool authenticated)
    {
        RawEnvelope message = RawEnvelope.Of(authenticated ? ContentEncryptionAlgorithm.Aes128Gcm : ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = DerivedContentKey.Wrap(message.Cipher);
        Exception? failure = Record.Exception(() => Assert.NotEqual(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content));

        Assert.True(failure is null or DecryptionFailedException); // CBC: a wrong key gives sound padding now and then
        Assert.True(failure is not null || !authenticated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0500")]
    [InlineData("0410" + "000102030405060708090A0B0C0D0E0F")]
    [Trait("Requirement", "R9709-3-a")]
    [Trait("Kind", "negative")]
    public static void Derivation_WithoutAnAlgorithm_IsMalformed(string parameters)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = new AlgorithmIdentifier(Oids.CekHkdfSha256, Convert.FromHexString(parameters));

        Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
        Assert.Null(ContentEncryptionAlgorithm.Find(message.Cipher));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Derivation_InADerivation_IsUnsupported()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = DerivedContentKey.Wrap(DerivedContentKey.Wrap(message.Cipher));

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
    }

    [Theory]
    [InlineData("AES-128-CBC", true, "cipher-without-tag")]
    [InlineData("AES-256-GCM", false, "aead-in-enveloped-data")]
    [Trait("Requirement", "R9709-5-b")]
    [Trait("Kind", "negative")]
    public static void InnerCipher_InTheTypeOfTheOtherKind_IsRefused(string cipher, bool authenticated, string code)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher));
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = DerivedContentKey.Wrap(message.Cipher);
        message.IsAuthenticated = authenticated;
        message.Mac = authenticated ? new byte[12] : null;

        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)).Code);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void InnerCipher_ThatThePolicyRefuses_IsRefused()
    {
        byte[] message = Seal(ContentEncryptionAlgorithm.TripleDesCbc, derives: true);

        Assert.Equal("cipher-not-listed", Assert.Throws<PolicyViolationException>(() => Envelope.Open(message, TestIdentity.Rsa)).Rule);
    }

    private static byte[] Seal(ContentEncryptionAlgorithm algorithm, bool derives)
    {
        CmsPolicy policy = Envelope.PolicyFor(algorithm);
        return algorithm.IsAuthenticated
            ? Envelope.Seal(_content, new AuthEnvelopedDataWriterOptions
            {
                Recipients = [Envelope.For(TestIdentity.Rsa)], Algorithm = algorithm, DerivesContentKey = derives, Policy = policy,
            })
            : Envelope.Seal(_content, new EnvelopedDataWriterOptions
            {
                Recipients = [Envelope.For(TestIdentity.Rsa)], Algorithm = algorithm, DerivesContentKey = derives, Policy = policy,
            });
    }
}
