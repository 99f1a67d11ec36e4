using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>What is refused before any key is used, and what is read with a warning.</summary>
public static class EnvelopePolicyTests
{
    private static readonly KeyTransportScheme _oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);

    [Fact]
    [Trait("Requirement", "R8551-2.7.2-a")]
    [Trait("Kind", "negative")]
    public static void TripleDes_UnderTheDefaultPolicy_IsRefusedBeforeTheKeyIsUsed()
    {
        byte[] message = Envelope.ReadVector("peer-openssl/enc-rsa-des3.eml");

        AssertRefused("cipher-not-listed", message, CmsReaderOptions.Default, OpenSsl("smrsa1"));
    }

    [Fact]
    [Trait("Requirement", "R3370-5.1-a")]
    [Trait("Requirement", "R3370-5.1-b")]
    [Trait("Requirement", "R3370-4.2.1-c")]
    [Trait("Requirement", "R8551-B-a")]
    [Trait("Requirement", "R3851-2.7-a")]
    [Trait("Policy", "legacy")]
    public static void TripleDes_UnderTheLegacyPolicy_IsReadAndFlagged()
    {
        Envelope.Opened opened = Envelope.Open(
            Envelope.ReadVector("peer-openssl/enc-rsa-des3.eml"), Envelope.Legacy, OpenSsl("smrsa1").Key);

        Assert.StartsWith("Content-Type: text/plain", System.Text.Encoding.UTF8.GetString(opened.Content), StringComparison.Ordinal);
        Assert.Equal(["weak-cipher"], opened.Report.Weaknesses);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void UnknownCipher_IsUnsupportedAndTheRecipientsAreStillListed()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = new AlgorithmIdentifier("1.2.410.200004.1.4", message.Cipher.Parameters); // SEED
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message.Encode()), Envelope.Legacy);

        Assert.Single(reader.Recipients);
        Assert.Throws<UnsupportedAlgorithmException>(() => reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now));
    }

    [Theory]
    [InlineData("enc-rsa-rc2-40.eml", "RC2-40-CBC")]
    [InlineData("enc-rsa-rc2-64.eml", "RC2-64-CBC")]
    [InlineData("enc-rsa-rc2-128.eml", "RC2-128-CBC")]
    [InlineData("enc-rsa-camellia256.eml", "Camellia-256-CBC")]
    [Trait("Requirement", "R3370-5.2-a")]
    [Trait("Requirement", "R3851-2.7-b")]
    [Trait("Requirement", "R9787-6.5-a")]
    [Trait("Policy", "legacy")]
    public static void OpenSslMessage_WithACipherForArchives_IsReadByTheLegacyPolicyOnly(string file, string cipher)
    {
        byte[] message = Envelope.ReadVector("peer-openssl/" + file);
        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, OpenSsl("smrsa1").Key);

        Assert.StartsWith("Content-Type: text/plain", System.Text.Encoding.UTF8.GetString(opened.Content), StringComparison.Ordinal);
        Assert.Equal(cipher, opened.Report.Algorithm.Name);
        Assert.Equal(cipher.StartsWith("RC2", StringComparison.Ordinal) ? ["weak-cipher"] : [], opened.Report.Weaknesses);
        AssertRefused("cipher-not-listed", message, CmsReaderOptions.Default, OpenSsl("smrsa1"));
    }

    [Fact]
    [Trait("Requirement", "R3370-9-e")]
    [Trait("Kind", "negative")]
    public static void Rc2_BelowTheStrengthOfThePolicy_IsRefused() => AssertRefused(
        "rc2-key-too-small",
        Envelope.ReadVector("peer-openssl/enc-rsa-rc2-40.eml"),
        new CmsReaderOptions { Policy = CmsPolicy.Legacy with { MinimumRc2Bits = 64 } },
        OpenSsl("smrsa1"));

    [Fact]
    [Trait("Requirement", "R3370-9-e")]
    [Trait("Kind", "negative")]
    public static void Cipher_PastItsCutoff_IsRefused()
    {
        CmsPolicy policy = CmsPolicy.Default with
        {
            ContentEncryption = CmsPolicy.Default.ContentEncryption.SetItem(Oids.Aes128Cbc, Envelope.Now.AddDays(-1)),
        };

        AssertRefused("cipher-past-cutoff", Message(), new CmsReaderOptions { Policy = policy }, TestIdentity.Rsa);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void UnauthenticatedContent_WhenThePolicyForbidsIt_IsRefused() => AssertRefused(
        "unauthenticated-content",
        Message(),
        new CmsReaderOptions { Policy = CmsPolicy.Default with { AllowsUnauthenticatedContent = false } },
        TestIdentity.Rsa);

    [Fact]
    [Trait("Kind", "negative")]
    public static void Pkcs1_UnderTheStrictPolicy_IsRefused() =>
        AssertRefused("rsa-pkcs1-decryption", Message(), new CmsReaderOptions { Policy = CmsPolicy.Strict }, TestIdentity.Rsa);

    [Fact]
    [Trait("Requirement", "R8551-4.5-a")]
    [Trait("Requirement", "R3560-6-a")]
    public static void SmallRsaKey_IsRefusedOrFlaggedByThePolicy()
    {
        var small = TestIdentity.CreateRsa("Small", 1024);
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(small, message.Key));

        AssertRefused("rsa-key-too-small", message.Encode(), CmsReaderOptions.Default, small);
        Assert.Equal(["weak-rsa-key"], Envelope.Open(message.Encode(), Envelope.Legacy, small.Key).Report.Weaknesses);
        Assert.Throws<PolicyViolationException>(
            () => Envelope.Seal([], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(small)));
    }

    [Theory]
    [InlineData("AES-128-CBC", true, "cipher-without-tag")]
    [InlineData("AES-256-GCM", false, "aead-in-enveloped-data")]
    [Trait("Kind", "negative")]
    public static void Cipher_InTheTypeOfTheOtherKind_IsRefusedBeforeTheKeyIsUsed(string cipher, bool authenticated, string code)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher));
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.IsAuthenticated = authenticated;
        message.Mac = authenticated ? new byte[12] : null;
        var key = new RecipientSelectionTests.CountingKey(TestIdentity.Rsa.Key);

        MalformedDataException error = Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), Envelope.Legacy, key));

        Assert.Equal(code, error.Code);
        Assert.Equal(0, key.Operations);
    }

    [Theory]
    [InlineData(Oids.Aes128Cbc, "")]
    [InlineData(Oids.Aes128Cbc, "0500")]
    [InlineData(Oids.Aes128Cbc, "04080102030405060708")]
    [InlineData(Oids.Aes128Cbc, "0411" + "0102030405060708090A0B0C0D0E0F1011")]
    [InlineData(Oids.Aes128Gcm, "")]
    [InlineData(Oids.Aes128Gcm, "0500")]
    [InlineData(Oids.Aes128Gcm, "3011040C000102030405060708090A0B02010B")] // a tag of 11 octets
    [InlineData(Oids.Aes128Gcm, "3011040C000102030405060708090A0B020104")]
    [InlineData(Oids.Aes128Gcm, "3011040C000102030405060708090A0B020111")] // a tag of 17 octets
    [InlineData(Oids.Aes128Gcm, "3011040C000102030405060708090A0B0201FF")]
    [InlineData(Oids.Aes128Gcm, "3013040C000102030405060708090A0B0201100500")]
    [InlineData(Oids.TripleDesCbc, "0407" + "01020304050607")]
    [InlineData(Oids.TripleDesCbc, "0409" + "010203040506070809")]
    [Trait("Requirement", "R3565-4.1-a")]
    [Trait("Requirement", "R5084-3.2-a")]
    [Trait("Requirement", "R3370-5.1-a")]
    [Trait("Kind", "negative")]
    public static void CipherParameters_OfAnotherForm_AreRefusedBeforeTheKeyIsUsed(string oid, string parameters)
    {
        RawEnvelope message = RawEnvelope.Of(
            oid == Oids.Aes128Gcm ? ContentEncryptionAlgorithm.Aes128Gcm : ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = new AlgorithmIdentifier(oid, Convert.FromHexString(parameters));
        var key = new RecipientSelectionTests.CountingKey(TestIdentity.Rsa.Key);

        Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), Envelope.Legacy, key));
        Assert.Equal(0, key.Operations);
    }

    [Fact]
    [Trait("Requirement", "R5084-3.2-c")]
    [Trait("Kind", "negative")]
    public static void GcmNonce_OfAnotherSize_IsUnsupported()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Gcm);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Cipher = new AlgorithmIdentifier(Oids.Aes128Gcm, Convert.FromHexString("30150410000102030405060708090A0B0C0D0E0F020110"));

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(16)]
    [Trait("Requirement", "R5084-3.2-d")]
    [Trait("Requirement", "R5084-3.2-e")]
    public static void GcmTag_OfALegalSize_IsVerifiedAndAnotherSizeInTheMessageRefused(int size)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Gcm);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        byte[] fields = message.Cipher.Parameters.Span[2..16].ToArray();
        message.Cipher = new AlgorithmIdentifier(
            Oids.Aes128Gcm, size == 12 ? (byte[])[0x30, 14, .. fields] : [0x30, 17, .. fields, 2, 1, (byte)size]);
        byte[] tag = message.Mac!;
        message.Mac = tag[..size];

        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(message.Encode(), TestIdentity.Rsa).Content);

        message.Mac = size == 16 ? tag[..12] : tag[..(size + 1)];

        Assert.Equal("mac-size", Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)).Code);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.9.16.3.15")] // id-alg-authEnc-128
    [InlineData("1.2.840.113549.1.9.16.3.16")] // id-alg-authEnc-256
    [Trait("Requirement", "R6476-4.1-a")]
    [Trait("Requirement", "R6476-4.1-c")]
    [Trait("Kind", "negative")]
    public static void AuthEnc_IsReportedByNameAndNeverWritten(string oid)
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Gcm);
        message.Cipher = new AlgorithmIdentifier(oid, RawEnvelope.Encode(w => w.WriteNull()));
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));

        Assert.Equal(oid, Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)).Oid);
        Assert.DoesNotContain(ContentEncryptionAlgorithm.BuiltIn, a => a.Oid == oid);
        Assert.Equal(ContentEncryptionAlgorithm.Aes256Gcm, new AuthEnvelopedDataWriterOptions { Recipients = [] }.Algorithm);
    }

    [Fact]
    [Trait("Requirement", "R3560-3-f")]
    public static void OaepWithoutParameters_MeansTheDefaultsUnlessThePolicyIsStrict()
    {
        var defaults = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, default);
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key, scheme: defaults, identifier: new AlgorithmIdentifier(Oids.RsaesOaep)));

        Assert.Equal(["oaep-parameters-absent"], Envelope.Open(message.Encode(), TestIdentity.Rsa).Report.Deviations);
        Assert.Throws<UnsupportedAlgorithmException>(
            () => Envelope.Open(message.Encode(), new CmsReaderOptions { Policy = CmsPolicy.Strict }, TestIdentity.Rsa.Key));
    }

    [Theory]
    [InlineData("3000", "sha-1", "sha-1")]
    [InlineData("302D" + "A00B3009" + "06052B0E03021A0500" + "A11E301C" + "0609608648016503040201" + "0500", null, null)]
    [InlineData("A0", null, null)]
    [InlineData("300DA00B300906052B0E03021A0500", "sha-1", "sha-1")]
    [InlineData(
        "3038A00B300906052B0E03021A0500A118301606092A864886F70D010108300906052B0E03021A0500A20F300D06092A864886F70D0101090400", "sha-1", "sha-1")]
    [InlineData("3011A00F300D06096086480165030402010500", "sha-256", "sha-1")]
    [InlineData("300FA00D300B0609608648016503040201", "sha-256", "sha-1")]
    [Trait("Requirement", "R3560-3-b")]
    [Trait("Requirement", "R3560-3-c")]
    public static void OaepParameters_ExplicitOrOmitted_AreUnderstood(string parameters, string? digest, string? mgf)
    {
        var scheme = KeyTransport.Resolve(
            new AlgorithmIdentifier(Oids.RsaesOaep, Convert.FromHexString(parameters)), toleratesDeviations: true) as KeyTransportScheme.Oaep;

        Assert.Equal(digest, scheme?.Digest.Name);
        Assert.Equal(mgf, scheme?.MgfDigest.Name);
    }

    [Theory]
    [InlineData("sha-1", "3000")]
    [InlineData(
        "sha-256", "302FA00F300D06096086480165030402010500A11C301A06092A864886F70D010108300D06096086480165030402010500")]
    [Trait("Requirement", "R3560-3-a")]
    [Trait("Requirement", "R3560-5-c")]
    public static void OaepParameters_AreWrittenWithoutDefaultsAndWithTheirTags(string digest, string parameters)
    {
        DigestAlgorithm algorithm = DigestAlgorithm.FindByMicalg(digest)!;

        Assert.Equal(
            parameters, Convert.ToHexString(KeyTransport.Encode(new KeyTransportScheme.Oaep(algorithm, algorithm, default)).Parameters.Span));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.1-i")]
    [Trait("Kind", "negative")]
    public static void DetachedCiphertext_IsATypedRefusal()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
        message.Ciphertext = null;

        Assert.Equal(
            "encrypted-content-absent", Assert.Throws<MalformedDataException>(() => Envelope.Open(message.Encode(), TestIdentity.Rsa)).Code);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.1-d")]
    [Trait("Requirement", "R3369-6.2.2-g")]
    [Trait("Requirement", "R5753-5-a")]
    [Trait("Requirement", "R5652-14-b")]
    [Trait("Kind", "negative")]
    public static void Recipient_WhoseCertificateIsForSigning_IsRefused()
    {
        TestIdentity rsa = TestIdentity.Rsa.Reissue("Signer", X509KeyUsageFlags.DigitalSignature);
        var ec = TestIdentity.CreateEc(System.Security.Cryptography.ECCurve.NamedCurves.nistP256, X509KeyUsageFlags.KeyEncipherment);

        foreach (TestIdentity identity in new[] { rsa, ec })
        {
            PolicyViolationException error = Assert.Throws<PolicyViolationException>(
                () => Envelope.Seal([], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity)));

            Assert.Equal("key-usage", error.Rule);
        }
    }

    [Fact]
    public static void Recipient_WithoutKeyUsage_IsAccepted()
    {
        TestIdentity identity = TestIdentity.Rsa.Reissue("Any", usage: null);

        Assert.Empty(Envelope.Open(Envelope.Seal([], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity)), identity).Content);
    }

    [Fact]
    [Trait("Requirement", "R3565-6-a")]
    [Trait("Requirement", "R3560-6-c")]
    [Trait("Kind", "negative")]
    public static void Pkcs1AndOaep_ForOneKey_AreRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Envelope.Seal(
            [],
            ContentEncryptionAlgorithm.Aes128Cbc,
            Envelope.For(TestIdentity.Rsa),
            Envelope.For(TestIdentity.OtherRsa) with { KeyTransport = _oaep }));

        Assert.Contains("OAEP", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R3560-2.2-b")]
    [Trait("Kind", "negative")]
    public static void Recipient_WithAChoiceForAnotherKindOfKey_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            [], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(TestIdentity.P256) with { KeyTransport = _oaep }));
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            [], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(TestIdentity.Rsa) with { KeyDerivationDigest = DigestAlgorithm.Sha256 }));
    }

    [Fact]
    [Trait("Requirement", "R3370-4.2.1-f")]
    [Trait("Kind", "negative")]
    public static void Recipient_WhoseKeyHoldsTooLittle_IsRefused()
    {
        var small = TestIdentity.CreateRsa("Tiny", 512);
        var large = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha512, DigestAlgorithm.Sha512, default);

        Assert.Equal(64 - 11, RsaKeyEncryption.Capacity(small.Certificate.PublicKey, new KeyTransportScheme.Pkcs1()));
        Assert.Throws<ArgumentException>(() => Envelope.Seal([], new EnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(small) with { KeyTransport = large }],
            Policy = CmsPolicy.Legacy,
        }));
    }

    [Fact]
    [Trait("Requirement", "R3560-4-a")]
    public static void CertificateForOaepOnly_FixesThePadding()
    {
        var parameters = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha384, DigestAlgorithm.Sha256, default);
        TestIdentity identity = TestIdentity.Rsa.ReissueFor(KeyTransport.Encode(parameters));
        byte[] message = Envelope.Seal([], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity));
        RawEnvelope wrong = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        wrong.To(RawEnvelope.Transport(identity, wrong.Key));

        Envelope.Opened opened = Envelope.Open(message, identity);

        Assert.Equal(KeyTransport.Encode(parameters).Encode(), opened.Report.Recipient.KeyEncryptionAlgorithm!.Encode());
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            [], ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity) with { KeyTransport = new KeyTransportScheme.Pkcs1() }));
        AssertRefused("rsa-pkcs1-decryption", wrong.Encode(), CmsReaderOptions.Default, identity);
    }

    [Fact]
    public static void Recipient_WithoutAChoice_GetsTheTransportOfThePolicy()
    {
        byte[] stranger = Envelope.Seal([], new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)] });
        byte[] modern = Envelope.Seal(
            [], new EnvelopedDataWriterOptions { Recipients = [Envelope.For(TestIdentity.Rsa)], Policy = CmsPolicy.Strict });

        Assert.Equal(Oids.RsaEncryption, Envelope.Open(stranger, TestIdentity.Rsa).Report.Recipient.KeyEncryptionAlgorithm!.Oid);
        Assert.Equal(Oids.RsaesOaep, Envelope.Open(modern, TestIdentity.Rsa).Report.Recipient.KeyEncryptionAlgorithm!.Oid);
    }

    private static byte[] Message()
    {
        RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
        return message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key)).Encode();
    }

    private static void AssertRefused(string rule, byte[] message, CmsReaderOptions options, TestIdentity identity)
    {
        var key = new RecipientSelectionTests.CountingKey(identity.Key);

        Assert.Equal(rule, Assert.Throws<PolicyViolationException>(() => Envelope.Open(message, options, key)).Rule);
        Assert.Equal(0, key.Operations);
    }

    private static TestIdentity OpenSsl(string name) =>
        TestIdentity.FromPem(System.Text.Encoding.ASCII.GetString(SmimeKit.TestKit.Vectors.Read($"openssl-smime-certs/{name}.pem")));
}
