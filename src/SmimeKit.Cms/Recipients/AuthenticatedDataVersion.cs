using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>The version of AuthenticatedData, RFC 5652 §9.1: the first line that holds.</summary>
internal static class AuthenticatedDataVersion
{
    internal static int Of(CarriedCertificates originator) =>
        OriginatorInfoAsn.HasOther(originator) ? 3
            : OriginatorInfoAsn.HasAttributeCertificateV2(originator) ? 1
            : 0;
}
