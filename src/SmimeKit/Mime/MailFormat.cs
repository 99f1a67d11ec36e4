using MimeKit;

namespace SmimeKit.Mime;

/// <summary>How mail is written: CRLF everywhere, whatever the platform.</summary>
internal static class MailFormat
{
    private const int NewLineSize = 2;

    internal static FormatOptions Crlf { get; } = Create();

    /// <summary>Writes header fields; the blank line that ends a header only when asked to.</summary>
    internal static async ValueTask WriteHeaderAsync(
        HeaderList fields, bool endsHeader, Stream output, CancellationToken cancellationToken)
    {
        using var block = new MemoryStream();
        await fields.WriteToAsync(Crlf, block, cancellationToken).ConfigureAwait(false); // with the blank line
        int count = (int)block.Length - (endsHeader ? 0 : NewLineSize);
        await output.WriteAsync(block.GetBuffer().AsMemory(0, count), cancellationToken).ConfigureAwait(false);
    }

    private static FormatOptions Create()
    {
        FormatOptions options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }
}
