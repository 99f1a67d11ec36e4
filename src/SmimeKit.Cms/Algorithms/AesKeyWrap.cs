using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>AES Key Wrap, RFC 3394, as RFC 3565 §2.3.2 uses it. The base library has only the padded variant of RFC 5649.</summary>
internal sealed class AesKeyWrap(string oid, int keySize) : RegisterKeyWrap(oid, $"AES-{keySize * 8}-wrap", keySize)
{
    /// <inheritdoc/>
    private protected override IBlockTransform OpenCipher(ReadOnlySpan<byte> keyEncryptionKey, bool forEncryption) =>
        new AesBlocks(keyEncryptionKey, forEncryption);

    private sealed class AesBlocks : IBlockTransform
    {
        private readonly Aes _aes = Aes.Create();
        private readonly ICryptoTransform _ecb;

        internal AesBlocks(ReadOnlySpan<byte> key, bool forEncryption)
        {
            _aes.SetKey(key);
#pragma warning disable CA5358 // The wrap is defined over single blocks.
            _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
            _aes.Padding = PaddingMode.None;
            _ecb = forEncryption ? _aes.CreateEncryptor() : _aes.CreateDecryptor();
        }

        public void Transform(byte[] block) => _ecb.TransformBlock(block, 0, block.Length, block, 0);

        public void Dispose()
        {
            _ecb.Dispose();
            _aes.Dispose();
        }
    }
}
