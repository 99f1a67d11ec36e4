using MimeKit;

namespace SmimeKit.Mime;

/// <summary>Reads an entity for its <see cref="ErrantParts"/>.</summary>
internal sealed class ErrantPartFinder(Stream stream, SmimeLimits limits, string root) : BoundedMimeReader(stream, limits)
{
    private readonly ErrantParts _parts = new(root);

    internal IReadOnlyList<string> Found => _parts.Found;

    protected override void OnHeaderBegin(long beginOffset) => _parts.BeginHeader();

    protected override ValueTask OnFieldAsync(Header header, CancellationToken cancellationToken)
    {
        _parts.AddField(header);
        return ValueTask.CompletedTask;
    }

    protected override void OnPartBegin(ContentType contentType, long beginOffset) => _parts.BeginPart(contentType);

    protected override ValueTask OnPartEndAsync(long headersEndOffset, long endOffset, CancellationToken cancellationToken)
    {
        _parts.EndPart();
        return ValueTask.CompletedTask;
    }
}
