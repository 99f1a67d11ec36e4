using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite.Protection;

/// <summary>What an unlocked store has in memory: the data key, and the private keys asked for. Disposing wipes all of it.</summary>
internal sealed class UnlockedKeys(DataKey dataKey) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SealedPrivateKey, SigningKey> _signing = [];
    private readonly Dictionary<SealedPrivateKey, DecryptionKey> _decryption = [];
    private bool _disposed;

    /// <summary>Seals a private key for its certificate; the certificate is authenticated with it.</summary>
    internal byte[] Seal(Certificate certificate, ReadOnlySpan<byte> pkcs8) => dataKey.Seal(pkcs8, AssociatedData(certificate));

    /// <summary>Opens the key for signing; null when keys of its kind cannot sign.</summary>
    internal SigningKey? OpenSigning(SealedPrivateKey key) =>
        Open(_signing, key, static (certificate, pkcs8) => SigningKey.FromPkcs8(certificate, pkcs8));

    /// <summary>Opens the key for decryption; null when keys of its kind cannot decrypt.</summary>
    internal DecryptionKey? OpenDecryption(SealedPrivateKey key) =>
        Open(_decryption, key, static (certificate, pkcs8) => DecryptionKey.FromPkcs8(certificate, pkcs8));

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            dataKey.Dispose();
            foreach (IDisposable key in _signing.Values.Concat<IDisposable>(_decryption.Values))
            {
                key.Dispose();
            }
        }
    }

    private T? Open<T>(Dictionary<SealedPrivateKey, T> opened, SealedPrivateKey key, Func<Certificate, ReadOnlyMemory<byte>, T> import)
        where T : class
    {
        lock (_gate)
        {
            if (_disposed)
            {
                throw StoreErrors.KeyLocked();
            }

            if (!opened.TryGetValue(key, out T? handle) && Import(key, import) is { } imported)
            {
                opened.Add(key, handle = imported);
            }

            return handle;
        }
    }

    private T? Import<T>(SealedPrivateKey key, Func<Certificate, ReadOnlyMemory<byte>, T> import)
        where T : class
    {
        if (!dataKey.TryOpen(key.Sealed, AssociatedData(key.Certificate), out byte[]? pkcs8))
        {
            throw StoreErrors.Damaged("a private key does not authenticate");
        }

        try
        {
            return import(key.Certificate, pkcs8);
        }
        catch (UnsupportedAlgorithmException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static byte[] AssociatedData(Certificate certificate) => [.. "SmimeKit private key 1"u8, .. certificate.Sha256.Span];
}
