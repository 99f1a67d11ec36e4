using MimeKit;
using MimeKit.IO;
using MimeKit.IO.Filters;

namespace SmimeKit.Protecting;

/// <summary>Decoded content whose lines end with CRLF, whatever they ended with before: the canonical form of text (RFC 8551 §3.1.1).</summary>
internal sealed class CrlfContent(IMimeContent content) : IMimeContent
{
    public ContentEncoding Encoding => ContentEncoding.Default;

    public NewLineFormat? NewLineFormat => MimeKit.NewLineFormat.Dos;

    public Stream Stream => Open();

    public Stream Open() => Filter(content.Open());

    public void DecodeTo(Stream stream, CancellationToken cancellationToken = default)
    {
        using FilteredStream filtered = Filter(stream);
        content.DecodeTo(filtered, cancellationToken);
        filtered.Flush(cancellationToken);
    }

    public async Task DecodeToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        using FilteredStream filtered = Filter(stream);
        await content.DecodeToAsync(filtered, cancellationToken).ConfigureAwait(false);
        await filtered.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void WriteTo(Stream stream, CancellationToken cancellationToken = default) => DecodeTo(stream, cancellationToken);

    public Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default) => DecodeToAsync(stream, cancellationToken);

    public void Dispose() => content.Dispose();

    private static FilteredStream Filter(Stream stream)
    {
        var filtered = new FilteredStream(stream);
        filtered.Add(new Unix2DosFilter());
        return filtered;
    }
}
