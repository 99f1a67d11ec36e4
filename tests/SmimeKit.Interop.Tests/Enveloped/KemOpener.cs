using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Agreement.Kdf;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using AlgorithmIdentifier = Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier;
using CmsKemInfo = Org.BouncyCastle.Asn1.Cms.KemRecipientInfo;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>
/// Opens messages whose recipient encapsulates (RFC 9629), with nothing of ours: the ASN.1 classes, the mechanisms and the ciphers of Bouncy
/// Castle, put together by the RFCs. Bouncy Castle for .NET reads KEMRecipientInfo, and does nothing with it.
/// </summary>
internal sealed class KemOpener(byte[] pkcs8)
{
    private const string OriKem = "1.2.840.113549.1.9.16.13.3";
    private const string RsaKem = "1.0.18033.2.2.4";
    private const string Kdf3 = "1.3.133.16.840.9.44.1.2";
    private const string HkdfArc = "1.2.840.113549.1.9.16.3.";
    private const string EnvelopedDataType = "1.2.840.113549.1.7.3";

    private readonly AsymmetricKeyParameter _key = PrivateKeyFactory.CreateKey(pkcs8);

    /// <summary>Gets or sets what is put in the place of the ukm that the message carries; for showing that it counts.</summary>
    internal byte[]? OtherUkm { get; init; }

    /// <summary>Gets the last KEMRecipientInfo that was opened.</summary>
    internal CmsKemInfo? Info { get; private set; }

    /// <summary>Opens an EnvelopedData or an AuthEnvelopedData whose only recipient has this key.</summary>
    internal byte[] Open(byte[] message)
    {
        ContentInfo outer = ContentInfo.GetInstance(Asn1Object.FromByteArray(message));
        if (outer.ContentType.Id == EnvelopedDataType)
        {
            EnvelopedData enveloped = EnvelopedData.GetInstance(outer.Content);
            Assert.Equal(3, enveloped.Version.IntValueExact); // RFC 5652 §6.1: an ori
            return Decrypt(enveloped.EncryptedContentInfo, RecoverKey(enveloped.RecipientInfos), null);
        }

        AuthEnvelopedData authenticated = AuthEnvelopedData.GetInstance(outer.Content);
        Assert.Equal(0, authenticated.Version.IntValueExact);
        return Decrypt(authenticated.AuthEncryptedContentInfo, RecoverKey(authenticated.RecipientInfos), authenticated);
    }

    private byte[] RecoverKey(Asn1Set recipients)
    {
        Asn1Encodable only = Assert.Single(recipients);
        OtherRecipientInfo other = OtherRecipientInfo.GetInstance(Asn1TaggedObject.GetInstance(only, Asn1Tags.ContextSpecific, 4), false);
        Assert.Equal(OriKem, other.OriType.Id);
        byte[] written = other.OriValue.ToAsn1Object().GetEncoded(Asn1Encodable.Der);
        Asn1Sequence fields = Asn1Sequence.GetInstance(written);
        Assert.Equal(0, DerInteger.GetInstance(fields[0]).IntValueExact);
        Info = CmsKemInfo.GetInstance(fields);
        Assert.Equal(written, Info.GetEncoded(Asn1Encodable.Der)); // nothing that the other side leaves out
        int kekLength = DerInteger.GetInstance(fields[5]).IntValueExact;
        byte[] key = Derive(Decapsulate(kekLength), OtherInfo(kekLength), kekLength);
        var wrap = new Rfc3394WrapEngine(new AesEngine());
        wrap.Init(false, new KeyParameter(key));
        Assert.Equal(WrapOid(kekLength), Info.Wrap.Algorithm.Id);
        Assert.Null(Info.Wrap.Parameters);
        byte[] encrypted = Info.EncryptedKey.GetOctets();
        return wrap.Unwrap(encrypted, 0, encrypted.Length);
    }

    private byte[] Decapsulate(int secretLength)
    {
        byte[] ciphertext = Info!.Kemct.GetOctets();
        Assert.Null(Info.Kem.Parameters);
        if (_key is not MLKemPrivateKeyParameters mlKem)
        {
            return DecapsulateRsa(ciphertext, secretLength);
        }

        var decapsulator = new MLKemDecapsulator(mlKem.Parameters);
        decapsulator.Init(mlKem);
        Assert.Equal(decapsulator.EncapsulationLength, ciphertext.Length);
        byte[] secret = new byte[decapsulator.SecretLength];
        decapsulator.Decapsulate(ciphertext, 0, ciphertext.Length, secret, 0, secret.Length);
        return secret;
    }

