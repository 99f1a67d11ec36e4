using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES in CBC mode.</summary>
/// <remarks>References: RFC 3565. Sizes: key 16, 24 or 32, block and initialization vector 16.</remarks>
internal sealed class AesCbcFamily() : CbcFamily(blockSize: 16)
{
    internal static AesCbcFamily Instance { get; } = new();

    /// <inheritdoc/>
    private protected override ICryptoTransform CreateTransform(byte[] key, ContentCipherParameters parameters, bool encrypt) =>
        CreateTransform(Aes.Create(), key, parameters.Iv, encrypt);
}
