namespace SmimeKit.Certificates;

/// <summary>A source of private-key handles: never of keys.</summary>
public interface IPrivateKeyStore
{
    /// <summary>Finds keys to sign with, best first.</summary>
    /// <param name="query">What their certificates must satisfy.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The handles; empty when there are none.</returns>
    /// <exception cref="StoreException">The store cannot be read or unlocked.</exception>
    ValueTask<IReadOnlyList<ISigningKey>> FindSigningKeysAsync(CertificateQuery query, CancellationToken cancellationToken = default);

    /// <summary>Finds keys to decrypt with, best first.</summary>
    /// <param name="query">What their certificates must satisfy.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The handles; empty when there are none.</returns>
    /// <exception cref="StoreException">The store cannot be read or unlocked.</exception>
    ValueTask<IReadOnlyList<IDecryptionKey>> FindDecryptionKeysAsync(CertificateQuery query, CancellationToken cancellationToken = default);
}
