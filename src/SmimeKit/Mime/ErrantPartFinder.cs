using MimeKit;

namespace SmimeKit.Mime;

/// <summary>Lists S/MIME parts inside an entity that is none itself: they lie outside the cryptographic envelope (RFC 9787 §4.5).</summary>
internal sealed class ErrantPartFinder(Stream stream, SmimeLimits limits, string root) : MimeReader(CreateOptions(limits), stream, MimeFormat.Entity)
{
    private readonly Stack<(string Path, int Children)> _parts = new();
    private int _count;

    internal List<string> Found { get; } = [];

    protected override Task OnMimePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType);

    protected override Task OnMultipartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType);

    protected override Task OnMessagePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType);

    protected override Task OnMimePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        End();

    protected override Task OnMultipartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        End();

    protected override Task OnMessagePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        End();

    private static ParserOptions CreateOptions(SmimeLimits limits)
    {
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = limits.MaxMimeDepth;
        return options;
    }

    private Task Begin(ContentType contentType)
    {
        if (++_count > limits.MaxMimeParts)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxMimeParts), limits.MaxMimeParts);
        }

        string path = root;
        if (_parts.TryPop(out (string Path, int Children) parent))
        {
            path = $"{parent.Path}.{parent.Children + 1}";
            _parts.Push((parent.Path, parent.Children + 1));
            if (SmimeEntityDetector.IsSmime(contentType))
            {
                Found.Add(path);
            }
        }

        _parts.Push((path, 0));
        return Task.CompletedTask;
    }

    private Task End()
    {
        _parts.TryPop(out _);
        return Task.CompletedTask;
    }
}
