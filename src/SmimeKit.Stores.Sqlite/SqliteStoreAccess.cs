namespace SmimeKit.Stores.Sqlite;

/// <summary>What a store may do to its file.</summary>
public enum SqliteStoreAccess
{
    /// <summary>Reads and writes; creates the file, readable by its owner only, when there is none. The folder must exist.</summary>
    ReadWriteCreate,

    /// <summary>Reads and writes a file that must exist.</summary>
    ReadWrite,

    /// <summary>
    /// Reads a file that must exist and have the current schema; nothing in it changes. SQLite still needs its two side files, so they
    /// must exist or the folder be writable.
    /// </summary>
    ReadOnly,
}
