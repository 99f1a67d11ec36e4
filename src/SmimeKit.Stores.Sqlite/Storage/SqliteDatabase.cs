using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>
/// One file: a writer, one at a time, and several readers beside it. SQLite blocks, so its work runs on the thread pool and never on the
/// caller's thread.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxReaders = 8;

    private readonly string _fullPath;
    private readonly bool _readOnly;
    private readonly int _attempts;
    private readonly StoreSchema _schema;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(MaxReaders, MaxReaders);
    private readonly ConcurrentBag<StoreConnection> _readers = [];
    private StoreConnection? _writer;
    private int _disposed;

    private SqliteDatabase(string fullPath, bool readOnly, TimeSpan busyTimeout, StoreSchema schema)
    {
        _fullPath = fullPath;
        _readOnly = readOnly;
        _attempts = (int)Math.Clamp(Math.Ceiling(busyTimeout / StoreConnection.Patience), 1, int.MaxValue);
        _schema = schema;
    }

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    internal static async ValueTask<SqliteDatabase> OpenAsync(
        string path, SqliteStoreAccess access, TimeSpan busyTimeout, StoreSchema schema, CancellationToken cancellationToken)
    {
        // An absolute path is never mistaken for a URI or for ":memory:".
        var database = new SqliteDatabase(Path.GetFullPath(path), access == SqliteStoreAccess.ReadOnly, busyTimeout, schema);
        try
        {
            await Task.Run(() => database.Initialise(access, cancellationToken), cancellationToken).ConfigureAwait(false);
            return database;
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads from one consistent snapshot. The work may run again when the file is busy.</summary>
    internal async ValueTask<T> ReadAsync<T>(Func<StoreConnection, T> read, CancellationToken cancellationToken)
    {
        await EnterAsync(_reading, cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Writes in one transaction. When the task ends well, what was written is on the disk.</summary>
    internal async ValueTask<T> WriteAsync<T>(Func<StoreConnection, T> write, CancellationToken cancellationToken)
    {
        if (_readOnly)
        {
            throw StoreErrors.ReadOnlyStore();
        }

        await EnterAsync(_writing, cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Write(write, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// Moves the write-ahead log into the file and empties it, as far as other readers let it. What was committed is durable already, so
    /// nothing here fails: what remains goes with the next checkpoint.
    /// </summary>
    internal async ValueTask PurgeLogAsync()
    {
        try
        {
            await EnterAsync(_writing, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return; // closing has emptied it
        }

        try
        {
            await Task.Run(Checkpoint).ConfigureAwait(false);
        }
        catch (StoreException)
        {
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits for the operations under way, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _writing.WaitAsync().ConfigureAwait(false);
        for (int i = 0; i < MaxReaders; i++)
        {
            await _reading.WaitAsync().ConfigureAwait(false);
        }

        while (_readers.TryTake(out StoreConnection? reader))
        {
            reader.Dispose();
        }

        _writer?.Dispose();
        _writer = null;

        // Whoever still waits wakes up and finds the store disposed.
        _reading.Release(MaxReaders);
        _writing.Release();
    }

    private void Initialise(SqliteStoreAccess access, CancellationToken cancellationToken)
    {
        Guard(() =>
        {
            Create(access);
            _writer = Connect(cancellationToken);
            return Patiently(_writer, () => Prepare(_writer, access), cancellationToken);
        });
        if (_readOnly)
        {
            _readers.Add(_writer!);
            _writer = null;
        }
    }

    private bool Prepare(StoreConnection connection, SqliteStoreAccess access)
    {
        if (access == SqliteStoreAccess.ReadWriteCreate)
        {
            _schema.Upgrade(connection);
        }
        else
        {
            // Only creation may meet an empty file: elsewhere it is what a failed copy leaves.
            if (access == SqliteStoreAccess.ReadWrite && !StoreSchema.IsEmpty(connection))
            {
                _schema.Upgrade(connection);
            }

            _schema.Require(connection);
        }

        return true;
    }

    // The empty file is made here and not by SQLite, for its mode: SQLite gives its side files the same.
    private void Create(SqliteStoreAccess access)
    {
        if (File.Exists(_fullPath))
        {
            return;
        }

        if (access != SqliteStoreAccess.ReadWriteCreate)
        {
            throw StoreErrors.NotFound();
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            new FileStream(_fullPath, options).Dispose();
        }
        catch (IOException) when (File.Exists(_fullPath))
        {
            // Another process was faster.
        }
    }

    private T Read<T>(Func<StoreConnection, T> read, CancellationToken cancellationToken) => Guard(() =>
    {
        StoreConnection connection = _readers.TryTake(out StoreConnection? idle) ? idle : Connect(cancellationToken);
        try
        {
            T result = Patiently(connection, () => connection.Snapshot(read), cancellationToken);
            _readers.Add(connection);
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    private T Write<T>(Func<StoreConnection, T> write, CancellationToken cancellationToken) => Guard(() =>
    {
        StoreConnection connection = _writer ??= Connect(cancellationToken);
        try
        {
            Patiently(connection, () => connection.Execute("BEGIN IMMEDIATE"), cancellationToken);
            _schema.ThrowIfUpgraded(connection);
            T result = write(connection);
            cancellationToken.ThrowIfCancellationRequested();
            connection.Execute("COMMIT");
            return result;
        }
        catch
        {
            _writer = null;
            connection.Dispose(); // rolls back, whatever state the connection is in
            throw;
        }
    });

    private void Checkpoint() => Guard(() => (_writer ??= Connect(CancellationToken.None)).Execute("PRAGMA wal_checkpoint(TRUNCATE)"));

    private StoreConnection Connect(CancellationToken cancellationToken) =>
        Patiently(null, () => StoreConnection.Open(_fullPath, _readOnly), cancellationToken);

    private T Patiently<T>(StoreConnection? connection, Func<T> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return work();
            }
            catch (SqliteException fault) when (StoreErrors.IsBusy(fault) && attempt < _attempts)
            {
                connection?.Abandon();
            }
        }
    }

    private static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault)
        {
            throw StoreErrors.From(fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Io("the file cannot be created");
        }
    }

    private void ThrowIfDisposed() =>
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(SqliteCertificateStore));

    private async ValueTask EnterAsync(SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfDisposed();
        }
        catch (ObjectDisposedException)
        {
            gate.Release();
            throw;
        }
    }
}
