using MimeKit;
using MimeKit.Cryptography;

namespace SmimeKit.Protecting;

/// <summary>
/// Gives every leaf a transfer encoding that relays leave alone (RFC 8551 §3.1.2): 7 bits, short lines, no trailing blanks, no line that
/// begins with <c>From </c>.
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

        ContentEncoding best = part.ContentTransferEncoding == ContentEncoding.QuotedPrintable
            ? ContentEncoding.QuotedPrintable
            : part.GetBestEncoding(EncodingConstraint.SevenBit, MaxLineLength, cancellationToken);
        part.ContentTransferEncoding = best is ContentEncoding.SevenBit or ContentEncoding.QuotedPrintable
            ? FindRobustEncoding(part.Content, best, cancellationToken)
            : best;
    }

    // Quoted-printable protects blanks at the end of a line, but not "From " at its start.
    private static ContentEncoding FindRobustEncoding(IMimeContent content, ContentEncoding best, CancellationToken cancellationToken)
    {
        using var scanner = new FragileLineScanner();
        content.DecodeTo(scanner, cancellationToken);
        return scanner.HasFromLine || scanner.HasBareCarriageReturn ? ContentEncoding.Base64
            : scanner.HasTrailingBlanks ? ContentEncoding.QuotedPrintable
            : best;
    }
}
