using SmimeKit.Asn1;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Writes EnvelopedData, RFC 5652 §6. Nothing protects its integrity: sign the content first, and encrypt the signed message.</summary>
public sealed class EnvelopedDataWriter : EncryptedContentWriter
{
    private readonly EnvelopedDataWriterOptions _options;
    private readonly byte[] _unprotectedAttributes;

    private EnvelopedDataWriter(Stream output, EnvelopedDataWriterOptions options)
        : base(output, options.ContentType, options.ContentLength, ContentEncryption.Create(options.Algorithm, options.ContentLength, options.DerivesContentKey))
    {
        _options = options;
        _unprotectedAttributes = UnprotectedAttributesField.Encode(options.UnprotectedAttributes, 1);
    }

    private protected override string ContentTypeOid => Oids.EnvelopedData;

    private protected override int TailSize => _unprotectedAttributes.Length;

    /// <summary>Begins a message: makes its key, encrypts it to the recipients and writes the header.</summary>
    /// <param name="output">The stream to write to; neither closed nor flushed.</param>
    /// <param name="options">The recipients and everything else.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">The options do not fit together; nothing has been written.</exception>
    /// <exception cref="PolicyViolationException">The cipher or a recipient's key is refused by the policy, or its certificate not for encryption.</exception>
    /// <exception cref="UnsupportedAlgorithmException">Encryption to a recipient's kind of key is not implemented.</exception>
    public static async ValueTask<EnvelopedDataWriter> OpenAsync(
        Stream output, EnvelopedDataWriterOptions options, CancellationToken cancellationToken = default)
    {
        RecipientEncryption recipients = Plan(output, options);
        var writer = new EnvelopedDataWriter(output, options);
        await writer.BeginAsync(recipients, options.Originator, writer.GetVersion(recipients), synchronous: false, cancellationToken).ConfigureAwait(false);
        return writer;
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static EnvelopedDataWriter Open(Stream output, EnvelopedDataWriterOptions options)
    {
        RecipientEncryption recipients = Plan(output, options);
        var writer = new EnvelopedDataWriter(output, options);
        writer.BeginAsync(recipients, options.Originator, writer.GetVersion(recipients), synchronous: true, CancellationToken.None).Finish();
        return writer;
    }

    private int GetVersion(RecipientEncryption recipients) =>
        EnvelopeVersion.Of(
            _options.Originator, recipients.HasOther, recipients.HasLaterVersion, hasAttributes: _unprotectedAttributes.Length > 0);

    private protected override ValueTask WriteFieldsAfterContentAsync(ContentCipher cipher, CancellationToken cancellationToken) =>
        Ber.WriteLeafAsync(_unprotectedAttributes, cancellationToken);

    private static RecipientEncryption Plan(Stream output, EnvelopedDataWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Plan(output, options, options.Algorithm);
    }
}
