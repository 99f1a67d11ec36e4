using MimeKit;

namespace SmimeKit.Tool.Inspection;

/// <summary>Lists the parts of an entity in one pass, with where they begin and end.</summary>
internal sealed class PartReader : MimeReader
{
    private readonly SmimeLimits _limits;
    private readonly string _root;
    private readonly Stack<(InspectedPart Part, int Children)> _open = new();
    private List<Header> _fields = [];
    private long _headerSize;

    internal PartReader(Stream entity, SmimeLimits limits, string root)
        : base(CreateOptions(limits), entity, MimeFormat.Entity)
    {
        _limits = limits;
        _root = root;
    }

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

    protected override Task OnHeadersBeginAsync(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        _fields = [];
        _headerSize = 0;
        return Task.CompletedTask;
    }

    protected override Task OnHeaderReadAsync(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        _fields.Add(header);
        _headerSize += header.RawField.Length + 1 + header.RawValue.Length;
        if (_headerSize > _limits.MaxHeaderSize)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderSize), _limits.MaxHeaderSize);
        }

        return _fields.Count > _limits.MaxHeaderFields
            ? throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderFields), _limits.MaxHeaderFields)
            : Task.CompletedTask;
    }

    protected override Task OnMimePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, beginOffset);

    protected override Task OnMultipartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, beginOffset);

    protected override Task OnMessagePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, beginOffset);

    protected override Task OnMimePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        End(headersEndOffset, endOffset);

    protected override Task OnMultipartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        End(headersEndOffset, endOffset);

    protected override Task OnMessagePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        End(headersEndOffset, endOffset);

    private static ParserOptions CreateOptions(SmimeLimits limits)
    {
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = limits.MaxMimeDepth;
        return options;
    }

    private Task Begin(ContentType contentType, long offset)
    {
        if (Parts.Count >= _limits.MaxMimeParts)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxMimeParts), _limits.MaxMimeParts);
        }

        string path = _root;
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
            Offset = offset,
        };
        Parts.Add(part);
        _open.Push((part, 0));
        return Task.CompletedTask;
    }

    private string? FindFileName() =>
        _fields.Find(f => f.Id == HeaderId.ContentDisposition) is { } field && ContentDisposition.TryParse(field.Value, out ContentDisposition? disposition)
            ? disposition!.FileName
            : null;

    private Task End(long headersEndOffset, long endOffset)
    {
        InspectedPart part = _open.Pop().Part;
        part.BodyOffset = headersEndOffset;
        part.EndOffset = endOffset;
        return Task.CompletedTask;
    }
}
