using MimeKit;

namespace SmimeKit.Mime;

/// <summary>Recognises S/MIME whatever it is called: RFC 8551 §3.10 and what Outlook and Exchange accept.</summary>
internal static class SmimeEntityDetector
{
    private static readonly string[] _signatureTypes = ["pkcs7-signature", "x-pkcs7-signature"];
    private static readonly string[] _messageTypes = ["pkcs7-mime", "x-pkcs7-mime"];
    private static readonly string[] _messageExtensions = [".p7m", ".p7c", ".p7z"];

    internal static SmimeEntityKind Detect(EntityHeader header)
    {
        ContentType type = header.ContentType;
        if (type.IsMimeType("multipart", "signed"))
        {
            // Without the protocol parameter (conversions from .msg) the second part decides later.
            string? protocol = type.Parameters["protocol"];
            return protocol is null || IsSignature(protocol.Trim()) ? SmimeEntityKind.SignedMultipart : SmimeEntityKind.Plain;
        }

        if (IsApplication(type, _messageTypes))
        {
            return SmimeEntityKind.Cms;
        }

        bool disguised = type.IsMimeType("application", "octet-stream") || type.IsMimeType("application", "pkcs7-signature");
        return disguised && HasExtension(header.FileName, _messageExtensions) ? SmimeEntityKind.Cms : SmimeEntityKind.Plain;
    }

    /// <summary>Tells from the media type alone whether a part is S/MIME.</summary>
    internal static bool IsSmime(ContentType type) =>
        IsApplication(type, _messageTypes)
        || (type.IsMimeType("application", "octet-stream") && HasExtension(type.Name ?? "", _messageExtensions))
        || (type.IsMimeType("multipart", "signed") && IsSignature((type.Parameters["protocol"] ?? "").Trim()));

    /// <summary>Tells whether the second part of <c>multipart/signed</c> is an S/MIME signature.</summary>
    internal static bool IsSignaturePart(ContentType type, string fileName) =>
        IsApplication(type, _signatureTypes) || HasExtension(fileName, [".p7s"]);

    private static bool IsSignature(string protocol) =>
        _signatureTypes.Any(t => protocol.Equals("application/" + t, StringComparison.OrdinalIgnoreCase));

    private static bool IsApplication(ContentType type, string[] subtypes) =>
        subtypes.Any(subtype => type.IsMimeType("application", subtype));

    private static bool HasExtension(string fileName, string[] extensions) =>
        extensions.Any(extension => fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
