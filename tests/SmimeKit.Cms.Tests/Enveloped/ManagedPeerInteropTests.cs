using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Messages exchanged with the base library's EnvelopedCms and with Bouncy Castle's CMS classes.</summary>
public static class ManagedPeerInteropTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(10_000);

    [Theory]
    [InlineData("2.16.840.1.101.3.4.1.2", SubjectIdentifierType.IssuerAndSerialNumber)]
    [InlineData("2.16.840.1.101.3.4.1.42", SubjectIdentifierType.SubjectKeyIdentifier)]
    public static void MessageOfTheBaseLibrary_IsDecrypted(string cipher, SubjectIdentifierType identifier)
    {
        foreach (RSAEncryptionPadding padding in new[] { RSAEncryptionPadding.Pkcs1, RSAEncryptionPadding.OaepSHA1, RSAEncryptionPadding.OaepSHA256 })
        {
            var envelope = new EnvelopedCms(new ContentInfo(_content), new System.Security.Cryptography.Pkcs.AlgorithmIdentifier(new Oid(cipher)));
            envelope.Encrypt(new CmsRecipient(identifier, TestIdentity.Rsa.X509, padding));

            Assert.Equal(_content, Envelope.Open(envelope.Encode(), TestIdentity.Rsa).Content);
        }
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 10_000L)]
    public static void MessageForTheBaseLibrary_IsDecrypted(bool byKeyIdentifier, long? length)
    {
        var oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);
        foreach (KeyTransportScheme scheme in new KeyTransportScheme[] { new KeyTransportScheme.Pkcs1(), oaep })
        {
            byte[] message = Envelope.Seal(_content, new EnvelopedDataWriterOptions
            {
                Recipients = [Envelope.For(TestIdentity.Rsa) with { BySubjectKeyIdentifier = byKeyIdentifier, KeyTransport = scheme }],
                ContentLength = length,
            });
            var envelope = new EnvelopedCms();
            envelope.Decode(message);
            using RSA key = RSA.Create();
            key.ImportPkcs8PrivateKey(TestIdentity.Rsa.Pkcs8, out _);
            envelope.Decrypt(envelope.RecipientInfos[0], key);

            Assert.Equal(_content, envelope.ContentInfo.Content);
        }
    }

    [Fact]
    public static void MessageOfBouncyCastle_WithRsa_IsDecrypted()
    {
        var generator = new CmsEnvelopedDataGenerator();
        generator.AddKeyTransRecipient(BouncyCastleCertificate(TestIdentity.Rsa));
        byte[] message = generator.Generate(new CmsProcessableByteArray(_content), new Org.BouncyCastle.Asn1.DerObjectIdentifier(CmsEnvelopedGenerator.Aes256Cbc)).GetEncoded();

        Assert.Equal(_content, Envelope.Open(message, TestIdentity.Rsa).Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-2-c")]
    public static void StreamOfBouncyCastle_WithSmallSegments_IsDecrypted()
    {
        var generator = new CmsEnvelopedDataStreamGenerator();
        generator.SetBufferSize(100);
        generator.AddKeyTransRecipient(BouncyCastleCertificate(TestIdentity.Rsa));
        var message = new MemoryStream();
        using (Stream stream = generator.Open(message, CmsEnvelopedGenerator.Aes128Cbc))
        {
            stream.Write(_content);
        }

        Assert.Equal(_content, Envelope.Open(message.ToArray(), TestIdentity.Rsa).Content);
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [Trait("Requirement", "R5753-7.2-c")]
    [Trait("Requirement", "R3565-2.3.2-a")]
    [Trait("Requirement", "R5753-3.1.1-b")]
    public static void MessageOfBouncyCastle_WithEcdhAndNullParameters_IsDecryptedAndReported(string curve)
    {
        byte[] message = BouncyCastleAgreement(TestIdentity.Curve(curve));

        Envelope.Opened opened = Envelope.Open(message, TestIdentity.Curve(curve));

        Assert.Equal(_content, opened.Content);
        Assert.NotEmpty(opened.Report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R5753-7.2-c")]
    [Trait("Kind", "negative")]
    public static void MessageOfBouncyCastle_WithEcdhAndNullParameters_IsRefusedByTheStrictPolicy()
    {
        byte[] message = BouncyCastleAgreement(TestIdentity.P256);

        Assert.ThrowsAny<SmimeKitException>(
            () => Envelope.Open(message, new CmsReaderOptions { Policy = CmsPolicy.Strict }, TestIdentity.P256.Key));
    }

    [Fact]
    public static void MessageForBouncyCastle_WithRsa_IsDecrypted()
    {
        byte[] message = Envelope.Seal(_content, SmimeKit.Cms.Algorithms.ContentEncryptionAlgorithm.Aes256Cbc, Envelope.For(TestIdentity.Rsa));

        Assert.Equal(_content, BouncyCastleDecrypt(message, TestIdentity.Rsa));
    }

    private static byte[] BouncyCastleAgreement(TestIdentity identity)
    {
        var generator = new CmsEnvelopedDataGenerator();
        var parameters = (ECPublicKeyParameters)BouncyCastleCertificate(identity).GetPublicKey();
        IAsymmetricCipherKeyPairGenerator keys = GeneratorUtilities.GetKeyPairGenerator("ECDH");
        keys.Init(new ECKeyGenerationParameters(parameters.PublicKeyParamSet, new SecureRandom()));
        AsymmetricCipherKeyPair pair = keys.GenerateKeyPair();
        generator.AddKeyAgreementRecipient(
            CmsEnvelopedGenerator.ECDHSha1Kdf, pair.Private, pair.Public, BouncyCastleCertificate(identity), CmsEnvelopedGenerator.Aes128Wrap);
        return generator.Generate(new CmsProcessableByteArray(_content), new Org.BouncyCastle.Asn1.DerObjectIdentifier(CmsEnvelopedGenerator.Aes128Cbc)).GetEncoded();
    }

    private static byte[] BouncyCastleDecrypt(byte[] message, TestIdentity identity)
    {
        RecipientInformation recipient = new CmsEnvelopedData(message).GetRecipientInfos().GetRecipients().Single();
        return recipient.GetContent(PrivateKeyFactory.CreateKey(identity.Pkcs8));
    }

    private static X509Certificate BouncyCastleCertificate(TestIdentity identity) =>
        new X509CertificateParser().ReadCertificate(identity.Certificate.RawData.ToArray());
}
