using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Data;

/// <summary>Hands through content of a type that is not known, as it was received (RFC 5652 §3: the content is ANY).</summary>
/// <remarks>
/// In ContentInfo the content is one encoded value of any type, tag and length included; nothing is taken off it, not even the wrapper of
/// an OCTET STRING, since only the definition of the type says what it means. Inside another layer
/// (<c>CmsReader.OpenNestedAsync</c>) it is all octets of that layer's content, encoded or not. Nothing is interpreted or verified.
/// </remarks>
public sealed class UnknownContentReader : UnprotectedContentReader
{
    private UnknownContentReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
    }

    internal static ValueTask<UnknownContentReader> ReadHeaderAsync(CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken) =>
        BeginAsync(new UnknownContentReader(input, options), cancellationToken);

    private protected override ValueTask BeginAsync(CancellationToken cancellationToken) =>
        Input.Ber.BeginValueAsync(ContentField, cancellationToken);
}
