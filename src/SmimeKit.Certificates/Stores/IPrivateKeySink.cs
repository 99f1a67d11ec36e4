namespace SmimeKit.Certificates;

/// <summary>A store that takes private keys in. What has gone in comes out as handles only: see <see cref="IPrivateKeyStore"/>.</summary>
public interface IPrivateKeySink
{
    /// <summary>Stores a private key and its certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="pkcs8">DER PrivateKeyInfo (RFC 5958), unencrypted; read, not kept: the caller wipes it.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the key is stored.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="StoreException">The store cannot be written, or is locked.</exception>
    ValueTask ImportPrivateKeyAsync(Certificate certificate, ReadOnlyMemory<byte> pkcs8, CancellationToken cancellationToken = default);
}
