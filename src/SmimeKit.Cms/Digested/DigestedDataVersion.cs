using SmimeKit.Asn1;

namespace SmimeKit.Cms.Digested;

/// <summary>The version of DigestedData, RFC 5652 §7.</summary>
internal static class DigestedDataVersion
{
    internal static int Of(string contentType) => contentType == Oids.Data ? 0 : 2;

    /// <summary>Tells whether a version is right; PKCS #7 knows 0 alone, whatever the type of the content (RFC 2315 §12).</summary>
    internal static bool IsProper(int version, string contentType, bool isPkcs7) => version == Of(contentType) || (isPkcs7 && version == 0);
}
