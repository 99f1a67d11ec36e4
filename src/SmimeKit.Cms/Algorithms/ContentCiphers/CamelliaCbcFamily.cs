using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>Camellia in CBC mode. Not weak, but rare: only policies for archives list it.</summary>
/// <remarks>
/// References: RFC 3657, RFC 3713. Sizes: key 16, 24 or 32, block and initialization vector 16. Implemented by Bouncy Castle. <code>
/// CAMELLIA_CBC_Parameter ::= CAMELLIA_IV
/// CAMELLIA_IV            ::= OCTET STRING (SIZE(16))
/// </code></remarks>
internal sealed class CamelliaCbcFamily() : CbcFamily(blockSize: 16)
{
    internal static CamelliaCbcFamily Instance { get; } = new();

    /// <inheritdoc/>
    private protected override ICryptoTransform CreateTransform(byte[] key, ContentCipherParameters parameters, bool encrypt) =>
        new BouncyCastleCbcTransform(new CamelliaEngine(), new KeyParameter(key), parameters.Iv, encrypt);
}
