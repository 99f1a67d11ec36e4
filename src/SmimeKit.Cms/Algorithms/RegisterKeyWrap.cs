using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The key wrap of RFC 3394 §2.2 over a cipher with blocks of 16 octets: AES, and Camellia in the same way (RFC 3657 §3.2).</summary>
/// <remarks>Keys are multiples of 8 octets, at least 16; the wrapped key is 8 octets longer.</remarks>
internal abstract class RegisterKeyWrap(string oid, string name, int keySize) : KeyWrapAlgorithm(oid, name, keySize)
{
    /// <summary>The octets by which a wrapped key is longer.</summary>
    internal const int Overhead = 8;

    private const int HalfBlock = 8;
    private const int Rounds = 6;
    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6; // RFC 3394 §2.2.3.1

    /// <inheritdoc/>
    internal override bool Takes(int keySize) => keySize >= 2 * HalfBlock && keySize % HalfBlock == 0; // R3394-2.2.1-a

    /// <inheritdoc/>
    internal override int WrappedSize(int keySize) => keySize + Overhead;

    /// <summary>The cipher, ready to transform single blocks of 16 octets in place. The caller disposes it.</summary>
    private protected abstract IBlockTransform OpenCipher(ReadOnlySpan<byte> keyEncryptionKey, bool forEncryption);

    /// <inheritdoc/>
    private protected override byte[] WrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        byte[] wrapped = new byte[key.Length + Overhead];
        key.CopyTo(wrapped.AsSpan(Overhead));
        byte[] block = new byte[2 * HalfBlock];
        using IBlockTransform cipher = OpenCipher(keyEncryptionKey, forEncryption: true);

        ulong register = InitialValue;
        ulong step = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (int at = Overhead; at < wrapped.Length; at += HalfBlock)
            {
                BinaryPrimitives.WriteUInt64BigEndian(block, register);
                wrapped.AsSpan(at, HalfBlock).CopyTo(block.AsSpan(HalfBlock));
                cipher.Transform(block);
                register = BinaryPrimitives.ReadUInt64BigEndian(block) ^ ++step;
                block.AsSpan(HalfBlock).CopyTo(wrapped.AsSpan(at));
            }
        }

        BinaryPrimitives.WriteUInt64BigEndian(wrapped, register);
        CryptographicOperations.ZeroMemory(block);
        return wrapped;
    }

    /// <inheritdoc/>
    private protected override byte[]? UnwrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        if (!Takes(wrapped.Length - Overhead))
        {
            return null;
        }

        byte[] key = new byte[wrapped.Length - Overhead];
        wrapped[Overhead..].CopyTo(key);
        byte[] block = new byte[2 * HalfBlock];
        using IBlockTransform cipher = OpenCipher(keyEncryptionKey, forEncryption: false);

        ulong register = BinaryPrimitives.ReadUInt64BigEndian(wrapped);
        ulong step = (ulong)(Rounds * (key.Length / HalfBlock));
        for (int round = 0; round < Rounds; round++)
        {
            for (int at = key.Length - HalfBlock; at >= 0; at -= HalfBlock)
            {
                BinaryPrimitives.WriteUInt64BigEndian(block, register ^ step--);
                key.AsSpan(at, HalfBlock).CopyTo(block.AsSpan(HalfBlock));
                cipher.Transform(block);
                register = BinaryPrimitives.ReadUInt64BigEndian(block);
                block.AsSpan(HalfBlock).CopyTo(key.AsSpan(at));
            }
        }

        CryptographicOperations.ZeroMemory(block);
        return Release(key, (register ^ InitialValue) == 0); // R3394-2.2.3-a: one comparison of the whole register
    }

    /// <summary>A block cipher with a key.</summary>
    private protected interface IBlockTransform : IDisposable
    {
        /// <summary>Transforms one block in place.</summary>
        void Transform(byte[] block);
    }
}
