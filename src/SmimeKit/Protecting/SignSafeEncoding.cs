using MimeKit;
using MimeKit.Cryptography;

namespace SmimeKit.Protecting;

/// <summary>
/// Gives every leaf a transfer encoding that relays leave alone (RFC 8551 §3.1.2): 7 bits, short lines, no trailing blanks, no line that
/// begins with <c>From </c>. Text gets the line endings of its canonical form (§3.1.1).
/// </summary>
internal static class SignSafeEncoding
{
    private const int MaxLineLength = 76;

    internal static void Apply(MimeEntity entity, CancellationToken cancellationToken)
    {
        switch (entity)
        {
            case MultipartSigned:
                return; // somebody signed these bytes (RFC 8551 §3.1.3)
            case Multipart multipart:
                foreach (MimeEntity child in multipart)
                {
                    Apply(child, cancellationToken);
                }

                break;
            case MessagePart { Message.Body: { } body }:
                Apply(body, cancellationToken);
                break;
            case MimePart part:
                Apply(part, cancellationToken);
                break;
        }
    }

    private static void Apply(MimePart part, CancellationToken cancellationToken)
    {
        if (part.Content is null || part.ContentTransferEncoding == ContentEncoding.Base64)
        {
            return;
        }

        bool isText = part.ContentType.IsMimeType("text", "*");
        ContentEncoding best = part.ContentTransferEncoding == ContentEncoding.QuotedPrintable
            ? ContentEncoding.QuotedPrintable
            : part.GetBestEncoding(EncodingConstraint.SevenBit, MaxLineLength, cancellationToken);
        if (isText || best is ContentEncoding.SevenBit or ContentEncoding.QuotedPrintable)
        {
            using var scanner = new FragileLineScanner();
            part.Content.DecodeTo(scanner, cancellationToken);
            best = FindRobustEncoding(scanner, best);

            // RFC 8551 §3.1.1: text has CRLF. The readable encodings are written so; base64 would keep LF. NUL tells UTF-16 and the like.
            if (isText && best == ContentEncoding.Base64 && scanner.HasBareLineFeed && !scanner.HasNul)
            {
                part.Content = new CrlfContent(part.Content);
            }
        }

        part.ContentTransferEncoding = best;
    }

    // Quoted-printable protects blanks at the end of a line, but not "From " at its start.
    private static ContentEncoding FindRobustEncoding(FragileLineScanner scanner, ContentEncoding best) =>
        scanner.HasFromLine || scanner.HasBareCarriageReturn ? ContentEncoding.Base64
            : scanner.HasTrailingBlanks && best == ContentEncoding.SevenBit ? ContentEncoding.QuotedPrintable
            : best;
}
