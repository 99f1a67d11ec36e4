namespace SmimeKit.Certificates;

/// <summary>The rule by which every store learns from messages (RFC 8551 §2.5.3 and §2.7.1).</summary>
public static class LearningRule
{
    /// <summary>Judges an announcement against what a store holds for its address.</summary>
    /// <param name="announcement">The announcement, from a fully validated message.</param>
    /// <param name="held">The announcement that the store holds for the address, or null.</param>
    /// <param name="pinned">The pinned certificates that name the address, for whatever purpose.</param>
    /// <returns>What to do.</returns>
    public static LearningOutcome Judge(EncryptionAnnouncement announcement, EncryptionAnnouncement? held, IEnumerable<Certificate> pinned)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        ArgumentNullException.ThrowIfNull(pinned);
        var suitable = new CertificateQuery
        {
            Purpose = CertificatePurpose.EmailEncryption,
            EmailAddress = announcement.EmailAddress,
        };
        if (!CertificateSelection.Matches(suitable, announcement.Certificate))
        {
            return LearningOutcome.Unsuitable;
        }

        List<Certificate> chosen = [.. pinned.Where(p => CertificateSelection.Matches(suitable, p))];
        return chosen.Count > 0 && !chosen.Contains(announcement.Certificate) ? LearningOutcome.Pinned
            : held is null || announcement.SigningTime > held.SigningTime ? LearningOutcome.Record
            : IsSame(announcement, held) ? LearningOutcome.AlreadyHeld
            : LearningOutcome.NotNewer;
    }

    private static bool IsSame(EncryptionAnnouncement left, EncryptionAnnouncement right) =>
        left.SigningTime == right.SigningTime
        && left.Certificate.Equals(right.Certificate)
        && left.Capabilities.Span.SequenceEqual(right.Capabilities.Span);
}
