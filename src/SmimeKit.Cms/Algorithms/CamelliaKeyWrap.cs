using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Cms.Algorithms;

/// <summary>Camellia Key Wrap, RFC 3657 §3: RFC 3394 with another cipher, which the base library does not have.</summary>
internal sealed class CamelliaKeyWrap(string oid, int keySize) : RegisterKeyWrap(oid, $"Camellia-{keySize * 8}-wrap", keySize)
{
    /// <inheritdoc/>
    private protected override IBlockTransform OpenCipher(ReadOnlySpan<byte> keyEncryptionKey, bool forEncryption) =>
        new CamelliaBlocks(keyEncryptionKey, forEncryption);

    private sealed class CamelliaBlocks : IBlockTransform
    {
        private readonly CamelliaEngine _engine = new();

        internal CamelliaBlocks(ReadOnlySpan<byte> key, bool forEncryption) => _engine.Init(forEncryption, new KeyParameter(key));

        public void Transform(byte[] block) => _engine.ProcessBlock(block, 0, block, 0);

        public void Dispose()
        {
            // The engine keeps its key schedule until it is collected.
        }
    }
}
