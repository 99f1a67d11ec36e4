using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>A key pair that signs test certificates, with the AlgorithmIdentifier it signs under.</summary>
internal sealed record TestKey(byte[] PublicKeyInfo, byte[] Algorithm, Func<byte[], byte[]> Sign)
{
    internal static TestKey Ec(ECCurve? curve = null)
    {
        ECDsa key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        return new TestKey(
            key.ExportSubjectPublicKeyInfo(),
            Identifier("1.2.840.10045.4.3.2", withNull: false),
            data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    internal static TestKey Rsa(int size = 2048, HashAlgorithmName? hash = null)
    {
        RSA key = RSA.Create(size);
        HashAlgorithmName name = hash ?? HashAlgorithmName.SHA256;
        string oid = name.Name switch
        {
            "MD5" => "1.2.840.113549.1.1.4",
            "SHA1" => "1.2.840.113549.1.1.5",
            "SHA384" => "1.2.840.113549.1.1.12",
            "SHA512" => "1.2.840.113549.1.1.13",
            _ => "1.2.840.113549.1.1.11",
        };
        return new TestKey(
            key.ExportSubjectPublicKeyInfo(), Identifier(oid, withNull: true), data => key.SignData(data, name, RSASignaturePadding.Pkcs1));
    }

    internal static TestKey Ed25519()
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        return new TestKey(
            SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GeneratePublicKey()).GetDerEncoded(),
            Identifier("1.3.101.112", withNull: false),
            data =>
            {
                var signer = new Ed25519Signer();
                signer.Init(forSigning: true, key);
                signer.BlockUpdate(data);
                return signer.GenerateSignature();
            });
    }

    /// <summary>The same key under another kind of key: nobody here can use it, but certificates can carry it.</summary>
    internal TestKey WithKeyAlgorithm(string oid)
    {
        var reader = new AsnReader(PublicKeyInfo, AsnEncodingRules.DER);
        AsnReader fields = reader.ReadSequence();
        fields.ReadEncodedValue();
        byte[] bits = fields.ReadBitString(out _);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(Identifier(oid, withNull: false));
            writer.WriteBitString(bits);
        }

        return this with { PublicKeyInfo = writer.Encode() };
    }

    internal static byte[] Identifier(string oid, bool withNull)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (withNull)
            {
                writer.WriteNull();
            }
        }

        return writer.Encode();
    }
}
