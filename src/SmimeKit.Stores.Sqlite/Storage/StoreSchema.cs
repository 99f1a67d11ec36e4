using System.Collections.Immutable;
using System.Globalization;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The schema of a store and its history: migration <c>n</c> (from 0) leads from version <c>n</c> to <c>n + 1</c>.</summary>
/// <remarks>
/// Times are ticks of 100 ns since 0001-01-01 UTC. Addresses, names and key identifiers are the keys of
/// <see cref="Certificates.CertificateIndex"/>. Provenance: 0 harvested, 1 imported, 2 pinned.
/// </remarks>
internal sealed class StoreSchema(ImmutableArray<string> migrations)
{
    private const int ApplicationId = 0x534D4B53; // "SMKS", so that no other program's database is taken for a store

    private const string Version1 = """
        CREATE TABLE certificate (
            id         INTEGER PRIMARY KEY,
            sha256     BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
            der        BLOB    NOT NULL,
            provenance INTEGER NOT NULL CHECK (provenance IN (0, 1, 2)),
            subject    BLOB    NOT NULL,
            issuer     BLOB    NOT NULL,
            serial     BLOB    NOT NULL,
            not_before INTEGER NOT NULL,
            not_after  INTEGER NOT NULL,
            added_at   INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX certificate_issuer_serial ON certificate (issuer, serial);
        CREATE INDEX certificate_serial ON certificate (serial);
        CREATE INDEX certificate_subject ON certificate (subject);

        CREATE TABLE certificate_address (
            address        TEXT    NOT NULL,
            certificate_id INTEGER NOT NULL REFERENCES certificate (id) ON DELETE CASCADE,
            PRIMARY KEY (address, certificate_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX certificate_address_certificate ON certificate_address (certificate_id);

        CREATE TABLE certificate_key_identifier (
            key_identifier BLOB    NOT NULL,
            certificate_id INTEGER NOT NULL REFERENCES certificate (id) ON DELETE CASCADE,
            PRIMARY KEY (key_identifier, certificate_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX certificate_key_identifier_certificate ON certificate_key_identifier (certificate_id);

        CREATE TABLE announcement (
            address        TEXT    NOT NULL PRIMARY KEY,
            certificate_id INTEGER NOT NULL REFERENCES certificate (id) ON DELETE CASCADE,
            capabilities   BLOB    NOT NULL,
            signing_time   INTEGER NOT NULL,
            learned_at     INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX announcement_certificate ON announcement (certificate_id);

        CREATE TABLE trust_anchor (
            id       INTEGER PRIMARY KEY,
            sha256   BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
            der      BLOB    NOT NULL,
            subject  BLOB    NOT NULL,
            added_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX trust_anchor_subject ON trust_anchor (subject);

        CREATE TABLE data_key (
            id          INTEGER PRIMARY KEY CHECK (id = 1),
            kdf         TEXT    NOT NULL,
            memory_kib  INTEGER NOT NULL,
            iterations  INTEGER NOT NULL,
            parallelism INTEGER NOT NULL,
            salt        BLOB    NOT NULL,
            sealed      BLOB    NOT NULL
        ) STRICT;

        CREATE TABLE private_key (
            certificate_id INTEGER PRIMARY KEY REFERENCES certificate (id) ON DELETE RESTRICT,
            sealed         BLOB    NOT NULL,
            added_at       INTEGER NOT NULL
        ) STRICT;
        """;

    /// <summary>Gets the schema of this version of the library.</summary>
    internal static StoreSchema Current { get; } = new([Version1]);

    private int Version => migrations.Length;

    /// <summary>Whether the file has no tables yet.</summary>
    internal static bool IsEmpty(StoreConnection connection) => connection.Number("SELECT count(*) FROM sqlite_schema") == 0;

    /// <summary>Brings a file to the current version, in one transaction that other processes see whole or not at all.</summary>
    internal void Upgrade(StoreConnection connection)
    {
        int found = connection.Snapshot(Recognise);
        UseWriteAheadLog(connection);
        if (found == Version)
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        for (int version = Recognise(connection); version < Version; version++)
        {
            connection.Execute(migrations[version]);
        }

        connection.Execute(Pragma("application_id", ApplicationId));
        connection.Execute(Pragma("user_version", Version));
        connection.Execute("COMMIT");
    }

    /// <summary>Refuses a file that is not a store of exactly this version.</summary>
    internal void Require(StoreConnection connection)
    {
        int version = connection.Snapshot(Recognise);
        if (version < Version)
        {
            throw version == 0
                ? StoreErrors.Damaged("it is empty")
                : new StoreException(
                    "store-older-schema", $"The store has schema {version}; open it for writing once to bring it to {Version}.");
        }
    }

    /// <summary>Refuses, inside a transaction, a file that a newer version has upgraded since it was opened.</summary>
    internal void ThrowIfUpgraded(StoreConnection connection) => ThrowIfNewer(connection.Number("PRAGMA user_version"));

    private int Recognise(StoreConnection connection)
    {
        long version = connection.Number("PRAGMA user_version");
        bool empty = IsEmpty(connection);
        if (empty && version == 0)
        {
            return 0;
        }

        if (connection.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreException("store-foreign", "The file is a database of another program.");
        }

        ThrowIfNewer(version);

        // Triggers, views and virtual tables have no pages of their own. In a file that someone else prepared they would be code that
        // runs on the statements of this library.
        return version > 0 && !empty && connection.Number("SELECT count(*) FROM sqlite_schema WHERE coalesce(rootpage, 0) = 0") == 0
            ? (int)version
            : throw StoreErrors.Damaged("its schema is not one that this library makes");
    }

    private void ThrowIfNewer(long version)
    {
        if (version > Version)
        {
            throw new StoreException(
                "store-newer-schema", $"The store has schema {version}; this version of the library knows schemas up to {Version}.");
        }
    }

    private static void UseWriteAheadLog(StoreConnection connection)
    {
        if (connection.First("PRAGMA journal_mode = WAL", static row => row.Text(0)) != "wal")
        {
            throw StoreErrors.Io("its file system does not support write-ahead logging");
        }
    }

    private static string Pragma(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"PRAGMA {name} = {value}");
}
