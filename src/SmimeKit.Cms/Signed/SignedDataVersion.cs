using SmimeKit.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>The CMSVersion of SignedData, RFC 5652 §5.1: the first line that holds decides.</summary>
internal static class SignedDataVersion
{
    private const byte V1AttributeCertificate = 0xA1;
    private const byte V2AttributeCertificate = 0xA2;
    private const byte OtherCertificate = 0xA3;

    internal static int Choose(string contentType, CarriedCertificates carried, IEnumerable<SignerInfoAsn> signers)
    {
        if (Carries(carried, OtherCertificate) || carried.OtherRevocationInfo.Count > 0)
        {
            return 5;
        }

        if (Carries(carried, V2AttributeCertificate))
        {
            return 4;
        }

        return Carries(carried, V1AttributeCertificate) || contentType != Oids.Data || signers.Any(s => s.ProperVersion == 3) ? 3 : 1;
    }

    private static bool Carries(CarriedCertificates carried, byte tag) =>
        carried.OtherCertificates.Any(c => (c.Span[0] | 0x20) == tag);
}
