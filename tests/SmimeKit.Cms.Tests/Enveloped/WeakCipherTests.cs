using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Obsolete ciphers: written by explicit choice under a policy for archives, read under the same, always flagged.</summary>
public static class WeakCipherTests
{
    private static readonly byte[] _content = "A message of more than thirty-two octets."u8.ToArray();

    public static TheoryData<string> WrittenWeakCiphers =>
    [
        .. ContentEncryptionAlgorithm.BuiltIn
            .Where(a => a.IsForWriting && CmsPolicy.Default.FindContentEncryptionObjection(a.Oid, Envelope.Now) is not null)
            .Select(a => a.Name),
    ];

    [Theory]
    [MemberData(nameof(WrittenWeakCiphers))]
    [Trait("Requirement", "R8551-2.7.2-a")]
    [Trait("Requirement", "R3851-2.7.1-e")]
    [Trait("Kind", "negative")]
    public static void WeakCipher_UnderTheDefaultPolicy_IsNotWritten(string cipher)
    {
        var output = new MemoryStream();
        var options = new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)], Algorithm = Named(cipher) };

        var refused = Assert.Throws<PolicyViolationException>(() => EnvelopedDataWriter.Open(output, options));

        Assert.Equal("cipher-not-listed", refused.Rule);
        Assert.Empty(output.ToArray());
    }

    [Theory]
    [MemberData(nameof(WrittenWeakCiphers))]
    [Trait("Policy", "legacy")]
    public static void WeakCipher_UnderTheLegacyPolicy_IsWrittenAndReadAndFlagged(string cipher)
    {
        Envelope.Opened opened = Envelope.Open(
            Envelope.Seal(_content, Named(cipher), Envelope.For(TestIdentity.Rsa)), Envelope.Legacy, TestIdentity.Rsa.Key);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(cipher, opened.Report.Algorithm.Name);
        Assert.Equal(CmsPolicy.Legacy.WeakContentEncryption.Contains(opened.Report.Algorithm.Oid) ? ["weak-cipher"] : [], opened.Report.Weaknesses);
    }

    [Fact]
    [Trait("Requirement", "R3370-5.1-c")]
    [Trait("Requirement", "R3370-9-b")]
    public static void TripleDesKeys_ThatAreGenerated_HaveOddParityThreePartsAndAFreshVector()
    {
        var seen = new HashSet<string>();
        for (int i = 0; i < 200; i++)
        {
            ContentEncryption encryption = ContentEncryption.Create(ContentEncryptionAlgorithm.TripleDesCbc, contentLength: null);
            byte[] key = encryption.GenerateKey();

            Assert.All(key, octet => Assert.Equal(1, int.PopCount(octet) & 1));
            Assert.False(key.AsSpan(0, 8).SequenceEqual(key.AsSpan(8, 8)) || key.AsSpan(8, 8).SequenceEqual(key.AsSpan(16, 8)));
            Assert.True(seen.Add(Convert.ToHexString(key)));
            Assert.True(seen.Add(Convert.ToHexString(encryption.Identifier.Parameters.Span)));
        }
    }

    [Theory]
    [InlineData("0101010101010101" + "0101010101010101" + "0123456789ABCDEF", false)] // K1 = K2 undo each other
    [InlineData("0123456789ABCDEF" + "1011121314151617" + "1011121314151617", false)] // K2 = K3 do
    [InlineData("0123456789ABCDEF" + "0022446688AACCEE" + "1011121314151617", false)] // K1 = K2 but for the parity
    [InlineData("0123456789ABCDEF" + "1011121314151617" + "0123456789ABCDEF", true)] // two keys: R3217-3.1-c
    [InlineData("0123456789ABCDEF" + "1011121314151617" + "2021222324252627", true)]
    [InlineData("0123456789ABCDEF" + "1011121314151617", false)]
    public static void TripleDesKeys_ThatAmountToSingleDes_AreNotUsable(string key, bool usable) => Assert.Equal(
        usable, TripleDesCbcFamily.Instance.IsUsable(ContentEncryptionAlgorithm.TripleDesCbc, Convert.FromHexString(key)));

    [Theory]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(56)]
    [Trait("Requirement", "R2268-6-b")]
    [Trait("Policy", "legacy")]
    public static void Rc2Key_OfSixteenOctetsWithFewerEffectiveBits_IsFoundAndUsed(int bits)
    {
        foreach (KeyTransportScheme scheme in new KeyTransportScheme[] { new KeyTransportScheme.Pkcs1(), new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default) })
        {
            ContentEncryption encryption = ContentEncryption.Create(ContentEncryptionAlgorithm.Rc2Of(bits), null);
            byte[] key = System.Security.Cryptography.RandomNumberGenerator.GetBytes(16);
            byte[] ciphertext = new byte[_content.Length + ContentCipher.MaxPadding];
            using ContentCipher cipher = encryption.CreateEncryptor(key);
            int count = cipher.Finish(_content, ciphertext);
            RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Rc2Cbc40);
            message.Cipher = encryption.Identifier;
            message.Ciphertext = ciphertext[..count];
            message.To(RawEnvelope.Transport(TestIdentity.Rsa, key, scheme: scheme));

            Envelope.Opened opened = Envelope.Open(message.Encode(), Envelope.Legacy, TestIdentity.Rsa.Key);

            Assert.Equal(_content, opened.Content);
            Assert.Equal($"RC2-{bits}-CBC", opened.Report.Algorithm.Name);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Des_IsNeverWritten() => Assert.Throws<ArgumentException>(
        () => new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)], Algorithm = ContentEncryptionAlgorithm.DesCbc, Policy = CmsPolicy.Legacy });

    [Fact]
    [Trait("Policy", "legacy")]
    public static void Des_UnderTheLegacyPolicy_IsReadAndFlagged()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.DesCbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        Envelope.Opened opened = Envelope.Open(message.Encode(), Envelope.Legacy, TestIdentity.Rsa.Key);

        Assert.Equal(RawEnvelope.DefaultContent, opened.Content);
        Assert.Equal(["weak-cipher"], opened.Report.Weaknesses);
        Assert.Throws<PolicyViolationException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
    }

    [Fact]
    [Trait("Requirement", "R3370-5.1-a")]
    public static void TripleDesParameters_AreAnOctetStringOfABlock()
    {
        AlgorithmIdentifier identifier = ContentEncryption.Create(ContentEncryptionAlgorithm.TripleDesCbc, contentLength: null).Identifier;

        Assert.Equal(Oids.TripleDesCbc, identifier.Oid);
        Assert.Equal([0x04, 8], identifier.Parameters.Span[..2].ToArray());
        Assert.Equal(10, identifier.Parameters.Length);
    }

    private static ContentEncryptionAlgorithm Named(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);
}