    // RFC 9690 appendix A.4, with KDF3 and SHA-256 where parameters are absent.
    private byte[] DecapsulateRsa(byte[] ciphertext, int secretLength)
    {
        Assert.Equal(RsaKem, Info!.Kem.Algorithm.Id);
        var rsa = new RsaEngine();
        rsa.Init(false, _key);
        int size = (((RsaKeyParameters)_key).Modulus.BitLength + 7) / 8;
        Assert.Equal(size, ciphertext.Length);
        byte[] z = rsa.ProcessBlock(ciphertext, 0, ciphertext.Length);
        return Concatenate("SHA-256", [.. new byte[size - z.Length], .. z], [], secretLength);
    }

    private byte[] Derive(byte[] secret, byte[] info, int length)
    {
        AlgorithmIdentifier kdf = Info!.Kdf;
        if (kdf.Algorithm.Id == Kdf3)
        {
            return Concatenate(AlgorithmIdentifier.GetInstance(kdf.Parameters).Algorithm.Id, secret, info, length);
        }

        Assert.Null(kdf.Parameters);
        IDigest digest = DigestUtilities.GetDigest(kdf.Algorithm.Id[HkdfArc.Length..] switch
        {
            "28" => "SHA-256",
            "29" => "SHA-384",
            "30" => "SHA-512",
            _ => throw new InvalidOperationException(kdf.Algorithm.Id),
        });
        var generator = new HkdfBytesGenerator(digest);
        generator.Init(new HkdfParameters(secret, null, info));
        byte[] key = new byte[length];
        generator.GenerateBytes(key, 0, length);
        return key;
    }

    private static byte[] Concatenate(string digest, byte[] secret, byte[] info, int length)
    {
        var generator = new ConcatenationKdfGenerator(DigestUtilities.GetDigest(digest));
        generator.Init(new KdfParameters(secret, info));
        byte[] key = new byte[length];
        generator.GenerateBytes(key, 0, length);
        return key;
    }

    // CMSORIforKEMOtherInfo, RFC 9629 §5.
    private byte[] OtherInfo(int kekLength)
    {
        var fields = new Asn1EncodableVector(Info!.Wrap, DerInteger.ValueOf(kekLength));
        if (OtherUkm is not null || Info.Ukm is not null)
        {
            fields.Add(new DerTaggedObject(true, 0, OtherUkm is null ? Info.Ukm : new DerOctetString(OtherUkm)));
        }

        return new DerSequence(fields).GetEncoded(Asn1Encodable.Der);
    }

    private static string WrapOid(int kekLength) => kekLength switch
    {
        16 => "2.16.840.1.101.3.4.1.5",
        24 => "2.16.840.1.101.3.4.1.25",
        _ => "2.16.840.1.101.3.4.1.45",
    };

    private static byte[] Decrypt(EncryptedContentInfo content, byte[] key, AuthEnvelopedData? authenticated)
    {
        byte[] ciphertext = content.EncryptedContent.GetOctets();
        Asn1Encodable parameters = content.ContentEncryptionAlgorithm.Parameters;
        if (authenticated is null)
        {
            IBufferedCipher cbc = CipherUtilities.GetCipher("AES/CBC/PKCS7Padding");
            cbc.Init(false, new ParametersWithIV(new KeyParameter(key), Asn1OctetString.GetInstance(parameters).GetOctets()));
            return cbc.DoFinal(ciphertext);
        }

        byte[] nonce = Asn1OctetString.GetInstance(Asn1Sequence.GetInstance(parameters)[0]).GetOctets();
        byte[] tag = authenticated.Mac.GetOctets();
        IBufferedCipher gcm = CipherUtilities.GetCipher("AES/GCM/NoPadding");
        gcm.Init(false, new AeadParameters(
            new KeyParameter(key), tag.Length * 8, nonce, authenticated.AuthAttrs?.GetEncoded(Asn1Encodable.Der) ?? []));
        return gcm.DoFinal((byte[])[.. ciphertext, .. tag]);
    }
}
