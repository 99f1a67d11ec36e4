using MimeKit;

namespace SmimeKit.Mime;

/// <summary>How mail is written: CRLF everywhere, whatever the platform.</summary>
internal static class MailFormat
{
    internal static FormatOptions Crlf { get; } = Create();

    private static FormatOptions Create()
    {
        FormatOptions options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }
}
