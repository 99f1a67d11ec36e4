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

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        var generator = new CmsEnvelopedDataGenerator();
        foreach (TestIdentity recipient in envelope.Several ? [Recipients.Other, envelope.Recipient] : new[] { envelope.Recipient })
        {
            Add(generator, envelope, recipient);
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

    internal static string Agreement(RecipientScheme scheme) => scheme.Derivation!.Name switch
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
