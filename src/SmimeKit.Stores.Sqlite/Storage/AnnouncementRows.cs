using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>What the holders of addresses announced: one row an address.</summary>
internal static class AnnouncementRows
{
    /// <summary>Records an announcement when <see cref="LearningRule"/> says so; true when the store then holds it.</summary>
    internal static bool Learn(StoreConnection connection, EncryptionAnnouncement announcement, DateTimeOffset now)
    {
        if (CertificateIndex.AddressKey(announcement.EmailAddress) is not { } address)
        {
            return false;
        }

        EncryptionAnnouncement? held = Held(connection, address, announcement.EmailAddress);
        LearningOutcome outcome = LearningRule.Judge(announcement, held, Pinned(connection, address));
        if (outcome == LearningOutcome.Record)
        {
            Put(connection, address, announcement, now);
        }

        return outcome is LearningOutcome.Record or LearningOutcome.AlreadyHeld;
    }

    /// <summary>Forgets what an address announced. Its certificates stay.</summary>
    internal static bool Forget(StoreConnection connection, string address) =>
        connection.Execute("DELETE FROM announcement WHERE address = @address", ("@address", address)) > 0;

    private static EncryptionAnnouncement? Held(StoreConnection connection, string address, string emailAddress) =>
        connection.First(
            """
            SELECT c.der, c.sha256, a.capabilities, a.signing_time
            FROM announcement a JOIN certificate c ON c.id = a.certificate_id
            WHERE a.address = @address
            """,
            row => new EncryptionAnnouncement(emailAddress, row.Certificate(0, 1), row.Bytes(2), row.Instant(3)),
            ("@address", address));

    private static List<Certificate> Pinned(StoreConnection connection, string address) =>
        connection.List(
            """
            SELECT c.der, c.sha256
            FROM certificate_address n JOIN certificate c ON c.id = n.certificate_id
            WHERE n.address = @address AND c.provenance = 2
            """,
            static row => row.Certificate(0, 1),
            ("@address", address));

    private static void Put(StoreConnection connection, string address, EncryptionAnnouncement announcement, DateTimeOffset now)
    {
        long id = CertificateRows.Put(connection, announcement.Certificate, CertificateProvenance.Harvested, now);
        connection.Execute(
            """
            INSERT INTO announcement (address, certificate_id, capabilities, signing_time, learned_at)
            VALUES (@address, @id, @capabilities, @signing_time, @learned_at)
            ON CONFLICT (address) DO UPDATE SET
                certificate_id = excluded.certificate_id,
                capabilities = excluded.capabilities,
                signing_time = excluded.signing_time,
                learned_at = excluded.learned_at
            """,
            ("@address", address),
            ("@id", id),
            ("@capabilities", announcement.Capabilities.ToArray()),
            ("@signing_time", announcement.SigningTime.UtcTicks),
            ("@learned_at", now.UtcTicks));
    }
}
