using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>A key-encryption key in memory. Wiped when disposed.</summary>
public sealed class KeyEncryptionKey : IKeyEncryptionKey, IDisposable
{
    private readonly byte[] _key;
    private readonly KeyWrapAlgorithm _wrap;
    private bool _disposed;

    /// <summary>Initializes a key for AES key wrap (RFC 3565 §2.3.2).</summary>
    /// <param name="identifier">The octets by which messages name the key; empty to try it with every entry of its kind when reading.</param>
    /// <param name="key">The key: 16, 24 or 32 octets; copied: the caller wipes it.</param>
    /// <param name="date">The date that chooses among keys with one identifier; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The key has another size.</exception>
    public KeyEncryptionKey(ReadOnlyMemory<byte> identifier, ReadOnlySpan<byte> key, DateTimeOffset? date = null)
        : this(AesFor(key.Length), identifier, key, date)
    {
    }

    /// <summary>Initializes a key for a key wrap.</summary>
    /// <param name="wrap">The key wrap: the one that new messages name, and the only one that the key reads.</param>
    /// <param name="identifier">The octets by which messages name the key; empty to try it with every entry of its kind when reading.</param>
    /// <param name="key">The key, of the size of the wrap; copied: the caller wipes it.</param>
    /// <param name="date">The date that chooses among keys with one identifier; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The key has another size.</exception>
    public KeyEncryptionKey(KeyWrapAlgorithm wrap, ReadOnlyMemory<byte> identifier, ReadOnlySpan<byte> key, DateTimeOffset? date = null)
    {
        ArgumentNullException.ThrowIfNull(wrap);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, wrap.KeySize, nameof(key));
        _wrap = wrap;
        Identifier = identifier.ToArray();
        Date = date;
        Algorithm = wrap.Identifier;
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
        return new ValueTask<byte[]>(_wrap.Wrap(_key, key.Span));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> UnwrapAsync(
        AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> wrappedKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (algorithm.Oid != _wrap.Oid || KeyWrapAlgorithm.Resolve(algorithm, toleratesDeviations: true) is not { } wrap)
        {
            throw new UnsupportedAlgorithmException(algorithm.Oid, "The key-encryption key is not for this key wrap.");
        }

        return new ValueTask<byte[]?>(wrap.Unwrap(_key, wrappedKey.Span));
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    private static KeyWrapAlgorithm AesFor(int keySize) => keySize switch
    {
        16 => KeyWrapAlgorithm.Aes128,
        24 => KeyWrapAlgorithm.Aes192,
        32 => KeyWrapAlgorithm.Aes256,
        _ => throw new ArgumentOutOfRangeException(nameof(keySize), keySize, "Keys for AES key wrap have 16, 24 or 32 octets."),
    };
}
