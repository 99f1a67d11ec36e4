using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>Writes EncapsulatedContentInfo, RFC 5652 §5.2, with its content inside or outside.</summary>
/// <param name="ber">Takes the value.</param>
/// <param name="contentType">The encoded object identifier of the type of the content.</param>
/// <param name="contentLength">The number of octets of the content when it is known: then the lengths are definite.</param>
/// <param name="isBareValue">
/// Whether the content is an encoded value that stands in eContent itself, as in PKCS #7, and not the octets of an OCTET STRING there.
/// </param>
internal sealed class EncapsulatedContentInfoWriter(BerWriter ber, byte[] contentType, long? contentLength, bool isBareValue)
{
    private const byte OctetStringConstructed = 0x24;

    private bool IsSegmented => contentLength is null && !isBareValue;

    // The contents of [0].
    private long? ExplicitSize => isBareValue || contentLength is null ? contentLength : BerWriter.ValueSize(contentLength.Value);

    /// <summary>Gets the number of contents octets of the whole when it is known.</summary>
    internal long? Size => ExplicitSize is { } size ? contentType.Length + BerWriter.ValueSize(size) : null;

    /// <summary>Gets the number of contents octets of the whole without content.</summary>
    internal long DetachedSize => contentType.Length;

    /// <summary>Writes up to the first octet of the content.</summary>
    internal async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        await BeginTypeAsync(Size, cancellationToken).ConfigureAwait(false);
        await ber.BeginAsync(EncapsulatedContent.Explicit, ExplicitSize, cancellationToken).ConfigureAwait(false);
        if (IsSegmented)
        {
            await ber.BeginAsync(OctetStringConstructed, null, cancellationToken).ConfigureAwait(false);
        }
        else if (!isBareValue)
        {
            await ber.WritePrimitiveHeaderAsync(EncapsulatedContent.OctetString, contentLength!.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes octets of the content.</summary>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => IsSegmented
        ? ber.WriteSegmentedAsync(content, cancellationToken)
        : ber.WriteContentsAsync(content, cancellationToken);

    /// <summary>Writes what follows the last octet of the content.</summary>
    internal async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (IsSegmented)
        {
            await ber.FlushSegmentAsync(cancellationToken).ConfigureAwait(false);
            await ber.EndAsync(cancellationToken).ConfigureAwait(false); // octet string
        }

        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // eContent
        await ber.EndAsync(cancellationToken).ConfigureAwait(false); // encapContentInfo
    }

    /// <summary>Writes the whole without content, which stays outside.</summary>
    internal async ValueTask WriteDetachedAsync(CancellationToken cancellationToken)
    {
        await BeginTypeAsync(DetachedSize, cancellationToken).ConfigureAwait(false);
        await ber.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask BeginTypeAsync(long? size, CancellationToken cancellationToken)
    {
        await ber.BeginAsync(EncapsulatedContent.Sequence, size, cancellationToken).ConfigureAwait(false);
        await ber.WriteLeafAsync(contentType, cancellationToken).ConfigureAwait(false);
    }
}
