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
/// <param name="content">Writes EncapsulatedContentInfo, to <paramref name="ber"/> too.</param>
internal sealed class EncapsulatedContentSpine(BerWriter ber, string type, byte[] beforeContent, EncapsulatedContentInfoWriter content)
{
    private readonly byte[] _type = DerEncoding.Oid(type);

    /// <summary>Makes a spine around content that is the octets of an OCTET STRING.</summary>
    internal EncapsulatedContentSpine(BerWriter ber, string type, byte[] beforeContent, string contentType, long? contentLength)
        : this(
            ber,
            type,
            beforeContent,
            new EncapsulatedContentInfoWriter(ber, DerEncoding.Oid(contentType), contentLength, isBareValue: false))
    {
    }

    /// <summary>Writes up to the first octet of the content.</summary>
    /// <param name="sizeAfterContent">The size of the fields behind EncapsulatedContentInfo; null when it is not known yet.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    internal async ValueTask BeginAsync(long? sizeAfterContent, CancellationToken cancellationToken)
    {
        await BeginTypeAsync(content.Size, sizeAfterContent, cancellationToken).ConfigureAwait(false);
        await content.BeginAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes octets of the content.</summary>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) => content.WriteAsync(octets, cancellationToken);

    /// <summary>Writes up to the field behind EncapsulatedContentInfo.</summary>
    internal ValueTask EndContentAsync(CancellationToken cancellationToken) => content.EndAsync(cancellationToken);

    /// <summary>Writes up to the field behind EncapsulatedContentInfo, which holds no content: it stays outside.</summary>
    internal async ValueTask BeginDetachedAsync(long sizeAfterContent, CancellationToken cancellationToken)
    {
        await BeginTypeAsync(content.DetachedSize, sizeAfterContent, cancellationToken).ConfigureAwait(false);
        await content.WriteDetachedAsync(cancellationToken).ConfigureAwait(false);
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
        long? explicitSize = whole is { } size ? BerWriter.ValueSize(size) : null;
        await ber.BeginAsync(
            EncapsulatedContent.Sequence,
            explicitSize is { } value ? _type.Length + BerWriter.ValueSize(value) : null,
            cancellationToken).ConfigureAwait(false);
        await ber.WriteLeafAsync(_type, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Explicit, explicitSize, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Sequence, whole, cancellationToken).ConfigureAwait(false);
        await ber.WriteLeafAsync(beforeContent, cancellationToken).ConfigureAwait(false);
    }
}
