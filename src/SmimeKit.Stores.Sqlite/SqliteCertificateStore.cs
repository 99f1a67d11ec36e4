using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Protection;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite;

/// <summary>Certificates, what correspondents announced, trust anchors and private keys in one SQLite file.</summary>
/// <remarks>
/// <para>
/// Safe for concurrent calls and for several processes on one file of a local disk; not for network file systems. When a task that
/// writes has ended well, its effect survives a crash of the process, of the system, and a loss of power.
/// </para>
/// <para>
/// Private keys are encrypted under a passphrase. Everything else lies readable in the file, and nothing in it is authenticated: whoever
/// can write the file can add trust anchors. A new file is therefore readable and writable by its owner only.
/// </para>
/// <para>
/// Every method may fail with a <see cref="StoreException"/> of the codes <c>store-io</c>, <c>store-busy</c> and <c>store-corrupt</c>,
/// and every method that writes with <c>store-read-only</c> and <c>store-newer-schema</c>.
/// </para>
/// </remarks>
public sealed partial class SqliteCertificateStore
    : ICertificateStore, ICertificateSink, IPrivateKeyStore, IPrivateKeySink, ITrustAnchors, IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStoreOptions _options;
    private UnlockedKeys? _keys;

    private SqliteCertificateStore(SqliteDatabase database, SqliteStoreOptions options)
    {
        _database = database;
        _options = options;
    }

    /// <summary>Opens a store, and unlocks its private keys when the options name the passphrase.</summary>
    /// <param name="path">The path of the file. Its folder must exist and allows SQLite's side files <c>-wal</c> and <c>-shm</c>.</param>
    /// <param name="options">How to open it; null for the defaults: created when missing, locked.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The store, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The path or an option is not usable.</exception>
    /// <exception cref="StoreException">
    /// <c>store-not-found</c>; <c>store-corrupt</c>; <c>store-foreign</c>: the file belongs to another program;
    /// <c>store-newer-schema</c>: a newer version of the library made it; <c>store-older-schema</c>: it needs to be opened for writing
    /// once; <c>wrong-passphrase</c>; <c>store-io</c>; <c>store-busy</c>.
    /// </exception>
    /// <exception cref="LimitExceededException">The file asks for more than <see cref="KeyDerivationCost"/> admits.</exception>
    public static async ValueTask<SqliteCertificateStore> OpenAsync(
        string path, SqliteStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new SqliteStoreOptions();
        Check(options);
        SqliteDatabase database = await SqliteDatabase
            .OpenAsync(path, options.Access, options.BusyTimeout, StoreSchema.Current, cancellationToken).ConfigureAwait(false);

        // The options outlive this call, the caller's passphrase need not.
        var store = new SqliteCertificateStore(database, options with { Passphrase = null });
        try
        {
            if (options.Passphrase is { } passphrase)
            {
                await store.UnlockAsync(passphrase, cancellationToken).ConfigureAwait(false);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default)
    {
        Check(query);
        return _database.ReadAsync(connection => CertificateRows.Find(connection, query), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask AddAsync(
        Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Check(provenance);

        // Every message brings certificates that are long there: those cost no write.
        if (!await HoldsAsync(certificate, provenance, cancellationToken).ConfigureAwait(false))
        {
            await AddRangeAsync([certificate], provenance, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds certificates in one transaction: all of them or none. Much faster than one by one.</summary>
    /// <param name="certificates">The certificates; those that are there already have their provenance raised.</param>
    /// <param name="provenance">How they came here.</param>
    /// <param name="cancellationToken">Ends the operation; then none is added.</param>
    /// <returns>A task that ends when the certificates are durable.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public async ValueTask AddRangeAsync(
        IEnumerable<Certificate> certificates, CertificateProvenance provenance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        Check(provenance);
        Certificate[] all = [.. certificates];
        await _database.WriteAsync(AddAll, cancellationToken).ConfigureAwait(false);

        int AddAll(StoreConnection connection)
        {
            foreach (Certificate certificate in all)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CertificateRows.Put(connection, certificate, provenance, Now());
            }

            return all.Length;
        }
    }

    /// <summary>Removes a certificate, and with it what was announced about it. Trust anchors are not affected.</summary>
    /// <param name="certificate">The exact certificate.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>True when it was there.</returns>
    /// <exception cref="StoreException"><c>has-private-key</c>: remove the key first.</exception>
    public ValueTask<bool> RemoveAsync(Certificate certificate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return _database.WriteAsync(Remove, cancellationToken);

        bool Remove(StoreConnection connection)
        {
            bool held = CertificateRows.TryFind(connection, certificate, out (long Id, CertificateProvenance) row);
            return held && PrivateKeyRows.Exists(connection, row.Id)
                ? throw new StoreException("has-private-key", "The store holds the private key of the certificate.")
                : CertificateRows.Remove(connection, certificate);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> LearnAsync(EncryptionAnnouncement announcement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        return _database.WriteAsync(connection => AnnouncementRows.Learn(connection, announcement, Now()), cancellationToken);
    }

    /// <summary>Forgets what an address announced, so that the next announcement is learned whatever its date. Certificates stay.</summary>
    /// <param name="emailAddress">The address.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>True when there was something to forget.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public ValueTask<bool> ForgetAsync(string emailAddress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(emailAddress);
        return CertificateIndex.AddressKey(emailAddress) is { } address
            ? _database.WriteAsync(connection => AnnouncementRows.Forget(connection, address), cancellationToken)
            : ValueTask.FromResult(false);
    }

    /// <summary>Locks the store, waits for the operations under way and closes the file.</summary>
    /// <returns>A task that ends when the file is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync().ConfigureAwait(false);
        Lock();
    }

    private ValueTask<bool> HoldsAsync(Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            connection => CertificateRows.TryFind(connection, certificate, out (long, CertificateProvenance Provenance) row)
                && row.Provenance >= provenance,
            cancellationToken);

    private DateTimeOffset Now() => _options.TimeProvider.GetUtcNow();

    private static void Check(CertificateQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
    }

    private static void Check(CertificateProvenance provenance)
    {
        if (!Enum.IsDefined(provenance))
        {
            throw new ArgumentOutOfRangeException(nameof(provenance));
        }
    }

    private static void Check(SqliteStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BusyTimeout, TimeSpan.Zero, nameof(options));
        KeyDerivationCost cost = options.KeyDerivation ?? throw new ArgumentException("The key derivation is null.", nameof(options));
        if (!Enum.IsDefined(options.Access) || !cost.IsSound || cost.IsExcessive)
        {
            throw new ArgumentOutOfRangeException(nameof(options));
        }

        if (options.Passphrase is { } passphrase)
        {
            WrappedDataKey.ThrowIfUnusable(passphrase, nameof(options));
        }
    }
}
