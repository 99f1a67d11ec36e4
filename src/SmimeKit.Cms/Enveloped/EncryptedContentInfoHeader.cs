using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>What <c>EncryptedContentInfo</c> holds before the ciphertext, RFC 5652 §6.1.</summary>
/// <remarks><code>
/// EncryptedContentInfo ::= SEQUENCE {
///     contentType                 ContentType,
///     contentEncryptionAlgorithm  ContentEncryptionAlgorithmIdentifier,
///     encryptedContent            [0] IMPLICIT OCTET STRING OPTIONAL }
/// </code></remarks>
internal sealed class EncryptedContentInfoHeader
{
    private const byte Sequence = 0x30;
    private const byte EncryptedContent = 0x80; // the primitive form; 0xA0 when in segments
    private const string Field = "encryptedContentInfo";

    internal required string ContentType { get; init; }

    internal required AlgorithmIdentifier ContentEncryptionAlgorithm { get; init; }

    /// <summary>Gets whether the ciphertext is part of the message; its octets come next then.</summary>
    internal required bool HasEncryptedContent { get; init; }

    /// <summary>Enters the value and reads up to the first octet of the ciphertext.</summary>
    internal static async ValueTask<EncryptedContentInfoHeader> ReadAsync(CmsInput input, CancellationToken cancellationToken)
    {
        BerTokenizer ber = input.Ber;
        await ber.EnterAsync(Sequence, Field, cancellationToken).ConfigureAwait(false);
        string contentType = await input.ReadOidAsync(Field + ".contentType", cancellationToken).ConfigureAwait(false);
        AlgorithmIdentifier algorithm = await ReadAlgorithmAsync(ber, input.Limits, cancellationToken).ConfigureAwait(false);
        bool present = await ber.PeekAsync(Field, cancellationToken).ConfigureAwait(false) is not null;
        if (present)
        {
            await ber.BeginOctetStringAsync(EncryptedContent, Field + ".encryptedContent", cancellationToken).ConfigureAwait(false);
        }

        return new EncryptedContentInfoHeader
        {
            ContentType = contentType,
            ContentEncryptionAlgorithm = algorithm,
            HasEncryptedContent = present,
        };
    }

    /// <summary>Refuses a message whose ciphertext is elsewhere.</summary>
    internal void RequireEncryptedContent()
    {
        if (!HasEncryptedContent)
        {
            throw new MalformedDataException(
                "encrypted-content-absent", "The message does not contain its ciphertext", -1, Field + ".encryptedContent");
        }
    }

    private static async ValueTask<AlgorithmIdentifier> ReadAlgorithmAsync(BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Algorithm = Field + ".contentEncryptionAlgorithm";
        byte[] encoded = await ber.ReadLeafAsync(Algorithm, limits.MaxAttributesSize, nameof(limits.MaxAttributesSize), cancellationToken)
            .ConfigureAwait(false);
        return Der.Decode(
            encoded, Algorithm, reader => reader.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, ber.Position - encoded.Length);
    }
}
