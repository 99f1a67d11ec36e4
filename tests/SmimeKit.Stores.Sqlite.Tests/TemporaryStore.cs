using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite.Tests;

/// <summary>A folder for one store, removed afterwards.</summary>
internal sealed class TemporaryStore : IDisposable
{
    internal const string Passphrase = "correct horse battery staple";

    internal static readonly KeyDerivationCost Cheap = new(64, 1, 1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smimekit-sqlite-");

    internal string FilePath => Path.Combine(_folder.FullName, "store.db");

    internal static SqliteStoreOptions Unlocking(string passphrase = Passphrase) =>
        new() { Passphrase = passphrase.AsMemory(), KeyDerivation = Cheap };

    internal ValueTask<SqliteCertificateStore> OpenAsync(SqliteStoreOptions? options = null) =>
        SqliteCertificateStore.OpenAsync(FilePath, options ?? new SqliteStoreOptions { KeyDerivation = Cheap });

    internal ValueTask<SqliteCertificateStore> OpenAsync(SqliteStoreAccess access) =>
        OpenAsync(new SqliteStoreOptions { Access = access, KeyDerivation = Cheap, BusyTimeout = TimeSpan.Zero });

    /// <summary>Opens the file below the store, for what no store would do.</summary>
    internal StoreConnection Connect() => StoreConnection.Open(FilePath, readOnly: false);

    /// <summary>Opens it with an expectation of the error code.</summary>
    internal async Task FailsToOpenAsync(string code, SqliteStoreOptions? options = null)
    {
        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await (await OpenAsync(options)).DisposeAsync());
        Assert.Equal(code, fault.Code);
    }

    /// <summary>
    /// Reads a file of an open store. By way of another process: closing a file here would release the locks of SQLite, which POSIX
    /// binds to the process.
    /// </summary>
    internal async Task<byte[]> ReadBesideAsync(string file)
    {
        string copy = InFolder(Path.GetRandomFileName());
        using var process = System.Diagnostics.Process.Start("cp", [file, copy]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return await File.ReadAllBytesAsync(copy);
    }

    internal string InFolder(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
