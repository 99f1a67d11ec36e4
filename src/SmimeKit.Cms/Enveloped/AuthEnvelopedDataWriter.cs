using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Writes AuthEnvelopedData, RFC 5083: the content and the attributes get a tag that reveals any change.</summary>
public sealed class AuthEnvelopedDataWriter : EncryptedContentWriter
{
    private const byte OctetString = 0x04;
    private const byte AttributesTag = 0xA1;

    private readonly byte[] _additionalData;
    private readonly byte[] _unauthenticatedAttributes;
    private readonly int _tagSize;
    private readonly long? _contentLength;
    private readonly EncryptedSpool? _waiting; // for its length, which is to be known first

    private AuthEnvelopedDataWriter(Stream output, AuthEnvelopedDataWriterOptions options)
        : base(output, options.ContentType, options.ContentLength, ContentEncryption.Create(options.Algorithm, options.ContentLength, options.DerivesContentKey))
    {
        CmsAttributes attributes = Complete(options);
        _additionalData = attributes.Count == 0 ? [] : attributes.Encode(Asn1Tag.SetOf);
        _unauthenticatedAttributes = UnprotectedAttributesField.Encode(options.UnauthenticatedAttributes, 2);
        _tagSize = options.Algorithm.TagSize;
        _contentLength = options.ContentLength;
        _waiting = options.Algorithm.NeedsContentLength && options.ContentLength is null
            ? new EncryptedSpool(options.Limits, options.SpoolFolder)
            : null;
    }

    private protected override string ContentTypeOid => Oids.AuthEnvelopedData;

    private protected override int TailSize => _additionalData.Length + 2 + _tagSize + _unauthenticatedAttributes.Length;

    /// <summary>Begins a message: makes its key, encrypts it to the recipients and writes the header.</summary>
    /// <param name="output">The stream to write to; neither closed nor flushed.</param>
    /// <param name="options">The recipients and everything else.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">The options do not fit together; nothing has been written.</exception>
    /// <exception cref="PolicyViolationException">The cipher or a recipient's key is refused by the policy, or its certificate not for encryption.</exception>
    /// <exception cref="UnsupportedAlgorithmException">Encryption to a recipient's kind of key is not implemented.</exception>
    public static async ValueTask<AuthEnvelopedDataWriter> OpenAsync(
        Stream output, AuthEnvelopedDataWriterOptions options, CancellationToken cancellationToken = default)
    {
        RecipientEncryption recipients = Plan(output, options);
        var writer = new AuthEnvelopedDataWriter(output, options);
        await writer.BeginAsync(recipients, options.Originator, EnvelopeVersion.OfAuthEnvelopedData, synchronous: false, cancellationToken).ConfigureAwait(false);
        return writer;
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static AuthEnvelopedDataWriter Open(Stream output, AuthEnvelopedDataWriterOptions options)
    {
        RecipientEncryption recipients = Plan(output, options);
        var writer = new AuthEnvelopedDataWriter(output, options);
        writer.BeginAsync(recipients, options.Originator, EnvelopeVersion.OfAuthEnvelopedData, synchronous: true, CancellationToken.None).Finish();
        return writer;
    }

    /// <inheritdoc/>
    private protected override void BeginCipher(ContentCipher cipher)
    {
        if (_waiting is null)
        {
            Begin(cipher, _contentLength ?? 0);
        }
    }

    /// <inheritdoc/>
    private protected override ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (_waiting is null)
        {
            return base.WriteContentAsync(content, cancellationToken);
        }

        _waiting.Write(content.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        if (_waiting is not null)
        {
            Begin(Cipher, _waiting.Length); // R5084-3.1-d
            await WriteWaitingAsync(_waiting, cancellationToken).ConfigureAwait(false);
        }

        await base.WriteTailAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    private protected override void Release()
    {
        base.Release();
        _waiting?.Dispose();
    }

    private protected override async ValueTask WriteFieldsAfterContentAsync(ContentCipher cipher, CancellationToken cancellationToken)
    {
        byte[] tag = new byte[ContentCipherParameters.MaxTagSize];
        ((AuthenticatingCipher)cipher).ComputeTag(_additionalData, tag);
        if (_additionalData.Length > 0)
        {
            // The tag covers the set under its universal tag; in the message it carries [1] (RFC 5083 §2.2).
            await Ber.WriteLeafAsync((byte[])[AttributesTag, .. _additionalData.AsSpan(1)], cancellationToken).ConfigureAwait(false);
        }

        await Ber.WriteLeafAsync((byte[])[OctetString, (byte)_tagSize, .. tag.AsSpan(0, _tagSize)], cancellationToken).ConfigureAwait(false);
        await Ber.WriteLeafAsync(_unauthenticatedAttributes, cancellationToken).ConfigureAwait(false);
    }

    private void Begin(ContentCipher cipher, long contentLength)
    {
        if (!((AuthenticatingCipher)cipher).Begin(_additionalData, contentLength))
        {
            throw new LimitExceededException(nameof(CcmCipher.MaxContent), CcmCipher.MaxContent);
        }
    }

    private async ValueTask WriteWaitingAsync(EncryptedSpool waiting, CancellationToken cancellationToken)
    {
        waiting.Rewind();
        byte[] buffer = PooledBytes.Rent(ContentCipher.PieceSize);
        try
        {
            int count;
            while ((count = waiting.Read(buffer)) > 0)
            {
                await base.WriteContentAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            PooledBytes.Return(ref buffer, buffer.Length);
        }
    }

    // R5083-2.1-d, R5083-2.1-e.
    private static CmsAttributes Complete(AuthEnvelopedDataWriterOptions options)
    {
        CmsAttributes attributes = options.AuthenticatedAttributes;
        if (attributes.OfType(Oids.MessageDigest).Any())
        {
            throw new ArgumentException("A message-digest attribute would tell about the content.", nameof(options));
        }

        byte[] value = DerEncoding.Oid(options.ContentType);
        if (attributes.OfType(Oids.ContentType).Any())
        {
            return attributes.FindSingle(Oids.ContentType) is { } given && given.Span.SequenceEqual(value)
                ? attributes
                : throw new ArgumentException("The content-type attribute differs from the content's type.", nameof(options));
        }

        return options.ContentType == Oids.Data
            ? attributes
            : new CmsAttributes([new CmsAttribute(Oids.ContentType, value), .. attributes]);
    }

    private static RecipientEncryption Plan(Stream output, AuthEnvelopedDataWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Plan(output, options, options.Algorithm);
    }
}
