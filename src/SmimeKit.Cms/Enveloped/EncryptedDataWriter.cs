using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Writes EncryptedData, RFC 5652 §8, under the caller's key. Nothing protects its integrity, and it names no recipients.</summary>
public sealed class EncryptedDataWriter : EncryptedContentWriter
{
    private readonly byte[] _unprotectedAttributes;

    private EncryptedDataWriter(Stream output, EncryptedDataWriterOptions options)
        : base(output, options.ContentType, options.ContentLength, ContentEncryption.Create(options.Algorithm, options.ContentLength, options.DerivesContentKey))
    {
        _unprotectedAttributes = UnprotectedAttributesField.Encode(options.UnprotectedAttributes, 1);
        if (!Encryption.IsUsable(options.Key) || options.Key.Length != options.Algorithm.KeySize)
        {
            throw new ArgumentException($"The key is none for {options.Algorithm.Name}: it has another size, or parts that undo each other.", nameof(options));
        }
    }

    private protected override string ContentTypeOid => Oids.EncryptedData;

    private protected override int TailSize => _unprotectedAttributes.Length;

    /// <summary>Begins a message: writes its header.</summary>
    /// <param name="output">The stream to write to; neither closed nor flushed.</param>
    /// <param name="options">The key and everything else.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">The options do not fit together, or the key not the cipher; nothing has been written.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses the cipher.</exception>
    public static async ValueTask<EncryptedDataWriter> OpenAsync(
        Stream output, EncryptedDataWriterOptions options, CancellationToken cancellationToken = default)
    {
        EncryptedDataWriter writer = Create(output, options);
        await writer.BeginAsync(options.Key, synchronous: false, cancellationToken).ConfigureAwait(false);
        return writer;
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static EncryptedDataWriter Open(Stream output, EncryptedDataWriterOptions options)
    {
        EncryptedDataWriter writer = Create(output, options);
        writer.BeginAsync(options.Key, synchronous: true, CancellationToken.None).Finish();
        return writer;
    }

    private protected override ValueTask WriteFieldsAfterContentAsync(ContentCipher cipher, CancellationToken cancellationToken) =>
        Ber.WriteLeafAsync(_unprotectedAttributes, cancellationToken);

    private static EncryptedDataWriter Create(Stream output, EncryptedDataWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Key, nameof(options));
        CheckOptions(options.ContentLength, options.Algorithm, options.Policy);
        return new EncryptedDataWriter(output, options);
    }

    private ValueTask BeginAsync(byte[] key, bool synchronous, CancellationToken cancellationToken)
    {
        byte[] start = CmsVersion.Encode(EnvelopeVersion.OfEncryptedData(_unprotectedAttributes.Length > 0));
        return BeginAsync(key, _ => new ValueTask<byte[]>(start), synchronous, cancellationToken);
    }
}
