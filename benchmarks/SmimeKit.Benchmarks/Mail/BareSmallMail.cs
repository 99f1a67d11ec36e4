using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>The ceiling: the same RSA, elliptic-curve, AES, SHA-256 and base64 operations, without ASN.1 and MIME.</summary>
/// <remarks>
/// The receiver does not know the sender: it imports the public key from the mail's certificate and verifies the certificate with the
/// issuer's key, which it has. Elliptic curves: an ephemeral key for each mail, X9.63 key derivation, AES key wrap left out.
/// </remarks>
internal sealed class BareSmallMail : SmallMail
{
    private readonly Person _person;
    private readonly byte[] _content = Encoding.ASCII.GetBytes(Text);
    private readonly byte[] _senderKey;
    private readonly byte[] _tbs;
    private readonly byte[] _certificateSignature;
    private readonly RSA? _rsaSigner;
    private readonly RSA? _rsaRecipient;
    private readonly RSA? _rsaDecryptor;
    private readonly ECDsa? _ecSigner;
    private readonly ECDiffieHellman? _ecRecipient;
    private readonly ECDiffieHellman? _ecDecryptor;

    internal BareSmallMail(Person person)
    {
        _person = person;
        _senderKey = person.Signing.PublicKey.ExportSubjectPublicKeyInfo();
        _tbs = person.BcSigning.GetTbsCertificate();
        _certificateSignature = person.BcSigning.GetSignature();
        if (person.IsRsa)
        {
            _rsaSigner = person.Signing.GetRSAPrivateKey();
            _rsaRecipient = person.Encryption.GetRSAPublicKey();
            _rsaDecryptor = person.Encryption.GetRSAPrivateKey();
        }
        else
        {
            _ecSigner = person.Signing.GetECDsaPrivateKey();
            _ecRecipient = person.Encryption.GetECDiffieHellmanPublicKey();
            _ecDecryptor = person.Encryption.GetECDiffieHellmanPrivateKey();
        }
    }

    internal override string Name => "ceiling";

    internal override byte[] SignEncrypt()
    {
        byte[] digest = SHA256.HashData(_content);
        byte[] signature = _rsaSigner?.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ?? _ecSigner!.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        byte[] inner = [(byte)signature.Length, .. signature, .. _content];
        byte[] key = RandomNumberGenerator.GetBytes(16);
        byte[] transported = _rsaRecipient?.Encrypt(key, RSAEncryptionPadding.Pkcs1) ?? Agree(out key);
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        byte[] plain = [(byte)transported.Length, .. transported, .. aes.EncryptCbc(inner, new byte[16])];
        byte[] encoded = new byte[Base64.GetMaxEncodedToUtf8Length(plain.Length)];
        Base64.EncodeToUtf8(plain, encoded, out _, out _);
        return encoded;
    }

    internal override void DecryptVerify(byte[] mail)
    {
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(mail.Length)];
        Base64.DecodeFromUtf8(mail, decoded, out _, out int size);
        int transportSize = decoded[0] == 0 ? 256 : decoded[0];
        ReadOnlySpan<byte> transported = decoded.AsSpan(1, transportSize);
        using Aes aes = Aes.Create();
        aes.SetKey(_rsaDecryptor?.Decrypt(transported, RSAEncryptionPadding.Pkcs1) ?? Agree(transported));
        byte[] inner = aes.DecryptCbc(decoded.AsSpan(1 + transportSize, size - 1 - transportSize), new byte[16]);
        int signatureSize = inner[0] == 0 ? 256 : inner[0];
        ReadOnlySpan<byte> signature = inner.AsSpan(1, signatureSize);
        byte[] digest = SHA256.HashData(inner.AsSpan(1 + signatureSize));
        Require(VerifyHash(digest, signature) && _person.Issuer.Verifies(_tbs, _certificateSignature));
    }

    private bool VerifyHash(byte[] digest, ReadOnlySpan<byte> signature)
    {
        if (_person.IsRsa)
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(_senderKey, out _);
            return rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(_senderKey, out _);
        return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    private byte[] Agree(out byte[] key)
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        key = ephemeral.DeriveKeyFromHash(_ecRecipient!.PublicKey, HashAlgorithmName.SHA256)[..16];
        return ephemeral.PublicKey.ExportSubjectPublicKeyInfo();
    }

    private byte[] Agree(ReadOnlySpan<byte> transported)
    {
        using var ephemeral = ECDiffieHellman.Create();
        ephemeral.ImportSubjectPublicKeyInfo(transported, out _);
        return _ecDecryptor!.DeriveKeyFromHash(ephemeral.PublicKey, HashAlgorithmName.SHA256)[..16];
    }
}
