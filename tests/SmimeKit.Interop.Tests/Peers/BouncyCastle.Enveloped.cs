using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using SmimeKit.Certificates;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;
using AlgorithmIdentifier = Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier;
using X509Certificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Interop.Tests.Peers;

/// <content>EnvelopedData.</content>
public sealed partial class BouncyCastle
{
    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        try
        {
            ICollection<RecipientInformation> infos = new CmsEnvelopedData(message).GetRecipientInfos().GetRecipients();
            X509Certificate certificate = Certificate(recipient);
            RecipientInformation? own = infos.SingleOrDefault(i => i.RecipientID.Match(certificate));
            return own is null ? "no recipient matches"
                : own.GetContent(Key(recipient)).AsSpan().SequenceEqual(content) ? null
                : "the content differs";
        }
        catch (Exception e) when (e is CmsException or ArgumentException)
        {
            return e.Message + ": " + e.InnerException?.Message;
        }
    }

    public string? FindObjection(byte[] message, byte[] content, EnvelopeCase envelope)
    {
        if (!envelope.Scheme.IsSymmetric)
        {
            return FindObjection(message, content, envelope.Recipient);
        }

        try
        {
            foreach (RecipientInformation info in new CmsEnvelopedData(message).GetRecipientInfos().GetRecipients())
            {
                byte[]? read = info switch
                {
                    KekRecipientInformation kek => kek.GetContent(ParameterUtilities.CreateKeyParameter("AES", envelope.KeyEncryptionKey)),
                    PasswordRecipientInformation password => password.GetContent(
                        new Pkcs5Scheme2Utf8PbeKey(RecipientRow.Password.ToCharArray(), password.KeyDerivationAlgorithm)),
                    _ => null,
                };
                if (read is not null)
                {
                    return read.AsSpan().SequenceEqual(content) ? null : "the content differs";
                }
            }

            return "no recipient matches";
        }
        catch (Exception e) when (e is CmsException or CryptoException or ArgumentException)
        {
            return e.Message + ": " + e.InnerException?.Message;
        }
    }

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        var generator = new CmsEnvelopedDataGenerator();
        foreach (TestIdentity recipient in envelope.CertificateRecipients)
        {
            Add(generator, envelope, recipient);
        }

        if (envelope.Scheme.IsKeyEncryptionKey)
        {
            generator.AddKekRecipient(
                "AES" + (envelope.Cipher.KeySize * 8), ParameterUtilities.CreateKeyParameter("AES", envelope.KeyEncryptionKey), RecipientRow.KeyIdentifier);
        }
        else if (envelope.Scheme.PasswordDigest is not null)
        {
            var key = new Pkcs5Scheme2Utf8PbeKey(RecipientRow.Password.ToCharArray(), new byte[16], 1000);
            generator.AddPasswordRecipient(key, envelope.Cipher.KeySize switch
            {
                16 => CmsEnvelopedGenerator.Aes128Cbc,
                24 => CmsEnvelopedGenerator.Aes192Cbc,
                _ => CmsEnvelopedGenerator.Aes256Cbc,
            });
        }

        CmsEnvelopedData message = generator.Generate(new CmsProcessableByteArray(content), new DerObjectIdentifier(envelope.Cipher.Oid));
        return envelope.Definite ? message.ContentInfo.GetEncoded(Asn1Encodable.Der) : message.GetEncoded();
    }

    private static void Add(CmsEnvelopedDataGenerator generator, EnvelopeCase envelope, TestIdentity recipient)
    {
        X509Certificate certificate = Certificate(recipient);
        byte[]? identifier = envelope.KeyIdentifier ? recipient.Certificate.SubjectKeyIdentifier.ToArray() : null;
        if (recipient.Certificate.PublicKey.IsRsa)
        {
            var wrapper = new Asn1KeyWrapper(Transport(envelope.Scheme.OaepParameters), certificate);
            generator.AddRecipientInfoGenerator(identifier is null
                ? new KeyTransRecipientInfoGenerator(certificate, wrapper)
                : new KeyTransRecipientInfoGenerator(identifier, wrapper));
            return;
        }

        var key = (ECPublicKeyParameters)certificate.GetPublicKey();
        IAsymmetricCipherKeyPairGenerator keys = GeneratorUtilities.GetKeyPairGenerator("ECDH");
        keys.Init(new ECKeyGenerationParameters(key.PublicKeyParamSet, new SecureRandom()));
        AsymmetricCipherKeyPair ephemeral = keys.GenerateKeyPair();
        (string agreement, string wrap) = (Agreement(envelope.Scheme), Wrap(envelope.Cipher.KeySize));
        if (identifier is null)
        {
            generator.AddKeyAgreementRecipient(agreement, ephemeral.Private, ephemeral.Public, certificate, wrap);
        }
        else
        {
            generator.AddKeyAgreementRecipient(agreement, ephemeral.Private, ephemeral.Public, identifier, key, wrap);
        }
    }

    internal static AlgorithmIdentifier Transport(KeyTransportScheme.Oaep? oaep)
    {
        if (oaep is null)
        {
            return new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance);
        }

        var parameters = new RsaesOaepParameters(
            Digest(oaep.Digest.Oid),
            new AlgorithmIdentifier(PkcsObjectIdentifiers.IdMgf1, Digest(oaep.MgfDigest.Oid)),
            new AlgorithmIdentifier(PkcsObjectIdentifiers.IdPSpecified, new DerOctetString(oaep.Label.ToArray())));
        return new AlgorithmIdentifier(PkcsObjectIdentifiers.IdRsaesOaep, parameters);
    }

    private static AlgorithmIdentifier Digest(string oid) => new(new DerObjectIdentifier(oid), DerNull.Instance);

    internal static string Agreement(RecipientRow scheme) => scheme.Derivation!.Name switch
    {
        "sha-1" => CmsEnvelopedGenerator.ECDHSha1Kdf,
        "sha-256" => CmsEnvelopedGenerator.ECDHSha256Kdf,
        "sha-384" => CmsEnvelopedGenerator.ECDHSha384Kdf,
        _ => CmsEnvelopedGenerator.ECDHSha512Kdf,
    };

    internal static string Wrap(int size) => size switch
    {
        16 => CmsEnvelopedGenerator.Aes128Wrap,
        24 => CmsEnvelopedGenerator.Aes192Wrap,
        _ => CmsEnvelopedGenerator.Aes256Wrap,
    };
}
