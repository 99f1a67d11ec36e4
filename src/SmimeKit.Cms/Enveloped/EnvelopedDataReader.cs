using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Reads EnvelopedData, RFC 5652 §6: content encrypted for recipients, without integrity protection.</summary>
/// <remarks>
/// The content is unauthenticated: an attacker can change it, and the effect of the change, without knowing the key (EFAIL). Act on it
/// only after a signature inside has verified. <code>
/// EnvelopedData ::= SEQUENCE {
///     version, originatorInfo [0] OPTIONAL, recipientInfos, encryptedContentInfo,
///     unprotectedAttrs  [1] IMPLICIT UnprotectedAttributes OPTIONAL }
/// </code></remarks>
public sealed class EnvelopedDataReader : EncryptedContentReader
{
    private const string Name = "envelopedData";

    private bool _tailRead;

    private EnvelopedDataReader(CmsInput input, EnvelopeHeader header, CmsReaderOptions options)
        : base(input, header, options)
    {
    }

    private protected override bool Authenticates => false;

    private protected override string ContentName => Name;

    /// <summary>Opens a message and reads its header.</summary>
    /// <param name="message">The message as BER, PEM or base64; read forward only, not closed.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not EnvelopedData.</exception>
    /// <exception cref="LimitExceededException">A limit of the options is exceeded.</exception>
    public static async ValueTask<EnvelopedDataReader> OpenAsync(
        Stream message, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        options ??= CmsReaderOptions.Default;
        CmsInput input = await CmsInput.OpenAsync(message, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static EnvelopedDataReader Open(Stream message, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        options ??= CmsReaderOptions.Default;
        CmsInput input = CmsInput.OpenAsync(message, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(input, options, CancellationToken.None).Finish();
    }

    /// <summary>Reads the header from an input that stands at the content; takes over the input, disposing it on failure.</summary>
    internal static async ValueTask<EnvelopedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (input.ContentType != Oids.EnvelopedData)
            {
                throw input.Ber.Malformed("content-type", "The message is not EnvelopedData", "contentInfo.contentType");
            }

            EnvelopeHeader header = await EnvelopeHeader.ReadAsync(input, Name, cancellationToken).ConfigureAwait(false);
            return new EnvelopedDataReader(input, header, options);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private protected override void CheckPlace(ContentEncryptionAlgorithm algorithm)
    {
        // Decrypting AEAD without its tag gives an attacker an oracle for the key (CVE-2026-34182).
        if (algorithm.IsAuthenticated)
        {
            throw new MalformedDataException(
                "aead-in-enveloped-data", "An authenticating cipher belongs into AuthEnvelopedData", -1, "encryptedContentInfo.contentEncryptionAlgorithm");
        }
    }

    // The longer the padding, the less likely a wrong key produced it: one in 256 to the power of its length.
    private protected override int Grade(PlaintextReader plaintext) => plaintext.Padding;

    private protected override int GetExpectedVersion(DecryptionReport report)
    {
        (bool hasOther, bool hasLaterVersion) = RecipientVersionFacts;
        return EnvelopeVersion.Of(Originator, hasOther, hasLaterVersion, report.UnprotectedAttributes.Count > 0);
    }

    private protected override async ValueTask ReadTailAsync(CancellationToken cancellationToken)
    {
        if (!_tailRead)
        {
            _tailRead = true;
            await Input.Ber.LeaveAsync("encryptedContentInfo", cancellationToken).ConfigureAwait(false);
        }
    }

    private protected override async ValueTask<DecryptionReport> ReadRestAsync(DecryptionReport report, CancellationToken cancellationToken) =>
        report with { UnprotectedAttributes = await UnprotectedAttributesField.ReadAsync(Input, cancellationToken).ConfigureAwait(false) };
}
