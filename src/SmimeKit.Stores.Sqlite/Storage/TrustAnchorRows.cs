using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The trust anchors: apart from the certificates, so that nothing becomes an anchor by being stored.</summary>
internal static class TrustAnchorRows
{
    internal static bool Add(StoreConnection connection, Certificate anchor, DateTimeOffset now) =>
        connection.Execute(
            """
            INSERT INTO trust_anchor (sha256, der, subject, added_at) VALUES (@sha256, @der, @subject, @added_at)
            ON CONFLICT (sha256) DO NOTHING
            """,
            ("@sha256", anchor.Sha256.ToArray()),
            ("@der", anchor.RawData.ToArray()),
            ("@subject", CertificateIndex.NameKey(anchor.Subject)),
            ("@added_at", now.UtcTicks)) > 0;

    internal static bool Remove(StoreConnection connection, Certificate anchor) =>
        connection.Execute("DELETE FROM trust_anchor WHERE sha256 = @sha256", ("@sha256", anchor.Sha256.ToArray())) > 0;

    internal static List<Certificate> All(StoreConnection connection) =>
        connection.List("SELECT der, sha256 FROM trust_anchor ORDER BY id", static row => row.Certificate(0, 1));

    internal static List<Certificate> WithSubject(StoreConnection connection, DistinguishedName subject)
    {
        List<Certificate> candidates = connection.List(
            "SELECT der, sha256 FROM trust_anchor WHERE subject = @subject ORDER BY id",
            static row => row.Certificate(0, 1),
            ("@subject", CertificateIndex.NameKey(subject)));
        return candidates.FindAll(anchor => anchor.Subject.Equals(subject));
    }

    internal static bool Contains(StoreConnection connection, Certificate certificate) =>
        connection.First(
            "SELECT der, sha256 FROM trust_anchor WHERE sha256 = @sha256",
            static row => row.Certificate(0, 1),
            ("@sha256", certificate.Sha256.ToArray()))
        is not null;
}
