using System.Buffers;
using System.Text;
using SmimeKit.Cms;

namespace SmimeKit.Tool.Files;

/// <summary>What a file is, judged by how it begins, never by its name.</summary>
internal enum InputKind
{
    /// <summary>A mail or another MIME entity with its header.</summary>
    Mail,

    /// <summary>CMS: BER, PEM or bare base64.</summary>
    Cms,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Recognises the kind of a file.</summary>
internal static class InputDetector
{
    /// <summary>How much of the beginning is looked at.</summary>
    internal const int BeginningSize = 16 * 1024;

    private static readonly SearchValues<byte> _notInFieldName = SearchValues.Create([.. Enumerable.Range(0, 256)
        .Where(b => b is < 33 or > 126 or ':').Select(b => (byte)b)]);

    // Any text can begin with a word and a colon; one of these fields makes it a mail.
    private static readonly string[] _telling =
    [
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
        "Received", "Return-Path", "Delivered-To", "Sender", "Reply-To", "DKIM-Signature", "ARC-Seal", "Authentication-Results",
    ];

    internal static InputKind Detect(ReadOnlySpan<byte> beginning)
    {
        if (CmsReader.FindContentType(beginning) is not null || ContainsPem(beginning))
        {
            return InputKind.Cms;
        }

        return IsHeader(beginning) ? InputKind.Mail : InputKind.Other;
    }

    // Explanatory text may stand before a PEM block (RFC 7468 §5.2), but a mail may well contain one.
    private static bool ContainsPem(ReadOnlySpan<byte> beginning) =>
        !IsHeader(beginning)
        && (Holds(beginning, "-----BEGIN CMS-----"u8) || Holds(beginning, "-----BEGIN PKCS7-----"u8)
            || Holds(beginning, "-----BEGIN PKCS #7 SIGNED DATA-----"u8));

    private static bool Holds(ReadOnlySpan<byte> text, ReadOnlySpan<byte> line) => text.IndexOf(line) >= 0;

    private static bool IsHeader(ReadOnlySpan<byte> text)
    {
        bool first = true;
        bool telling = false;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.IsEmpty)
            {
                break;
            }

            bool continues = line[0] is (byte)' ' or (byte)'\t' && !first;
            if (!continues)
            {
                int colon = line.IndexOfAny(_notInFieldName);
                bool field = colon > 0 && line[colon..].TrimStart(" \t"u8) is [(byte)':', ..];
                if (!field && (first || end >= 0))
                {
                    return false;
                }

                telling |= field && IsTelling(line[..colon]);
            }

            first = false;
        }

        return telling;
    }

    private static bool IsTelling(ReadOnlySpan<byte> name)
    {
        foreach (string known in _telling)
        {
            if (Ascii.EqualsIgnoreCase(name, known))
            {
                return true;
            }
        }

        return false;
    }
}
