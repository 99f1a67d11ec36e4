using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Evidence;

/// <summary>Opens the store that the command line names, or the user's.</summary>
internal static class UserStore
{
    private const string FileName = "store.db";

    /// <summary>Opens the store to read it; null when there is none and none was asked for.</summary>
    internal static async Task<SqliteCertificateStore?> OpenAsync(
        EvidenceChoice choice, IReadOnlyList<string> passwords, ToolHost host, bool forWriting, CancellationToken cancellationToken)
    {
        string path = choice.Store ?? DefaultPath(host);
        if (choice.NoStore || (choice.Store is null && !File.Exists(path)))
        {
            return forWriting ? throw ToolException.Usage("There is no store: name one with --store.") : null;
        }

        SqliteStoreAccess access = forWriting ? SqliteStoreAccess.ReadWrite : SqliteStoreAccess.ReadOnly;
        return await OpenAsync(path, access, passwords, host, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the store to look at what it holds; its keys stay locked.</summary>
    internal static async Task<SqliteCertificateStore> OpenToLookAsync(EvidenceChoice choice, ToolHost host, CancellationToken cancellationToken)
    {
        RefuseNoStore(choice);
        return await OpenAsync(choice, [], host, forWriting: false, cancellationToken).ConfigureAwait(false)
            ?? throw ToolException.Io("store-not-found", "There is no store yet; 'cert import' creates it.");
    }

    /// <summary>Opens the store to change it; creates it, and the user's data folder, when there is none.</summary>
    internal static async Task<SqliteCertificateStore> OpenOrCreateAsync(
        EvidenceChoice choice, IReadOnlyList<string> passwords, ToolHost host, CancellationToken cancellationToken)
    {
        RefuseNoStore(choice);
        if (choice.Store is null)
        {
            CreateFolder(host.DataFolder);
        }

        return await OpenAsync(
            choice.Store ?? DefaultPath(host), SqliteStoreAccess.ReadWriteCreate, passwords, host, cancellationToken).ConfigureAwait(false);
    }

    private static void RefuseNoStore(EvidenceChoice choice)
    {
        if (choice.NoStore)
        {
            throw ToolException.Usage("This command works on a store.");
        }
    }

    private static string DefaultPath(ToolHost host) => Path.Combine(host.DataFolder, FileName);

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<SqliteCertificateStore> OpenAsync(
        string path, SqliteStoreAccess access, IReadOnlyList<string> passwords, ToolHost host, CancellationToken cancellationToken)
    {
        // Without passphrase: unlocking sets one in a store that has none, and that is for the import of a key to do.
        SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(
            path, new SqliteStoreOptions { Access = access, TimeProvider = host.Time }, cancellationToken).ConfigureAwait(false);
        try
        {
            if (await HoldsKeysAsync(store, cancellationToken).ConfigureAwait(false))
            {
                await UnlockAsync(store, passwords, cancellationToken).ConfigureAwait(false);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask<bool> HoldsKeysAsync(SqliteCertificateStore store, CancellationToken cancellationToken)
    {
        var any = new CertificateQuery { Purpose = CertificatePurpose.Any, Limit = 1 };
        return (await store.FindPrivateKeyCertificatesAsync(any, cancellationToken).ConfigureAwait(false)).Count > 0;
    }

    // The passwords may be meant for key files; a store that none of them fits stays locked.
    private static async Task UnlockAsync(SqliteCertificateStore store, IReadOnlyList<string> passwords, CancellationToken cancellationToken)
    {
        foreach (string password in passwords.Where(p => p.Length > 0))
        {
            try
            {
                await store.UnlockAsync(password.AsMemory(), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StoreException e) when (e.Code == "wrong-passphrase")
            {
            }
        }
    }
}
