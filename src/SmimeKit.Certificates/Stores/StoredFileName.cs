namespace SmimeKit.Certificates;

/// <summary>The names of the files that a directory store writes: made of fingerprints only, never of what a certificate says.</summary>
internal static class StoredFileName
{
    internal const string AnnouncementEnding = ".announcement";

    private const string Ending = ".cer";
    private const string HarvestedEnding = ".harvested.cer";
    private const string PinnedEnding = ".pinned.cer";

    internal static string For(Certificate certificate, CertificateProvenance provenance) =>
        Convert.ToHexStringLower(certificate.Sha256.Span) + provenance switch
        {
            CertificateProvenance.Harvested => HarvestedEnding,
            CertificateProvenance.Pinned => PinnedEnding,
            _ => Ending,
        };

    internal static string ForAnnouncement(string addressKey) =>
        Convert.ToHexStringLower(DigestAlgorithm.Sha256.Hash(System.Text.Encoding.UTF8.GetBytes(addressKey))) + AnnouncementEnding;

    /// <summary>The provenance of a file: what its name says if it is one of ours and holds what it is named after, else imported.</summary>
    internal static CertificateProvenance ReadProvenance(string name, IReadOnlyList<Certificate> certificates)
    {
        bool Is(CertificateProvenance provenance) => certificates is [Certificate only] && name == For(only, provenance);
        return Is(CertificateProvenance.Harvested) ? CertificateProvenance.Harvested
            : Is(CertificateProvenance.Pinned) ? CertificateProvenance.Pinned
            : CertificateProvenance.Imported;
    }
}
