using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Data;

/// <summary>
/// Writes a ContentInfo, RFC 5652 §3, around content that nothing protects: id-data (§4), or a type that is not known here. What
/// <see cref="DataReader"/> and <see cref="UnknownContentReader"/> read.
/// </summary>
/// <remarks><code>
/// ContentInfo ::= SEQUENCE {
///     contentType  ContentType,
///     content      [0] EXPLICIT ANY DEFINED BY contentType }
/// Data ::= OCTET STRING
/// </code></remarks>
public sealed class ContentInfoWriter : CmsContentWriter
{
    private readonly EncapsulatedContentInfoWriter _info; // the production is that of EncapsulatedContentInfo
    private readonly DerValueScanner? _value;

    private ContentInfoWriter(Stream output, ContentInfoWriterOptions options)
        : base(output, options.ContentLength)
    {
        bool isData = options.ContentType == Oids.Data;
        _info = new EncapsulatedContentInfoWriter(Ber, DerEncoding.Oid(options.ContentType), options.ContentLength, isBareValue: !isData);
        _value = isData ? null : new DerValueScanner(options.Limits.MaxAsn1Depth, "contentInfo.content");
    }

    /// <summary>Begins a message.</summary>
    /// <param name="output">Takes the message; written forward only, never closed.</param>
    /// <param name="options">What is written; null for id-data of unknown length.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>
    /// The writer, which the caller completes and disposes. Writing and completing throw <see cref="MalformedDataException"/> when the content of another
    /// type than id-data is not one DER value.
    /// </returns>
    public static async ValueTask<ContentInfoWriter> OpenAsync(
        Stream output, ContentInfoWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ContentInfoWriter writer = Create(output, options, synchronous: false);
        return await writer.BeginAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static ContentInfoWriter Open(Stream output, ContentInfoWriterOptions? options = null)
    {
        ContentInfoWriter writer = Create(output, options, synchronous: true);
        return writer.BeginAsync(CancellationToken.None).Finish();
    }

    private protected override ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _value?.Scan(content.Span);
        return _info.WriteAsync(content, cancellationToken);
    }

    private protected override ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        _value?.EnsureComplete();
        return _info.EndAsync(cancellationToken);
    }

    private static ContentInfoWriter Create(Stream output, ContentInfoWriterOptions? options, bool synchronous)
    {
        ArgumentNullException.ThrowIfNull(output);
        options ??= new ContentInfoWriterOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.ContentLength ?? 0, nameof(options));
        return new ContentInfoWriter(output, options) { Synchronous = synchronous };
    }

    private async ValueTask<ContentInfoWriter> BeginAsync(CancellationToken cancellationToken)
    {
        bool written = false;
        try
        {
            await _info.BeginAsync(cancellationToken).ConfigureAwait(false);
            written = true;
            return this;
        }
        finally
        {
            if (!written)
            {
                Dispose();
            }
        }
    }
}
