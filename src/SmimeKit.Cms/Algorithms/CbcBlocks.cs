using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A block cipher in CBC mode over a few whole blocks, without padding: what key wraps are made of.</summary>
internal abstract class CbcBlocks : IDisposable
{
    /// <summary>Gets the size of a block in bytes.</summary>
    internal abstract int BlockSize { get; }

    /// <summary>Encrypts in place.</summary>
    internal abstract void Encrypt(Span<byte> blocks, ReadOnlySpan<byte> iv);

    /// <summary>Decrypts in place.</summary>
    internal abstract void Decrypt(Span<byte> blocks, ReadOnlySpan<byte> iv);

    public abstract void Dispose();

    /// <summary>The base library's cipher, which is disposed with the result.</summary>
    internal static CbcBlocks Create(SymmetricAlgorithm cipher, byte[] key)
    {
        cipher.SetKey(key);
        return new Native(cipher);
    }

    /// <summary>Bouncy Castle's cipher.</summary>
    internal static CbcBlocks Create(Func<IBlockCipher> create, ICipherParameters key) => new Managed(create, key);

    private sealed class Native(SymmetricAlgorithm cipher) : CbcBlocks
    {
        internal override int BlockSize => cipher.BlockSize / 8;

        internal override void Encrypt(Span<byte> blocks, ReadOnlySpan<byte> iv) => cipher.EncryptCbc(blocks, iv, blocks, PaddingMode.None);

        internal override void Decrypt(Span<byte> blocks, ReadOnlySpan<byte> iv) => cipher.DecryptCbc(blocks, iv, blocks, PaddingMode.None);

        public override void Dispose() => cipher.Dispose();
    }

    private sealed class Managed(Func<IBlockCipher> create, ICipherParameters key) : CbcBlocks
    {
        internal override int BlockSize { get; } = create().GetBlockSize();

        internal override void Encrypt(Span<byte> blocks, ReadOnlySpan<byte> iv) => Process(true, blocks, iv);

        internal override void Decrypt(Span<byte> blocks, ReadOnlySpan<byte> iv) => Process(false, blocks, iv);

        public override void Dispose()
        {
        }

        private void Process(bool encrypt, Span<byte> blocks, ReadOnlySpan<byte> iv)
        {
            var cbc = new CbcBlockCipher(create());
            cbc.Init(encrypt, new ParametersWithIV(key, iv));
            Span<byte> output = stackalloc byte[BlockSize];
            for (int at = 0; at < blocks.Length; at += BlockSize)
            {
                cbc.ProcessBlock(blocks.Slice(at, BlockSize), output);
                output.CopyTo(blocks[at..]);
            }

            CryptographicOperations.ZeroMemory(output);
        }
    }
}
