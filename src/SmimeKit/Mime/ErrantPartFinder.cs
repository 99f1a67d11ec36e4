using MimeKit;

namespace SmimeKit.Mime;

/// <summary>Lists S/MIME parts inside an entity that is none itself: they lie outside the cryptographic envelope (RFC 9787 §4.5).</summary>
internal sealed class ErrantPartFinder(Stream stream, SmimeLimits limits, string root) : BoundedMimeReader(stream, limits)
{
    private readonly Stack<Part> _parts = new();
    private ContentDisposition? _disposition;

    internal List<string> Found { get; } = [];

    protected override void OnHeaderBegin(long beginOffset) => _disposition = null;

    protected override ValueTask OnFieldAsync(Header header, CancellationToken cancellationToken)
    {
        if (header.Id == HeaderId.ContentDisposition && ContentDisposition.TryParse(header.RawValue, out ContentDisposition? disposition))
        {
            _disposition ??= disposition;
        }

        return ValueTask.CompletedTask;
    }

    protected override void OnPartBegin(ContentType contentType)
    {
        string path = root;
        SmimeEntityKind kind = SmimeEntityKind.Plain;
        if (_parts.TryPop(out Part parent))
        {
            parent = parent with { Children = parent.Children + 1 };
            _parts.Push(parent);
            path = $"{parent.Path}.{parent.Children}";

            // A signature is listed with what it signs, not on its own.
            bool isSignature = parent.Kind == SmimeEntityKind.SignedMultipart && parent.Children == 2;
            kind = isSignature ? SmimeEntityKind.Plain : SmimeEntityDetector.Detect(contentType, _disposition);
        }

        if (kind != SmimeEntityKind.Plain)
        {
            Found.Add(path);
        }

        _parts.Push(new Part(path, kind, 0));
    }

    protected override ValueTask OnPartEndAsync(long endOffset, CancellationToken cancellationToken)
    {
        _parts.TryPop(out _);
        return ValueTask.CompletedTask;
    }

    private readonly record struct Part(string Path, SmimeEntityKind Kind, int Children);
}
