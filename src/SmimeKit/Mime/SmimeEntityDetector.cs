using MimeKit;

namespace SmimeKit.Mime;

/// <summary>Recognises S/MIME whatever it is called: RFC 8551 §3.10 and what Outlook and Exchange accept.</summary>
internal static class SmimeEntityDetector
{
    private static readonly string[] _signatureTypes = ["pkcs7-signature", "x-pkcs7-signature"];
    private static readonly string[] _messageTypes = ["pkcs7-mime", "x-pkcs7-mime"];
    private static readonly string[] _messageExtensions = [".p7m", ".p7c", ".p7z"];
    private static readonly string[] _signatureExtensions = [".p7s"];
    private static readonly string[] _extensions = [.. _messageExtensions, .. _signatureExtensions];

    /// <summary>Tells what an entity claims to be. Only success in opening it shows what it is (R3851-3.9-c).</summary>
    internal static SmimeEntityKind Detect(ContentType type, ContentDisposition? disposition)
    {
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

        // File names count only where the type says nothing, or says signature of what cannot be one (RFC 8551 §3.2.1).
        bool disguised = type.IsMimeType("application", "octet-stream")
            ? HasExtension(type, disposition, _extensions)
            : IsApplication(type, _signatureTypes) && HasExtension(type, disposition, _messageExtensions);
        return disguised ? SmimeEntityKind.Cms : SmimeEntityKind.Plain;
    }

    /// <summary>Tells whether the second part of <c>multipart/signed</c> is an S/MIME signature.</summary>
    internal static bool IsSignaturePart(ContentType type, ContentDisposition? disposition) =>
        IsApplication(type, _signatureTypes) || HasExtension(type, disposition, _signatureExtensions);

    private static bool IsSignature(string protocol) =>
        _signatureTypes.Any(t => protocol.Equals("application/" + t, StringComparison.OrdinalIgnoreCase));

    private static bool IsApplication(ContentType type, string[] subtypes) =>
        subtypes.Any(subtype => type.IsMimeType("application", subtype));

    // Either name will do: gateways rewrite the one or the other.
    private static bool HasExtension(ContentType type, ContentDisposition? disposition, string[] extensions) =>
        HasExtension(type.Name, extensions) || HasExtension(disposition?.FileName, extensions);

    private static bool HasExtension(string? fileName, string[] extensions) =>
        fileName is not null
        && extensions.Any(extension => fileName.AsSpan().TrimEnd().EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
