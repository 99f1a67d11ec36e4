using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite.Protection;

/// <summary>
/// A 256-bit AES-GCM key (NIST SP 800-38D). A sealed value is nonce (12), ciphertext, tag (16); the nonce is random, which is safe for
/// 2^32 values under one key.
/// </summary>
/// <remarks>The key lies in pinned memory, so that the garbage collector makes no copies of it, and is wiped on disposal.</remarks>
internal sealed class DataKey : IDisposable
{
    internal const int KeySize = 32;
    internal const int Overhead = NonceSize + TagSize;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(KeySize, pinned: true);
    private readonly Lock _gate = new();
    private bool _disposed;

    private DataKey()
    {
    }

    internal static DataKey Create()
    {
        var key = new DataKey();
        RandomNumberGenerator.Fill(key._key);
        return key;
    }

    /// <summary>Takes a copy of key octets.</summary>
    internal static DataKey From(ReadOnlySpan<byte> octets)
    {
        var key = new DataKey();
        octets.CopyTo(key._key);
        return key;
    }

    /// <summary>Seals a value; it opens only with the same associated data.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        byte[] sealedValue = new byte[plaintext.Length + Overhead];
        Span<byte> nonce = sealedValue.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        lock (_gate)
        {
            ThrowIfWiped();
            using var aes = new AesGcm(_key, TagSize);
            Span<byte> ciphertext = sealedValue.AsSpan(NonceSize, plaintext.Length);
            aes.Encrypt(nonce, plaintext, ciphertext, sealedValue.AsSpan(NonceSize + plaintext.Length), associatedData);
        }

        return sealedValue;
    }

    /// <summary>Seals this key under another.</summary>
    internal byte[] SealUnder(DataKey other, ReadOnlySpan<byte> associatedData)
    {
        lock (_gate)
        {
            ThrowIfWiped();
            return other.Seal(_key, associatedData);
        }
    }

    /// <summary>Opens a value into memory that the caller wipes.</summary>
    /// <returns>False when anything is wrong with key, value or associated data.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> sealedValue, ReadOnlySpan<byte> associatedData, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        if (sealedValue.Length < Overhead)
        {
            return false;
        }

        byte[] opened = GC.AllocateUninitializedArray<byte>(sealedValue.Length - Overhead, pinned: true);
        try
        {
            lock (_gate)
            {
                ThrowIfWiped();
                using var aes = new AesGcm(_key, TagSize);
                aes.Decrypt(sealedValue[..NonceSize], sealedValue[NonceSize..^TagSize], sealedValue[^TagSize..], opened, associatedData);
            }
        }
        catch (CryptographicException)
        {
            return false; // the platform has cleared the output
        }

        plaintext = opened;
        return true;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_key);
        }
    }

    // A store may be locked while another call uses its key.
    private void ThrowIfWiped()
    {
        if (_disposed)
        {
            throw StoreErrors.KeyLocked();
        }
    }
}
