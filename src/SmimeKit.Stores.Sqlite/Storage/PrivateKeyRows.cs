using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Protection;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The private keys, sealed under the data key, and the data key, sealed under the passphrase.</summary>
internal static class PrivateKeyRows
{
    /// <summary>Reads the data key as it is wrapped, or null in a store that never had a passphrase.</summary>
    /// <exception cref="LimitExceededException">The file asks for more work than any store would.</exception>
    internal static WrappedDataKey? DataKey(StoreConnection connection)
    {
        WrappedDataKey? wrapped = connection.First(
            "SELECT kdf, memory_kib, iterations, parallelism, salt, sealed FROM data_key WHERE id = 1", Wrapped);
        wrapped?.Cost.ThrowIfExcessive();
        return wrapped is null or { IsSound: true } ? wrapped : throw StoreErrors.Damaged("its data key has impossible parameters");
    }

    /// <summary>Stores the first data key; false when there is one already.</summary>
    internal static bool PutDataKey(StoreConnection connection, WrappedDataKey wrapped) =>
        connection.Execute(
            """
            INSERT INTO data_key (id, kdf, memory_kib, iterations, parallelism, salt, sealed)
            VALUES (1, @kdf, @memory_kib, @iterations, @parallelism, @salt, @sealed)
            ON CONFLICT (id) DO NOTHING
            """,
            Columns(wrapped)) > 0;

    /// <summary>Replaces the wrapping of the data key; false when another process has replaced it since it was read.</summary>
    internal static bool ReplaceDataKey(StoreConnection connection, WrappedDataKey previous, WrappedDataKey wrapped) =>
        connection.Execute(
            """
            UPDATE data_key SET kdf = @kdf, memory_kib = @memory_kib, iterations = @iterations, parallelism = @parallelism,
                salt = @salt, sealed = @sealed
            WHERE sealed = @previous
            """,
            [.. Columns(wrapped), ("@previous", previous.Sealed)]) > 0;

    /// <summary>Stores or replaces the key of a certificate row.</summary>
    internal static void Put(StoreConnection connection, long certificateId, byte[] sealedKey, DateTimeOffset now) =>
        connection.Execute(
            """
            INSERT INTO private_key (certificate_id, sealed, added_at) VALUES (@id, @sealed, @added_at)
            ON CONFLICT (certificate_id) DO UPDATE SET sealed = excluded.sealed, added_at = excluded.added_at
            """,
            ("@id", certificateId),
            ("@sealed", sealedKey),
            ("@added_at", now.UtcTicks));

    internal static bool Remove(StoreConnection connection, Certificate certificate) =>
        connection.Execute(
            "DELETE FROM private_key WHERE certificate_id = (SELECT id FROM certificate WHERE sha256 = @sha256)",
            ("@sha256", certificate.Sha256.ToArray())) > 0;

    internal static bool Exists(StoreConnection connection, long certificateId) =>
        connection.TryFirst(
            "SELECT 1 FROM private_key WHERE certificate_id = @id", static row => row.Int64(0), out _, ("@id", certificateId));

    /// <summary>Reads the sealed keys of the certificates that satisfy a query, best first.</summary>
    internal static List<SealedPrivateKey> Find(StoreConnection connection, CertificateQuery query, bool withChain) =>
    [
        .. CertificateRows.Find(connection, query, withPrivateKey: true).Select(entry => new SealedPrivateKey(
            entry.Certificate,
            Sealed(connection, entry.Certificate),
            withChain ? IssuerRows.Above(connection, entry.Certificate) : [])),
    ];

    private static byte[] Sealed(StoreConnection connection, Certificate certificate) =>
        connection.First(
            "SELECT k.sealed FROM private_key k JOIN certificate c ON c.id = k.certificate_id WHERE c.sha256 = @sha256",
            static row => row.Bytes(0),
            ("@sha256", certificate.Sha256.ToArray()))
        ?? throw StoreErrors.Damaged("a private key is missing");

    private static WrappedDataKey Wrapped(StoreRow row) =>
        row.Text(0) == WrappedDataKey.Kdf
            ? new WrappedDataKey(new KeyDerivationCost(row.Int32(1), row.Int32(2), row.Int32(3)), row.Bytes(4), row.Bytes(5))
            : throw StoreErrors.Damaged("it names an unknown key derivation");

    private static (string, object?)[] Columns(WrappedDataKey wrapped) =>
    [
        ("@kdf", WrappedDataKey.Kdf),
        ("@memory_kib", wrapped.Cost.MemoryKib),
        ("@iterations", wrapped.Cost.Iterations),
        ("@parallelism", wrapped.Cost.Parallelism),
        ("@salt", wrapped.Salt),
        ("@sealed", wrapped.Sealed),
    ];
}
