using MimeKit;
using SmimeKit.Mime;

namespace SmimeKit.Tool.Inspection;

/// <summary>Lists the parts of an entity in one pass, with where they begin and end.</summary>
internal sealed class PartReader(Stream entity, SmimeLimits limits, string root) : BoundedMimeReader(entity, limits)
{
    private readonly Stack<(InspectedPart Part, int Children)> _open = new();
    private List<Header> _fields = [];

    internal List<InspectedPart> Parts { get; } = [];

    /// <summary>Reads all parts; MimeKit's refusals become the library's.</summary>
    internal async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadEntityAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            throw new MalformedDataException("mime-structure", "The MIME structure is malformed");
        }
    }

    protected override void OnHeaderBegin(long beginOffset) => _fields = [];

    protected override ValueTask OnFieldAsync(Header header, CancellationToken cancellationToken)
    {
        _fields.Add(header);
        return ValueTask.CompletedTask;
    }

    protected override void OnPartBegin(ContentType contentType, long beginOffset)
    {
        string path = root;
        if (_open.TryPop(out (InspectedPart Part, int Children) parent))
        {
            path = FormattableString.Invariant($"{parent.Part.Path}.{parent.Children + 1}");
            _open.Push((parent.Part, parent.Children + 1));
        }

        var part = new InspectedPart
        {
            Path = path,
            MediaType = contentType.MimeType.ToLowerInvariant(),
            TransferEncoding = _fields.Find(f => f.Id == HeaderId.ContentTransferEncoding)?.Value.Trim().ToLowerInvariant(),
            FileName = FindFileName() ?? contentType.Name,
            Offset = beginOffset,
        };
        Parts.Add(part);
        _open.Push((part, 0));
    }

    protected override ValueTask OnPartEndAsync(long headersEndOffset, long endOffset, CancellationToken cancellationToken)
    {
        InspectedPart part = _open.Pop().Part;
        part.BodyOffset = headersEndOffset;
        part.EndOffset = endOffset;
        return ValueTask.CompletedTask;
    }

    private string? FindFileName() =>
        _fields.Find(f => f.Id == HeaderId.ContentDisposition) is { } field && ContentDisposition.TryParse(field.Value, out ContentDisposition? disposition)
            ? disposition!.FileName
            : null;
}
