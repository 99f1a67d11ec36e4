using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Protection;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite;

/// <content>Private keys: they come in as PKCS #8 and leave only as handles.</content>
public sealed partial class SqliteCertificateStore
{
    /// <summary>Stores a private key and its certificate; replaces the key that the certificate had.</summary>
    /// <param name="certificate">The certificate; added as imported when it is not there.</param>
    /// <param name="pkcs8">DER PrivateKeyInfo (RFC 5958), unencrypted; read, not kept: the caller wipes it.</param>
    /// <param name="cancellationToken">Ends the operation; certificate and key are then stored or not, never one of them.</param>
    /// <returns>A task that ends when the key is durable.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="MalformedDataException">The encoding is no private key.</exception>
    /// <exception cref="UnsupportedAlgorithmException">Keys of this kind can neither sign nor decrypt here.</exception>
    /// <exception cref="StoreException"><c>locked</c>: unlock the store first.</exception>
    public async ValueTask ImportPrivateKeyAsync(
        Certificate certificate, ReadOnlyMemory<byte> pkcs8, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ThrowIfUnusable(certificate, pkcs8);
        byte[] sealedKey = Unlocked().Seal(certificate, pkcs8.Span);
        await _database.WriteAsync(Put, cancellationToken).ConfigureAwait(false);

        long Put(StoreConnection connection)
        {
            long id = CertificateRows.Put(connection, certificate, CertificateProvenance.Imported, Now());
            PrivateKeyRows.Put(connection, id, sealedKey, Now());
            return id;
        }
    }

    /// <summary>Removes the private key of a certificate; the certificate stays. Works in a locked store.</summary>
    /// <param name="certificate">The exact certificate.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>True when there was a key. Its encrypted form is overwritten in the file; handles given out keep working.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public async ValueTask<bool> RemovePrivateKeyAsync(Certificate certificate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        bool removed = await _database
            .WriteAsync(connection => PrivateKeyRows.Remove(connection, certificate), cancellationToken).ConfigureAwait(false);
        if (removed)
        {
            await _database.PurgeLogAsync().ConfigureAwait(false);
        }

        return removed;
    }

    /// <summary>Finds the certificates whose private keys the store holds. Works in a locked store.</summary>
    /// <param name="query">What the certificates must satisfy.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The certificates, ranked; empty when there are none.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public ValueTask<IReadOnlyList<StoredCertificate>> FindPrivateKeyCertificatesAsync(
        CertificateQuery query, CancellationToken cancellationToken = default)
    {
        Check(query);
        return _database.ReadAsync(connection => CertificateRows.Find(connection, query, withPrivateKey: true), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The handles belong to the store and end when it is locked or disposed. Their chain is what the store holds of issuers above the
    /// certificate, without self-issued ones.
    /// </remarks>
    /// <exception cref="StoreException"><c>locked</c>: there are keys for the query, but the store is locked.</exception>
    public ValueTask<IReadOnlyList<ISigningKey>> FindSigningKeysAsync(
        CertificateQuery query, CancellationToken cancellationToken = default) =>
        FindKeysAsync<ISigningKey>(
            query,
            withChain: true,
            static (keys, found) => keys.OpenSigning(found) is { } key ? new StoredSigningKey(key, found.Chain) : null,
            cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The handles belong to the store and end when it is locked or disposed.</remarks>
    /// <exception cref="StoreException"><c>locked</c>: there are keys for the query, but the store is locked.</exception>
    public ValueTask<IReadOnlyList<IDecryptionKey>> FindDecryptionKeysAsync(
        CertificateQuery query, CancellationToken cancellationToken = default) =>
        FindKeysAsync<IDecryptionKey>(query, withChain: false, static (keys, found) => keys.OpenDecryption(found), cancellationToken);

    private async ValueTask<IReadOnlyList<T>> FindKeysAsync<T>(
        CertificateQuery query, bool withChain, Func<UnlockedKeys, SealedPrivateKey, T?> open, CancellationToken cancellationToken)
        where T : class
    {
        Check(query);
        List<SealedPrivateKey> found = await _database
            .ReadAsync(connection => PrivateKeyRows.Find(connection, query, withChain), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return [];
        }

        UnlockedKeys keys = Unlocked();
        return [.. found.Select(key => open(keys, key)).OfType<T>()];
    }

    private UnlockedKeys Unlocked() => Volatile.Read(ref _keys) ?? throw StoreErrors.KeyLocked();

    private static void ThrowIfUnusable(Certificate certificate, ReadOnlyMemory<byte> pkcs8)
    {
        try
        {
            SigningKey.FromPkcs8(certificate, pkcs8).Dispose();
        }
        catch (UnsupportedAlgorithmException)
        {
            DecryptionKey.FromPkcs8(certificate, pkcs8).Dispose();
        }
    }
}
