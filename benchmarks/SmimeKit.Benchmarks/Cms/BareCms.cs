using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>The ceiling: the same work on bare primitives of the base library in steps of 64 KiB, with no format around it.</summary>
/// <remarks>A message is a key-sized block followed by signed or encrypted octets. GCM is one-shot for each step, its tags included.</remarks>
internal sealed class BareCms(Person person) : CmsContestant
{
    private const int TagSize = 16;

    private readonly RSA _signer = person.Signing.GetRSAPrivateKey()!;
    private readonly RSA _verifier = person.Signing.GetRSAPublicKey()!;
    private readonly RSA _recipient = person.Encryption.GetRSAPublicKey()!;
    private readonly RSA _decryptor = person.Encryption.GetRSAPrivateKey()!;
    private readonly byte[] _buffer = new byte[Step];
    private readonly byte[] _second = new byte[Step + TagSize];

    internal override string Name => "ceiling";

    internal override bool CanGcm => true;

    internal override void SignDetached(string content, string signature)
    {
        byte[] signed = _signer.SignHash(Digest(content, skip: 0, copy: null), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using FileStream output = Write(signature);
        output.Write(signed);
    }

    internal override void VerifyDetached(string content, string signature)
    {
        byte[] signed = File.ReadAllBytes(signature);
        Require(_verifier.VerifyHash(Digest(content, skip: 0, copy: null), signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    internal override void SignAttached(string content, string message)
    {
        using FileStream output = Write(message);
        output.Write(new byte[_signer.KeySize / 8]);
        byte[] signed = _signer.SignHash(Digest(content, skip: 0, output), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        output.Position = 0;
        output.Write(signed);
    }

    internal override void VerifyAttached(string message)
    {
        byte[] signed = new byte[_verifier.KeySize / 8];
        using (FileStream input = Read(message))
        {
            input.ReadExactly(signed);
        }

        Require(_verifier.VerifyHash(Digest(message, signed.Length, copy: null), signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    internal override void Encrypt(string content, string message, bool gcm)
    {
        using FileStream input = Read(content);
        using FileStream output = Write(message);
        byte[] key = RandomNumberGenerator.GetBytes(16);
        output.Write(_recipient.Encrypt(key, RSAEncryptionPadding.Pkcs1));
        if (gcm)
        {
            EncryptGcm(input, output, key);
            return;
        }

        using Aes aes = Aes.Create();
        aes.SetKey(key);
        byte[] iv = new byte[16];
        int count;
        while ((count = input.ReadAtLeast(_buffer, Step, throwOnEndOfStream: false)) == Step)
        {
            aes.EncryptCbc(_buffer, iv, _second, PaddingMode.None);
            _second.AsSpan(Step - iv.Length, iv.Length).CopyTo(iv);
            output.Write(_second, 0, Step);
        }

        output.Write(_second, 0, aes.EncryptCbc(_buffer.AsSpan(0, count), iv, _second));
    }

    internal override void Decrypt(string message, string content, bool gcm)
    {
        using FileStream input = Read(message);
        using FileStream output = Write(content);
        byte[] encryptedKey = new byte[_decryptor.KeySize / 8];
        input.ReadExactly(encryptedKey);
        byte[] key = _decryptor.Decrypt(encryptedKey, RSAEncryptionPadding.Pkcs1);
        if (gcm)
        {
            DecryptGcm(input, output, key);
            return;
        }

        using Aes aes = Aes.Create();
        aes.SetKey(key);
        byte[] iv = new byte[16];
        long left = input.Length - input.Position;
        for (; left > Step; left -= Step)
        {
            input.ReadExactly(_buffer);
            aes.DecryptCbc(_buffer, iv, _second, PaddingMode.None);
            _buffer.AsSpan(Step - iv.Length).CopyTo(iv);
            output.Write(_second, 0, Step);
        }

        input.ReadExactly(_buffer, 0, (int)left);
        output.Write(_second, 0, aes.DecryptCbc(_buffer.AsSpan(0, (int)left), iv, _second));
    }

    private byte[] Digest(string content, int skip, FileStream? copy)
    {
        using FileStream input = Read(content);
        input.Position = skip;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int count;
        while ((count = input.Read(_buffer)) > 0)
        {
            hash.AppendData(_buffer, 0, count);
            copy?.Write(_buffer, 0, count);
        }

        return hash.GetHashAndReset();
    }

    private void EncryptGcm(FileStream input, FileStream output, byte[] key)
    {
        using var aes = new AesGcm(key, TagSize);
        byte[] nonce = new byte[12];
        int count;
        for (long step = 0; (count = input.Read(_buffer)) > 0; step++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(nonce, step);
            aes.Encrypt(nonce, _buffer.AsSpan(0, count), _second.AsSpan(0, count), _second.AsSpan(count, TagSize));
            output.Write(_second, 0, count + TagSize);
        }
    }

    private void DecryptGcm(FileStream input, FileStream output, byte[] key)
    {
        using var aes = new AesGcm(key, TagSize);
        byte[] nonce = new byte[12];
        int count;
        for (long step = 0; (count = input.ReadAtLeast(_second, _second.Length, throwOnEndOfStream: false) - TagSize) > 0; step++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(nonce, step);
            aes.Decrypt(nonce, _second.AsSpan(0, count), _second.AsSpan(count, TagSize), _buffer.AsSpan(0, count));
            output.Write(_buffer, 0, count);
        }
    }
}
