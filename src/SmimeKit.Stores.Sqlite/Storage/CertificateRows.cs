using System.Text;
using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The certificates and what is derived from them for searching.</summary>
internal static class CertificateRows
{
    /// <summary>Inserts a certificate, or raises the provenance of the one that is there; never lowers it.</summary>
    internal static long Put(StoreConnection connection, Certificate certificate, CertificateProvenance provenance, DateTimeOffset now)
    {
        if (TryFind(connection, certificate, out (long Id, CertificateProvenance Provenance) held))
        {
            if (held.Provenance < provenance)
            {
                connection.Execute(
                    "UPDATE certificate SET provenance = @provenance WHERE id = @id",
                    ("@provenance", (long)provenance),
                    ("@id", held.Id));
            }

            return held.Id;
        }

        connection.Execute(
            """
            INSERT INTO certificate (sha256, der, provenance, subject, issuer, serial, not_before, not_after, added_at)
            VALUES (@sha256, @der, @provenance, @subject, @issuer, @serial, @not_before, @not_after, @added_at)
            """,
            ("@sha256", certificate.Sha256.ToArray()),
            ("@der", certificate.RawData.ToArray()),
            ("@provenance", (long)provenance),
            ("@subject", CertificateIndex.NameKey(certificate.Subject)),
            ("@issuer", CertificateIndex.NameKey(certificate.Issuer)),
            ("@serial", certificate.SerialNumber.ToArray()),
            ("@not_before", certificate.NotBefore.UtcTicks),
            ("@not_after", certificate.NotAfter.UtcTicks),
            ("@added_at", now.UtcTicks));
        long id = connection.Number("SELECT last_insert_rowid()");
        PutKeys(connection, certificate, id);
        return id;
    }

    /// <summary>Finds the row of an exact certificate.</summary>
    internal static bool TryFind(
        StoreConnection connection, Certificate certificate, out (long Id, CertificateProvenance Provenance) row) =>
        connection.TryFirst(
            "SELECT id, provenance FROM certificate WHERE sha256 = @sha256",
            static r => (r.Int64(0), r.Provenance(1)),
            out row,
            ("@sha256", certificate.Sha256.ToArray()));

    /// <summary>Removes a certificate and what was announced about it.</summary>
    internal static bool Remove(StoreConnection connection, Certificate certificate) =>
        connection.Execute("DELETE FROM certificate WHERE sha256 = @sha256", ("@sha256", certificate.Sha256.ToArray())) > 0;

    /// <summary>Finds the certificates that satisfy a query, best first, as <see cref="CertificateSelection.Rank"/> orders them.</summary>
    /// <remarks>
    /// The index finds candidates in the final order; they are decoded one by one until there are enough, so a list of the first few of
    /// a large store costs a few.
    /// </remarks>
    internal static IReadOnlyList<StoredCertificate> Find(StoreConnection connection, CertificateQuery query, bool withPrivateKey = false)
    {
        (string sql, (string, object?)[] parameters) = Candidates(query, withPrivateKey);
        var found = new List<StoredCertificate>();
        var seen = new HashSet<long>();
        connection.Each(sql, Collect, parameters);
        return CertificateSelection.Rank(query, found);

        bool Collect(StoreRow row)
        {
            long id = row.Int64(0);
            if (!seen.Contains(id) && Load(connection, id) is { } certificate && CertificateSelection.Matches(query, certificate))
            {
                seen.Add(id);
                found.Add(new StoredCertificate(certificate, row.Provenance(1), "")
                {
                    PreferredSince = row.IsNull(2) ? null : row.Instant(2),
                    Capabilities = row.IsNull(3) ? default(ReadOnlyMemory<byte>) : row.Bytes(3),
                });
            }

            return seen.Count < query.Limit;
        }
    }

    /// <summary>The search of an index for a query: every criterion that is set, all values as parameters.</summary>
    internal static (string Sql, (string Name, object? Value)[] Parameters) Candidates(CertificateQuery query, bool withPrivateKey)
    {
        var where = new StringBuilder();
        var parameters = new List<(string, object?)>();
        Add(
            query.EmailAddress,
            In("certificate_address", "address = @address"),
            "@address",
            () => CertificateIndex.AddressKey(query.EmailAddress!));
        Add(query.Sha256, "c.sha256 = @sha256", "@sha256", () => query.Sha256!.Value.ToArray());
        Add(
            query.SubjectKeyIdentifier,
            In("certificate_key_identifier", "key_identifier = @identifier"),
            "@identifier",
            () => query.SubjectKeyIdentifier!.Value.ToArray());
        Add(query.Issuer, "c.issuer = @issuer", "@issuer", () => CertificateIndex.NameKey(query.Issuer!));
        Add(query.SerialNumber, "c.serial = @serial", "@serial", () => query.SerialNumber!.Value.ToArray());
        Add(query.Subject, "c.subject = @subject", "@subject", () => CertificateIndex.NameKey(query.Subject!));
        Add(query.ValidAt, "c.not_before <= @instant AND c.not_after >= @instant", "@instant", () => query.ValidAt!.Value.UtcTicks);
        if (withPrivateKey)
        {
            where.Append(" AND EXISTS (SELECT 1 FROM private_key k WHERE k.certificate_id = c.id)");
        }

        // What was announced counts for the address asked for; without one, for any.
        string announced = query.EmailAddress is null ? "" : "AND a.address = @address";
        string sql = $"""
            SELECT c.id, c.provenance, a.signing_time, a.capabilities
            FROM certificate c LEFT JOIN announcement a ON a.certificate_id = c.id {announced}
            WHERE TRUE{where}
            ORDER BY c.provenance = 2 DESC, a.signing_time DESC, c.not_after DESC, c.not_before DESC, c.sha256
            """;
        return (sql, [.. parameters]);

        static string In(string table, string condition) => $"c.id IN (SELECT certificate_id FROM {table} WHERE {condition})";

        void Add<T>(T criterion, string condition, string name, Func<object?> value)
        {
            if (criterion is not null)
            {
                where.Append(" AND ").Append(condition);
                parameters.Add((name, value()));
            }
        }
    }

    private static Certificate? Load(StoreConnection connection, long id) =>
        connection.First("SELECT der, sha256 FROM certificate WHERE id = @id", static r => r.Certificate(0, 1), ("@id", id));

    private static void PutKeys(StoreConnection connection, Certificate certificate, long id)
    {
        foreach (string address in CertificateIndex.AddressKeys(certificate))
        {
            connection.Execute(
                "INSERT INTO certificate_address (address, certificate_id) VALUES (@key, @id)", ("@key", address), ("@id", id));
        }

        foreach (ReadOnlyMemory<byte> identifier in CertificateIndex.SubjectKeyIdentifiers(certificate))
        {
            connection.Execute(
                "INSERT OR IGNORE INTO certificate_key_identifier (key_identifier, certificate_id) VALUES (@key, @id)",
                ("@key", identifier.ToArray()),
                ("@id", id));
        }
    }
}
