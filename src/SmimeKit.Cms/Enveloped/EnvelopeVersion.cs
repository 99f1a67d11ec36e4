using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>The versions of EnvelopedData, RFC 5652 §6.1 (the first line that holds), and of the types like it.</summary>
internal static class EnvelopeVersion
{
    /// <summary>The version of AuthEnvelopedData is always 0 (RFC 5083 §2.1).</summary>
    internal const int OfAuthEnvelopedData = 0;

    /// <summary>The version of EncryptedData, RFC 5652 §8.</summary>
    internal static int OfEncryptedData(bool hasAttributes) => hasAttributes ? 2 : 0;

    internal static int Of(CarriedCertificates originator, bool hasOtherRecipients, bool hasLaterVersions, bool hasAttributes) =>
        OriginatorInfoAsn.HasOther(originator) ? 4
            : OriginatorInfoAsn.HasAttributeCertificateV2(originator) || hasOtherRecipients ? 3
            : !OriginatorInfoAsn.IsEmpty(originator) || hasAttributes || hasLaterVersions ? 2
            : 0;
}
