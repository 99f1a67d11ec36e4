using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>Writes the values around encapsulated content: ContentInfo, the content type itself, EncapsulatedContentInfo (RFC 5652 §3, §5.2).</summary>
/// <remarks>
/// With a known length of the content, lengths are definite as far as the size of the fields behind it is known too; else the spine is of
/// indefinite length.
/// </remarks>
/// <param name="ber">Takes the message.</param>
/// <param name="type">The content type of the message as an object identifier.</param>
/// <param name="beforeContent">The encoded fields before EncapsulatedContentInfo.</param>
/// <param name="contentType">The type of the content as an object identifier.</param>
/// <param name="contentLength">The number of octets of the content when it is known.</param>
internal sealed class EncapsulatedContentSpine(BerWriter ber, string type, byte[] beforeContent, string contentType, long? contentLength)
{
    private const byte OctetStringConstructed = 0x24;

    private readonly byte[] _type = DerEncoding.Oid(type);
    private readonly byte[] _contentType = DerEncoding.Oid(contentType);

    /// <summary>Writes up to the first octet of the content.</summary>
    /// <param name="sizeAfterContent">The size of the fields behind EncapsulatedContentInfo; null when it is not known yet.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    internal async ValueTask BeginAsync(long? sizeAfterContent, CancellationToken cancellationToken)
    {
        long? eContent = contentLength is { } length ? BerWriter.ValueSize(length) : null;
        long? encapContentInfo = eContent is { } size ? _contentType.Length + BerWriter.ValueSize(size) : null;
        await BeginTypeAsync(encapContentInfo, sizeAfterContent, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Explicit, eContent, cancellationToken).ConfigureAwait(false);
        if (contentLength is { } known)
        {
            await ber.WritePrimitiveHeaderAsync(EncapsulatedContent.OctetString, known, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ber.BeginAsync(OctetStringConstructed, null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes octets of the content.</summary>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => contentLength is null
        ? ber.WriteSegmentedAsync(content, cancellationToken)
        : ber.WriteContentsAsync(content, cancellationToken);

    /// <summary>Writes up to the field behind EncapsulatedContentInfo.</summary>
    internal async ValueTask EndContentAsync(CancellationToken cancellationToken)
    {
        if (contentLength is null)
        {
            await ber.FlushSegmentAsync(cancellationToken).ConfigureAwait(false);
            await ber.EndAsync(cancellationToken).ConfigureAwait(false); // octet string
        }

        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // eContent
        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // encapContentInfo
    }

    /// <summary>Writes up to the field behind EncapsulatedContentInfo, which holds no content: it stays outside.</summary>
    internal async ValueTask BeginDetachedAsync(long sizeAfterContent, CancellationToken cancellationToken)
    {
        await BeginTypeAsync(_contentType.Length, sizeAfterContent, cancellationToken).ConfigureAwait(false);
        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // encapContentInfo
    }

    /// <summary>Ends the message behind its last field.</summary>
    internal async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // the content type itself
        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // content
        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // contentInfo
    }

    private async ValueTask BeginTypeAsync(long? encapContentInfo, long? sizeAfterContent, CancellationToken cancellationToken)
    {
        long? whole = encapContentInfo is { } encap && sizeAfterContent is { } after
            ? beforeContent.Length + BerWriter.ValueSize(encap) + after
            : null;
        long? content = whole is { } size ? BerWriter.ValueSize(size) : null;
        await ber.BeginAsync(
            EncapsulatedContent.Sequence, content is { } value ? _type.Length + BerWriter.ValueSize(value) : null, cancellationToken).ConfigureAwait(false);
        await ber.WriteLeafAsync(_type, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Explicit, content, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Sequence, whole, cancellationToken).ConfigureAwait(false);
        await ber.WriteLeafAsync(beforeContent, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Sequence, encapContentInfo, cancellationToken).ConfigureAwait(false);
        await ber.WriteLeafAsync(_contentType, cancellationToken).ConfigureAwait(false);
    }
}
