using MimeKit;

namespace SmimeKit.Mime;

/// <summary>
/// Lists the S/MIME parts inside an entity that is none itself, from the events of a parser: they lie outside the cryptographic envelope
/// (RFC 9787 §4.5).
/// </summary>
internal sealed class ErrantParts(string root)
{
    private readonly Stack<Part> _parts = new();
    private ContentDisposition? _disposition;

    internal List<string> Found { get; } = [];

    internal void BeginHeader() => _disposition = null;

    internal void AddField(Header header)
    {
        if (header.Id == HeaderId.ContentDisposition && ContentDisposition.TryParse(header.RawValue, out ContentDisposition? disposition))
        {
            _disposition ??= disposition;
        }
    }

    /// <summary>A part begins, the entity itself first; its header has been read.</summary>
    internal void BeginPart(ContentType contentType)
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

    internal void EndPart() => _parts.TryPop(out _);

    private readonly record struct Part(string Path, SmimeEntityKind Kind, int Children);
}
