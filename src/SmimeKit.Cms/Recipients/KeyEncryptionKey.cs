using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>A key-encryption key in memory. Wiped when disposed.</summary>
public sealed class KeyEncryptionKey : IKeyEncryptionKey, IDisposable
{
    private readonly byte[] _key;
    private bool _disposed;

    /// <summary>Initializes a key for AES key wrap (RFC 3565 §2.3.2).</summary>
    /// <param name="identifier">The octets by which messages name the key; empty to try it with every entry of its kind when reading.</param>
    /// <param name="key">The key: 16, 24 or 32 octets; copied: the caller wipes it.</param>
    /// <param name="date">The date that chooses among keys with one identifier; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The key has another size.</exception>
    public KeyEncryptionKey(ReadOnlyMemory<byte> identifier, ReadOnlySpan<byte> key, DateTimeOffset? date = null)
    {
        Identifier = identifier.ToArray();
        Date = date;
        Algorithm = new AlgorithmIdentifier(AesKeyWrap.OidFor(key.Length));
        _key = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(_key);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Identifier { get; }

    /// <inheritdoc/>
    public DateTimeOffset? Date { get; }

    /// <inheritdoc/>
    public AlgorithmIdentifier Algorithm { get; }

    /// <inheritdoc/>
    public ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ValueTask<byte[]>(AesKeyWrap.Wrap(_key, key.Span));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> UnwrapAsync(
        AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> wrappedKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (AesKeyWrap.KeySize(algorithm.Oid) != _key.Length)
        {
            throw new UnsupportedAlgorithmException(algorithm.Oid, "The key-encryption key is not for this key wrap.");
        }

        return new ValueTask<byte[]?>(AesKeyWrap.HasValidSize(wrappedKey.Length) ? AesKeyWrap.Unwrap(_key, wrappedKey.Span) : null);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }
}
