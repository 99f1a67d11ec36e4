using System.Formats.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES-GCM.</summary>
/// <remarks>
/// References: RFC 5084 §3.2, NIST SP 800-38D. Sizes: key 16, 24 or 32, nonce 12, tag 12 to 16, written with 16. <code>
/// GCMParameters ::= SEQUENCE {
///     aes-nonce   OCTET STRING, -- recommended size is 12 octets
///     aes-ICVlen  AES-GCM-ICVlen DEFAULT 12 }
/// </code></remarks>
internal sealed class AesGcmFamily : ContentCipherFamily
{
    private const int DefaultTagSize = 12;

    internal static AesGcmFamily Instance { get; } = new();

    /// <inheritdoc/>
    internal override int IvSize => 12;

    /// <inheritdoc/>
    internal override int TagSize => 16;

    /// <inheritdoc/>
    internal override ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AsnReader reader)
    {
        ContentCipherParameters parameters = DecodeNonceAndTagSize(reader);
        if (parameters.TagSize is < ContentCipherParameters.MinTagSize or > ContentCipherParameters.MaxTagSize)
        {
            throw new AsnContentException();
        }

        // R5084-3.2-c: other sizes than 12 octets have overflowed buffers elsewhere (CVE-2025-15467); nobody writes them.
        return parameters.Iv.Length == IvSize
            ? parameters
            : throw new UnsupportedAlgorithmException(algorithm.Oid, $"A nonce of {parameters.Iv.Length} octets is not supported.");
    }

    /// <inheritdoc/>
    internal override void Encode(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AsnWriter writer) =>
        EncodeNonceAndTagSize(parameters, writer);

    /// <inheritdoc/>
    internal override long CiphertextSize(long contentSize) => contentSize;

    /// <inheritdoc/>
    internal override ContentCipher CreateEncryptor(byte[] key, ContentCipherParameters parameters) =>
        new GcmCipher(key, parameters.Iv, encrypt: true);

    /// <inheritdoc/>
    internal override ContentCipher CreateDecryptor(byte[] key, ContentCipherParameters parameters) =>
        new GcmCipher(key, parameters.Iv, encrypt: false);

    /// <summary>Decodes what GCMParameters and CCMParameters have in common, of any size.</summary>
    internal static ContentCipherParameters DecodeNonceAndTagSize(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        byte[] nonce = fields.ReadOctetString();
        int tagSize = DefaultTagSize;
        if (fields.HasData && !fields.TryReadInt32(out tagSize))
        {
            throw new AsnContentException();
        }

        fields.ThrowIfNotEmpty();
        return new ContentCipherParameters { Iv = nonce, TagSize = tagSize };
    }

    /// <summary>Encodes GCMParameters or CCMParameters.</summary>
    internal static void EncodeNonceAndTagSize(ContentCipherParameters parameters, AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteOctetString(parameters.Iv);
            if (parameters.TagSize != DefaultTagSize) // R5084-3.2-d: the default is left out
            {
                writer.WriteInteger(parameters.TagSize);
            }
        }
    }
}
