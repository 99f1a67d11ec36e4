using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>How long one attempt waits for a lock: short enough to notice cancellation between two.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MaxValueSize = 16 * 1024 * 1024; // bytes of one column of one row; nothing that is stored comes near

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private StoreConnection(SqliteConnection connection) => _connection = connection;

    internal static StoreConnection Open(string fullPath, bool readOnly)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = fullPath,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = (int)Patience.TotalSeconds,
        };
        var connection = new StoreConnection(new SqliteConnection(text.ConnectionString));
        try
        {
            connection.Configure();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    internal int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Reads the rows of a query, one after the other, until the visitor has had enough.</summary>
    internal void Each(string sql, Func<StoreRow, bool> visit, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteDataReader reader = Prepare(sql, parameters).ExecuteReader();
        while (reader.Read() && visit(new StoreRow(reader)))
        {
        }
    }

    /// <summary>Reads all rows of a query.</summary>
    internal List<T> List<T>(string sql, Func<StoreRow, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        using SqliteDataReader reader = Prepare(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(new StoreRow(reader)));
        }

        return rows;
    }

    /// <summary>Reads the first row of a query; null when there is none.</summary>
    internal T? First<T>(string sql, Func<StoreRow, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class
    {
        using SqliteDataReader reader = Prepare(sql, parameters).ExecuteReader();
        return reader.Read() ? read(new StoreRow(reader)) : null;
    }

    /// <summary>Reads the first row of a query; false when there is none.</summary>
    internal bool TryFirst<T>(
        string sql, Func<StoreRow, T> read, out T value, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : struct
    {
        using SqliteDataReader reader = Prepare(sql, parameters).ExecuteReader();
        bool found = reader.Read();
        value = found ? read(new StoreRow(reader)) : default;
        return found;
    }

    /// <summary>Reads one number, such as a pragma's.</summary>
    internal long Number(string sql) =>
        TryFirst(sql, static row => row.Int64(0), out long value) ? value : throw StoreErrors.Damaged("a number is missing");

    /// <summary>Reads from one state of the file, whatever others commit meanwhile.</summary>
    internal T Snapshot<T>(Func<StoreConnection, T> read)
    {
        Execute("BEGIN");
        T result = read(this);
        Execute("COMMIT");
        return result;
    }

    /// <summary>Leaves a transaction that an error has interrupted.</summary>
    internal void Abandon()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private void Configure()
    {
        _connection.Open();
        _ = SQLitePCL.raw.sqlite3_limit(_connection.Handle, SQLitePCL.raw.SQLITE_LIMIT_LENGTH, MaxValueSize);
        string patience = Patience.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        using SqliteCommand pragmas = _connection.CreateCommand();
        pragmas.CommandText = $"""
            PRAGMA busy_timeout = {patience};
            PRAGMA synchronous = FULL;
            PRAGMA fullfsync = ON;
            PRAGMA checkpoint_fullfsync = ON;
            PRAGMA secure_delete = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA journal_size_limit = 4194304;
            """;
        pragmas.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Parameters.Clear();
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
