using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>Block ciphers in CBC mode with the padding of RFC 5652 §6.3; the parameter is the initialization vector.</summary>
/// <remarks><code>
/// AES-IV ::= OCTET STRING (SIZE(16))      -- RFC 3565 §4.1; IV ::= OCTET STRING -- exactly 8 octets, RFC 3370 §5.1
/// </code></remarks>
internal abstract class CbcFamily(int blockSize) : ContentCipherFamily
{
    /// <inheritdoc/>
    internal override int IvSize => blockSize;

    /// <inheritdoc/>
    internal override ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AsnReader reader) => new() { Iv = ReadIv(reader) };

    /// <inheritdoc/>
    internal override void Encode(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AsnWriter writer) =>
        writer.WriteOctetString(parameters.Iv);

    /// <inheritdoc/>
    internal override long CiphertextSize(long contentSize) => contentSize - (contentSize % blockSize) + blockSize;

    /// <inheritdoc/>
    internal override ContentCipher CreateEncryptor(byte[] key, ContentCipherParameters parameters) =>
        new CbcEncryptor(CreateTransform(key, parameters, encrypt: true), blockSize);

    /// <inheritdoc/>
    internal override ContentCipher CreateDecryptor(byte[] key, ContentCipherParameters parameters) =>
        new CbcDecryptor(CreateTransform(key, parameters, encrypt: false), blockSize);

    /// <summary>Creates CBC without padding.</summary>
    private protected abstract ICryptoTransform CreateTransform(byte[] key, ContentCipherParameters parameters, bool encrypt);

    /// <summary>Creates CBC without padding from an algorithm of the base library, which is disposed.</summary>
    private protected static ICryptoTransform CreateTransform(SymmetricAlgorithm algorithm, byte[] key, byte[] iv, bool encrypt)
    {
        using (algorithm)
        {
            algorithm.Mode = CipherMode.CBC;
            algorithm.Padding = PaddingMode.None;
            algorithm.SetKey(key);
            algorithm.IV = iv;
            return encrypt ? algorithm.CreateEncryptor() : algorithm.CreateDecryptor();
        }
    }

    /// <summary>Reads an initialization vector of the size of a block.</summary>
    private protected byte[] ReadIv(AsnReader reader)
    {
        byte[] iv = reader.ReadOctetString();
        return iv.Length == blockSize
            ? iv
            : throw new MalformedDataException("iv-size", $"The initialization vector has not {blockSize} octets", -1, Field);
    }
}
