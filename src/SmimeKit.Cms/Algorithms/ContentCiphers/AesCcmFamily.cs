using System.Formats.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES-CCM.</summary>
/// <remarks>
/// References: RFC 5084 §3.1, NIST SP 800-38C. Sizes: key 16, 24 or 32, nonce 7 to 13, tag 4 to 16 and even, written with 16. The nonce is
/// written with 12 octets where the content is below 16 MiB, otherwise with 10, as it shares its block with the length. <code>
/// CCMParameters ::= SEQUENCE {
///     aes-nonce   OCTET STRING (SIZE(7..13)),
///     aes-ICVlen  AES-CCM-ICVlen DEFAULT 12 }
/// AES-CCM-ICVlen ::= INTEGER (4 | 6 | 8 | 10 | 12 | 14 | 16)
/// </code></remarks>
internal sealed class AesCcmFamily : ContentCipherFamily
{
    private const int ShortNonce = 10;

    internal static AesCcmFamily Instance { get; } = new();

    /// <inheritdoc/>
    internal override int IvSize => 12;

    /// <inheritdoc/>
    internal override int TagSize => 16;

    /// <inheritdoc/>
    internal override bool NeedsContentLength => true;

    /// <inheritdoc/>
    internal override int ChooseIvSize(long? contentLength) =>
        contentLength <= CcmCipher.MaxContentOf(IvSize) ? IvSize : ShortNonce;

    /// <inheritdoc/>
    internal override ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AsnReader reader)
    {
        ContentCipherParameters parameters = AesGcmFamily.DecodeNonceAndTagSize(reader);
        return parameters.Iv.Length is >= 7 and <= 13 && parameters.TagSize is 4 or 6 or 8 or 10 or 12 or 14 or 16
            ? parameters
            : throw new AsnContentException();
    }

    /// <inheritdoc/>
    internal override void Encode(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AsnWriter writer) =>
        AesGcmFamily.EncodeNonceAndTagSize(parameters, writer);

    /// <inheritdoc/>
    internal override long CiphertextSize(long contentSize) => contentSize;

    /// <inheritdoc/>
    internal override ContentCipher CreateEncryptor(byte[] key, ContentCipherParameters parameters) =>
        new CcmCipher(key, parameters.Iv, parameters.TagSize, encrypt: true);

    /// <inheritdoc/>
    internal override ContentCipher CreateDecryptor(byte[] key, ContentCipherParameters parameters) =>
        new CcmCipher(key, parameters.Iv, parameters.TagSize, encrypt: false);
}
