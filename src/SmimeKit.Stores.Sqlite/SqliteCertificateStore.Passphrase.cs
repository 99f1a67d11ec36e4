using SmimeKit.Stores.Sqlite.Protection;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite;

/// <content>The passphrase: it wraps the data key, under which the private keys are encrypted.</content>
public sealed partial class SqliteCertificateStore
{
    private const int MaxRaces = 8; // with other processes that set the passphrase at the same time

    /// <summary>Gets whether the private keys are accessible.</summary>
    public bool IsUnlocked => Volatile.Read(ref _keys) is not null;

    /// <summary>
    /// Makes the private keys accessible. In a store that has no passphrase yet and is open for writing, this one becomes its passphrase;
    /// a store without passphrase that is open for reading has no keys and stays locked.
    /// </summary>
    /// <param name="passphrase">The passphrase; stays the caller's, who may wipe it afterwards.</param>
    /// <param name="cancellationToken">Ends the operation before or after the derivation of the key, a fraction of a second.</param>
    /// <returns>A task that ends when the store is unlocked.</returns>
    /// <exception cref="ArgumentException">The passphrase is empty or not well-formed Unicode.</exception>
    /// <exception cref="StoreException"><c>wrong-passphrase</c>; the store stays as it was.</exception>
    /// <exception cref="LimitExceededException">The file asks for more than <see cref="KeyDerivationCost"/> admits.</exception>
    public async ValueTask UnlockAsync(ReadOnlyMemory<char> passphrase, CancellationToken cancellationToken = default)
    {
        WrappedDataKey.ThrowIfUnusable(passphrase, nameof(passphrase));
        WrappedDataKey? wrapped = await ReadDataKeyAsync(cancellationToken).ConfigureAwait(false);
        if (wrapped is null)
        {
            if (_options.Access == SqliteStoreAccess.ReadOnly)
            {
                return;
            }

            wrapped = await SetPassphraseAsync(passphrase, cancellationToken).ConfigureAwait(false);
        }

        DataKey dataKey = await Task.Run(() => wrapped.Unwrap(passphrase), cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _keys, new UnlockedKeys(dataKey))?.Dispose();
        if (_database.IsDisposed)
        {
            Lock();
        }
    }

    /// <summary>
    /// Wipes the keys from memory: private keys are inaccessible until the next unlocking, and handles given out before throw
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Lock() => Interlocked.Exchange(ref _keys, null)?.Dispose();

    /// <summary>Changes the passphrase. The private keys are not touched: the key that encrypts them is wrapped anew.</summary>
    /// <remarks>
    /// The old wrapping is overwritten. A copy of the file from before, a backup say, still opens with the old passphrase, and yields the
    /// key that encrypts the private keys in this file: after a leak of passphrase and file, replace the private keys too.
    /// </remarks>
    /// <param name="current">The passphrase so far.</param>
    /// <param name="replacement">The new passphrase.</param>
    /// <param name="cancellationToken">Ends the operation; one of the two is then the passphrase.</param>
    /// <returns>A task that ends when the change is durable.</returns>
    /// <exception cref="ArgumentException">A passphrase is empty or not well-formed Unicode.</exception>
    /// <exception cref="StoreException"><c>wrong-passphrase</c>; <c>no-passphrase</c>: the store never had one.</exception>
    public async ValueTask ChangePassphraseAsync(
        ReadOnlyMemory<char> current, ReadOnlyMemory<char> replacement, CancellationToken cancellationToken = default)
    {
        WrappedDataKey.ThrowIfUnusable(current, nameof(current));
        WrappedDataKey.ThrowIfUnusable(replacement, nameof(replacement));
        for (int race = 0; race < MaxRaces; race++)
        {
            WrappedDataKey previous = await ReadDataKeyAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new StoreException("no-passphrase", "The store has no passphrase yet.");
            WrappedDataKey next = await Task.Run(() => Rewrap(previous, current, replacement), cancellationToken).ConfigureAwait(false);
            if (await _database.WriteAsync(c => PrivateKeyRows.ReplaceDataKey(c, previous, next), cancellationToken).ConfigureAwait(false))
            {
                // Until then the log still holds the page with the old wrapping.
                await _database.PurgeLogAsync().ConfigureAwait(false);
                return;
            }
        }

        throw new StoreException("store-busy", "Other processes keep changing the passphrase.");
    }

    private ValueTask<WrappedDataKey?> ReadDataKeyAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(PrivateKeyRows.DataKey, cancellationToken);

    private WrappedDataKey Rewrap(WrappedDataKey previous, ReadOnlyMemory<char> current, ReadOnlyMemory<char> replacement)
    {
        using DataKey dataKey = previous.Unwrap(current);
        return WrappedDataKey.Wrap(dataKey, replacement, _options.KeyDerivation);
    }

    private async ValueTask<WrappedDataKey> SetPassphraseAsync(ReadOnlyMemory<char> passphrase, CancellationToken cancellationToken)
    {
        WrappedDataKey first = await Task.Run(Wrap, cancellationToken).ConfigureAwait(false);

        // Another process may set a passphrase meanwhile: then that one counts.
        return await _database.WriteAsync(
            connection => PrivateKeyRows.PutDataKey(connection, first) ? first : PrivateKeyRows.DataKey(connection)!,
            cancellationToken).ConfigureAwait(false);

        WrappedDataKey Wrap()
        {
            using DataKey dataKey = DataKey.Create();
            return WrappedDataKey.Wrap(dataKey, passphrase, _options.KeyDerivation);
        }
    }
}
