using SmimeKit.Asn1;

namespace SmimeKit.Cms.Digested;

/// <summary>The version of DigestedData, RFC 5652 §7.</summary>
internal static class DigestedDataVersion
{
    internal static int Of(string contentType) => contentType == Oids.Data ? 0 : 2;
}
