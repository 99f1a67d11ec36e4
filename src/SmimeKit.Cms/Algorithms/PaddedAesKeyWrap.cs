using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>AES Key Wrap with Padding, RFC 5649: keys of any size. The base library has it.</summary>
internal sealed class PaddedAesKeyWrap(string oid, int keySize) : KeyWrapAlgorithm(oid, $"AES-{keySize * 8}-wrap-pad", keySize)
{
    private const int HalfBlock = 8;

    /// <inheritdoc/>
    internal override bool Takes(int keySize) => keySize >= 1;

    /// <inheritdoc/>
    internal override int WrappedSize(int keySize) => HalfBlock + ((keySize + HalfBlock - 1) / HalfBlock * HalfBlock); // R5649-3-a

    /// <inheritdoc/>
    private protected override byte[] WrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        using Aes aes = Aes.Create();
        aes.SetKey(keyEncryptionKey);
        return aes.EncryptKeyWrapPadded(key);
    }

    /// <inheritdoc/>
    private protected override byte[]? UnwrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < 2 * HalfBlock || wrapped.Length % HalfBlock != 0)
        {
            return null;
        }

        using Aes aes = Aes.Create();
        aes.SetKey(keyEncryptionKey);
        try
        {
            return aes.DecryptKeyWrapPadded(wrapped);
        }
        catch (CryptographicException)
        {
            return null; // R5649-3-b: one error for every reason
        }
    }
}
