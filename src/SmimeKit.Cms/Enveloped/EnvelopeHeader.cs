using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>What EnvelopedData and AuthEnvelopedData hold before the ciphertext, RFC 5652 §6.1 and RFC 5083 §2.1.</summary>
/// <remarks><code>
/// EncryptedContentInfo ::= SEQUENCE {
///     contentType                 ContentType,
///     contentEncryptionAlgorithm  ContentEncryptionAlgorithmIdentifier,
///     encryptedContent            [0] IMPLICIT OCTET STRING OPTIONAL }
/// </code></remarks>
internal sealed class EnvelopeHeader
{
    private const byte Sequence = 0x30;
    private const byte EncryptedContent = 0x80; // the primitive form; 0xA0 when in segments
    private const string Field = "encryptedContentInfo";

    internal required RecipientsHeader Start { get; init; }

    internal required string ContentType { get; init; }

    internal required AlgorithmIdentifier ContentEncryptionAlgorithm { get; init; }

    /// <summary>Gets whether the ciphertext is part of the message; its octets come next then.</summary>
    internal required bool HasEncryptedContent { get; init; }

    /// <summary>Enters the value and reads up to the first octet of the ciphertext.</summary>
    internal static async ValueTask<EnvelopeHeader> ReadAsync(CmsInput input, string name, CancellationToken cancellationToken)
    {
        RecipientsHeader start = await RecipientsHeader.ReadAsync(input, name, cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReadContentInfoAsync(input, start, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    private static async ValueTask<EnvelopeHeader> ReadContentInfoAsync(
        CmsInput input, RecipientsHeader start, CancellationToken cancellationToken)
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

        return new EnvelopeHeader
        {
            Start = start,
            ContentType = contentType,
            ContentEncryptionAlgorithm = algorithm,
            HasEncryptedContent = present,
        };
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
