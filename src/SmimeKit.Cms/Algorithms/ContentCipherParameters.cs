using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The parameters of a content-encryption algorithm: initialization vector or nonce, and the size of the tag.</summary>
/// <remarks><code>
/// AES-IV ::= OCTET STRING (SIZE(16))                                    -- RFC 3565 §4.1
/// GCMParameters ::= SEQUENCE {                                          -- RFC 5084 §3.2
///     aes-nonce   OCTET STRING, -- recommended size is 12 octets
///     aes-ICVlen  AES-GCM-ICVlen DEFAULT 12 }
/// </code></remarks>
internal readonly struct ContentCipherParameters
{
    internal const int MinTagSize = 12; // RFC 5084 §3.2; shorter tags can be guessed (CVE-2026-57062)
    internal const int MaxTagSize = 16;

    internal required byte[] Iv { get; init; }

    internal int TagSize { get; init; }

    /// <summary>Decodes the parameters.</summary>
    /// <exception cref="MalformedDataException">They are absent, or have another form or size than the algorithm's.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The nonce has a size that is legal but not implemented.</exception>
    internal static ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AlgorithmIdentifier identifier)
    {
        const string Field = "contentEncryptionAlgorithm.parameters";
        ContentCipherParameters value = Der.Decode(
            identifier.Parameters, Field, reader => algorithm.IsAuthenticated ? DecodeGcm(reader) : DecodeIv(reader), AsnEncodingRules.BER);
        if (algorithm.IsAuthenticated && value.Iv.Length != algorithm.IvSize)
        {
            // R5084-3.2-c: other sizes than 12 octets have overflowed buffers elsewhere (CVE-2025-15467); nobody writes them.
            throw new UnsupportedAlgorithmException(algorithm.Oid, $"A nonce of {value.Iv.Length} octets is not supported.");
        }

        return value.Iv.Length == algorithm.IvSize
            ? value
            : throw new MalformedDataException("iv-size", $"The initialization vector has not {algorithm.IvSize} octets", -1, Field);
    }

    /// <summary>Encodes an identifier with parameters.</summary>
    internal static AlgorithmIdentifier Encode(ContentEncryptionAlgorithm algorithm, ReadOnlySpan<byte> iv)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (!algorithm.IsAuthenticated)
        {
            writer.WriteOctetString(iv);
            return new AlgorithmIdentifier(algorithm.Oid, writer.Encode());
        }

        using (writer.PushSequence())
        {
            writer.WriteOctetString(iv);
            if (algorithm.TagSize != MinTagSize) // R5084-3.2-d: the default is left out
            {
                writer.WriteInteger(algorithm.TagSize);
            }
        }

        return new AlgorithmIdentifier(algorithm.Oid, writer.Encode());
    }

    private static ContentCipherParameters DecodeIv(AsnReader reader) => new() { Iv = reader.ReadOctetString() };

    private static ContentCipherParameters DecodeGcm(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        byte[] nonce = fields.ReadOctetString();
        int tagSize = MinTagSize;
        if (fields.HasData && !fields.TryReadInt32(out tagSize))
        {
            throw new AsnContentException();
        }

        fields.ThrowIfNotEmpty();
        return tagSize is >= MinTagSize and <= MaxTagSize
            ? new ContentCipherParameters { Iv = nonce, TagSize = tagSize }
            : throw new AsnContentException();
    }
}
