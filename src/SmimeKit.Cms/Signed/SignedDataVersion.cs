using SmimeKit.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>The CMSVersion of SignedData, RFC 5652 §5.1: the first line that holds decides.</summary>
internal static class SignedDataVersion
{
    private const byte V1AttributeCertificate = 0xA1;
    private const byte OtherCertificate = 0xA3;

    internal static int Choose(string contentType, bool isPkcs7, CarriedCertificates carried, IEnumerable<SignerInfoAsn> signers) => Choose(
        isPkcs7 ? Oids.Data : contentType,
        carried.OtherCertificates,
        carried.OtherRevocationInfo,
        signers.Any(s => s.ProperVersion == 3));

    /// <summary>Chooses the version.</summary>
    /// <param name="contentType">The type of the content as an object identifier.</param>
    /// <param name="isPkcs7">Whether the content is in the form of PKCS #7, where its type does not raise the version (RFC 2315 §9.1).</param>
    /// <param name="entries">What the message carries.</param>
    /// <param name="hasVersion3Signer">Whether a signer is named by a key identifier.</param>
    internal static int Choose(string contentType, bool isPkcs7, CarriedEntries entries, bool hasVersion3Signer) =>
        Choose(isPkcs7 ? Oids.Data : contentType, entries.Certificates, entries.Crls, hasVersion3Signer);

    private static int Choose(
        string contentType,
        IReadOnlyList<ReadOnlyMemory<byte>> certificates,
        IReadOnlyList<ReadOnlyMemory<byte>> revocationInfo,
        bool hasVersion3Signer)
    {
        if (Carries(certificates, OtherCertificate) || Carries(revocationInfo, RevocationInfo.OtherIdentifier))
        {
            return 5;
        }

        if (Carries(certificates, CarriedCertificates.V2AttributeCertificate))
        {
            return 4;
        }

        return Carries(certificates, V1AttributeCertificate) || contentType != Oids.Data || hasVersion3Signer ? 3 : 1;
    }

    private static bool Carries(IReadOnlyList<ReadOnlyMemory<byte>> entries, byte tag) =>
        entries.Any(e => (e.Span[0] | 0x20) == tag);
}
