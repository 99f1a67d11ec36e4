using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Mail;

/// <summary>The ceiling: digest, cipher and base64 of the base library over the same octets, in steps, with no format around them.</summary>
internal sealed class BareMail(Person person) : MailContestant
{
    private const int Piece = 57 * 3 * 256;   // a multiple of base64's groups and of the cipher's blocks, near 64 KiB
    private const int EncodedStep = Piece / 3 * 4;

    private readonly RSA _signer = person.Signing.GetRSAPrivateKey()!;
    private readonly RSA _verifier = person.Signing.GetRSAPublicKey()!;
    private readonly RSA _recipient = person.Encryption.GetRSAPublicKey()!;
    private readonly RSA _decryptor = person.Encryption.GetRSAPrivateKey()!;
    private readonly byte[] _plain = new byte[Piece];
    private readonly byte[] _encoded = new byte[EncodedStep];
    private readonly byte[] _cipher = new byte[Piece + 16];
    private readonly byte[] _outer = new byte[EncodedStep + 64];

    internal override string Name => "ceiling";

    internal override void Sign(string attachment, string mail)
    {
        using FileStream input = Read(attachment);
        using FileStream output = Write(mail);
        output.Write(new byte[_signer.KeySize / 8]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int count;
        while ((count = input.ReadAtLeast(_plain, Piece, throwOnEndOfStream: false)) > 0)
        {
            Base64.EncodeToUtf8(_plain.AsSpan(0, count), _encoded, out _, out int written);
            hash.AppendData(_encoded, 0, written);
            output.Write(_encoded, 0, written);
        }

        output.Position = 0;
        output.Write(_signer.SignHash(hash.GetHashAndReset(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    internal override void Verify(string mail)
    {
        using FileStream input = Read(mail);
        byte[] signature = new byte[_verifier.KeySize / 8];
        input.ReadExactly(signature);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int count;
        while ((count = input.Read(_encoded)) > 0)
        {
            hash.AppendData(_encoded, 0, count);
        }

        Require(_verifier.VerifyHash(hash.GetHashAndReset(), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    internal override void Encrypt(string attachment, string mail)
    {
        using FileStream input = Read(attachment);
        using FileStream output = Write(mail);
        byte[] key = RandomNumberGenerator.GetBytes(16);
        output.Write(_recipient.Encrypt(key, RSAEncryptionPadding.Pkcs1));
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        byte[] iv = new byte[16];
        int pending = 0;
        int count;
        while ((count = input.ReadAtLeast(_plain.AsSpan(0, Piece / 4 * 3), Piece / 4 * 3, throwOnEndOfStream: false)) > 0)
        {
            Base64.EncodeToUtf8(_plain.AsSpan(0, count), _encoded.AsSpan(pending), out _, out int written);
            pending += written;
            int whole = pending / 48 * 48; // cipher blocks that are base64 groups too
            aes.EncryptCbc(_encoded.AsSpan(0, whole), iv, _cipher, PaddingMode.None);
            _cipher.AsSpan(whole - iv.Length, iv.Length).CopyTo(iv);
            WriteBase64(output, whole);
            _encoded.AsSpan(whole, pending - whole).CopyTo(_encoded);
            pending -= whole;
        }

        WriteBase64(output, aes.EncryptCbc(_encoded.AsSpan(0, pending), iv, _cipher));
    }

    internal override void Open(string mail, string entity)
    {
        using FileStream input = Read(mail);
        using FileStream output = Write(entity);
        byte[] encryptedKey = new byte[_decryptor.KeySize / 8];
        input.ReadExactly(encryptedKey);
        using Aes aes = Aes.Create();
        aes.SetKey(_decryptor.Decrypt(encryptedKey, RSAEncryptionPadding.Pkcs1));
        byte[] iv = new byte[16];
        long left = input.Length - input.Position;
        for (; left > 0; left -= EncodedStep)
        {
            int count = (int)Math.Min(EncodedStep, left);
            input.ReadExactly(_outer, 0, count);
            if (Base64.DecodeFromUtf8(_outer.AsSpan(0, count), _cipher, out _, out int size) != OperationStatus.Done)
            {
                throw new InvalidOperationException("The base64 is wrong.");
            }

            int plain = aes.DecryptCbc(_cipher.AsSpan(0, size), iv, _plain, left > EncodedStep ? PaddingMode.None : PaddingMode.PKCS7);
            _cipher.AsSpan(size - iv.Length, iv.Length).CopyTo(iv);
            output.Write(_plain, 0, plain);
        }
    }

    private void WriteBase64(FileStream output, int count)
    {
        Base64.EncodeToUtf8(_cipher.AsSpan(0, count), _outer, out _, out int written);
        output.Write(_outer, 0, written);
    }
}
