using MimeKit;

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
            case Multipart multipart:
                foreach (MimeEntity child in multipart)
                {
                    Apply(child, cancellationToken);
                }

                break;
            case MessagePart { Message: { } message }:
                message.Prepare(EncodingConstraint.SevenBit, MaxLineLength);
                break;
            case MimePart part:
                Apply(part, cancellationToken);
                break;
        }
    }

    private static void Apply(MimePart part, CancellationToken cancellationToken)
    {
        if (part.Content is null || part.ContentTransferEncoding is ContentEncoding.Base64 or ContentEncoding.QuotedPrintable)
        {
            return;
        }

        ContentEncoding best = part.GetBestEncoding(EncodingConstraint.SevenBit, MaxLineLength, cancellationToken);
        if (best != ContentEncoding.SevenBit)
        {
            part.ContentTransferEncoding = best;
            return;
        }

        using var scanner = new FragileLineScanner();
        part.Content.DecodeTo(scanner, cancellationToken);
        part.ContentTransferEncoding = scanner.HasFromLine ? ContentEncoding.Base64
            : scanner.HasTrailingBlanks ? ContentEncoding.QuotedPrintable
            : ContentEncoding.SevenBit;
    }
}
