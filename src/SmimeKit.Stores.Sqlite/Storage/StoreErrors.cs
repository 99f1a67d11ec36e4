using Microsoft.Data.Sqlite;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The one place where faults of SQLite and of the file become <see cref="StoreException"/>.</summary>
internal static class StoreErrors
{
    // Primary result codes of SQLite.
    private const int Error = 1;
    private const int Perm = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CantOpen = 14;
    private const int Constraint = 19;
    private const int Auth = 23;
    private const int NotADatabase = 26;

    internal static bool IsBusy(SqliteException fault) => fault.SqliteErrorCode is Busy or Locked;

    internal static StoreException From(SqliteException fault) => fault.SqliteErrorCode switch
    {
        Busy or Locked => new("store-busy", "The store is in use by another process and did not become free in time."),
        ReadOnly => ReadOnlyStore(),
        Error => Damaged("its schema is not one that this library makes"), // our statements are well-formed
        Corrupt => Damaged("its structure is broken"),
        NotADatabase => Damaged("it is not an SQLite database"),
        Constraint => Damaged("its rows contradict each other"),
        CantOpen or Perm or Auth => Io("it cannot be opened"),
        _ => Io($"SQLite reports {fault.SqliteErrorCode}/{fault.SqliteExtendedErrorCode}"),
    };

    internal static StoreException Damaged(string what) => new("store-corrupt", $"The store is damaged: {what}.");

    internal static StoreException Io(string what) => new("store-io", $"The store cannot be read or written: {what}.");

    internal static StoreException NotFound() => new("store-not-found", "There is no store at the path.");

    internal static StoreException ReadOnlyStore() =>
        new("store-read-only", "The store is open for reading only, or its file is read-only.");

    internal static StoreException KeyLocked() =>
        new("locked", "The store holds the private key, but was not unlocked with its passphrase.");
}
