using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>
/// AES-128-GCM from memory to memory: AuthEnvelopedData in a stream beside one call of the base library over all of the content, with the
/// same operation with the key of one RSA-2048 recipient.
/// </summary>
internal sealed class GcmInMemory
{
    private const int Step = 64 * 1024;
    private const int TagSize = 16;

    private readonly Person _person;
    private readonly RSA _publicKey;
    private readonly RSA _privateKey;
    private readonly byte[] _content;
    private readonly byte[] _output;
    private readonly byte[] _ciphertext;
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _tag = new byte[TagSize];
    private readonly CertificateRecipient[] _recipients;
    private readonly Lazy<byte[]> _message;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
    private readonly Lazy<(byte[] Ciphertext, byte[] EncryptedKey)> _bare;

    internal GcmInMemory(Person person, int size)
    {
        _person = person;
        _publicKey = person.Encryption.GetRSAPublicKey()!;
        _privateKey = person.Encryption.GetRSAPrivateKey()!;
        _content = RandomNumberGenerator.GetBytes(size);
        _output = new byte[size + 4096];
        _ciphertext = new byte[size];
        _recipients = [new(person.DecryptionKey.Certificate) { KeyTransport = new KeyTransportScheme.Pkcs1() }];
        _message = new Lazy<byte[]>(() => [.. _output.AsSpan(0, Encrypt())]);
        _bare = new Lazy<(byte[], byte[])>(() => ([.. _output.AsSpan(0, EncryptBare())], _publicKey.Encrypt(_key, RSAEncryptionPadding.Pkcs1)));
    }

    internal int EncryptBare()
    {
        _publicKey.Encrypt(_key, RSAEncryptionPadding.Pkcs1);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(_nonce, _content, _output.AsSpan(0, _content.Length), _tag);
        return _content.Length;
    }

    internal void DecryptBare()
    {
        using var aes = new AesGcm(_privateKey.Decrypt(_bare.Value.EncryptedKey, RSAEncryptionPadding.Pkcs1), TagSize);
        aes.Decrypt(_nonce, _bare.Value.Ciphertext, _tag, _output.AsSpan(0, _content.Length));
    }

    /// <summary>Encrypts in one call, and puts what comes out into a stream, as whoever makes a message has to.</summary>
    internal void EncryptBareToStream()
    {
        _publicKey.Encrypt(_key, RSAEncryptionPadding.Pkcs1);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(_nonce, _content, _ciphertext, _tag);
        using var output = new MemoryStream(_output);
        output.Write(_ciphertext);
    }

    /// <summary>Reads the ciphertext from a stream, and decrypts in one call.</summary>
    internal void DecryptBareFromStream()
    {
        using var input = new MemoryStream(_bare.Value.Ciphertext);
        input.ReadExactly(_ciphertext);
        using var aes = new AesGcm(_privateKey.Decrypt(_bare.Value.EncryptedKey, RSAEncryptionPadding.Pkcs1), TagSize);
        aes.Decrypt(_nonce, _ciphertext, _tag, _output.AsSpan(0, _content.Length));
    }

    /// <summary>Encrypts into a message in memory, and returns its length.</summary>
    internal int Encrypt()
    {
        using var output = new MemoryStream(_output);
        Encrypt(output);
        return (int)output.Position;
    }

    /// <summary>Encrypts, and lets the message go: what is left is the work of the library alone.</summary>
    internal void EncryptToNowhere() => Encrypt(Stream.Null);

    /// <summary>Decrypts: with everything released after the tag, or as it comes.</summary>
    internal void Decrypt(ReleaseMode mode)
    {
        var options = new CmsReaderOptions { ReleaseMode = mode, Limits = new CmsLimits { MaxContentInMemory = _output.Length } };
        using AuthEnvelopedDataReader reader = AuthEnvelopedDataReader.Open(new MemoryStream(_message.Value), options);
        reader.Decrypt([_person.DecryptionKey], Person.Now);
        int at = 0;
        int count;
        while ((count = reader.Content.Read(_output, at, Math.Min(Step, _output.Length - at))) > 0)
        {
            at += count;
        }

        if (reader.Complete().ContentLength != _content.Length)
        {
            throw new InvalidOperationException("The result is wrong.");
        }
    }

    private void Encrypt(Stream output)
    {
        using AuthEnvelopedDataWriter writer = AuthEnvelopedDataWriter.Open(output, new AuthEnvelopedDataWriterOptions
        {
            Recipients = _recipients,
            Algorithm = ContentEncryptionAlgorithm.Aes128Gcm,
            ContentLength = _content.Length,
        });
        for (int at = 0; at < _content.Length; at += Step)
        {
            writer.Content.Write(_content, at, Math.Min(Step, _content.Length - at));
        }

        writer.Complete();
    }
}
