using System.Formats.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>ChaCha20-Poly1305.</summary>
/// <remarks>
/// References: RFC 8103, RFC 8439. Sizes: key 32, nonce 12, tag 16. <code>
/// AEADChaCha20Poly1305Nonce ::= OCTET STRING (SIZE(12))
/// </code></remarks>
internal sealed class ChaCha20Poly1305Family : ContentCipherFamily
{
    internal static ChaCha20Poly1305Family Instance { get; } = new();

    /// <inheritdoc/>
    internal override int IvSize => 12;

    /// <inheritdoc/>
    internal override int TagSize => 16;

    /// <inheritdoc/>
    internal override ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AsnReader reader)
    {
        byte[] nonce = reader.ReadOctetString();
        return nonce.Length == IvSize // R8103-3-a
            ? new ContentCipherParameters { Iv = nonce, TagSize = TagSize }
            : throw new MalformedDataException("iv-size", $"The nonce has not {IvSize} octets", -1, Field);
    }

    /// <inheritdoc/>
    internal override void Encode(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AsnWriter writer) =>
        writer.WriteOctetString(parameters.Iv);

    /// <inheritdoc/>
    internal override long CiphertextSize(long contentSize) => contentSize;

    /// <inheritdoc/>
    internal override ContentCipher CreateEncryptor(byte[] key, ContentCipherParameters parameters) =>
        new ChaCha20Poly1305Cipher(key, parameters.Iv, encrypt: true);

    /// <inheritdoc/>
    internal override ContentCipher CreateDecryptor(byte[] key, ContentCipherParameters parameters) =>
        new ChaCha20Poly1305Cipher(key, parameters.Iv, encrypt: false);
}
