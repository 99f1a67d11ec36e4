using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>DES in CBC mode: read only. Its key of 56 bits is found by trying.</summary>
/// <remarks>
/// References: FIPS 46-3, OIW desCBC (S/MIME v2). Sizes: key 8 with parity, which is ignored; block and initialization vector 8. Implemented by
/// Bouncy Castle, as the base library has it no longer on every platform.
/// </remarks>
internal sealed class DesCbcFamily() : CbcFamily(blockSize: 8)
{
    internal static DesCbcFamily Instance { get; } = new();

    /// <inheritdoc/>
    internal override bool IsForWriting => false;

    /// <inheritdoc/>
    private protected override ICryptoTransform CreateTransform(byte[] key, ContentCipherParameters parameters, bool encrypt) =>
        new BouncyCastleCbcTransform(new DesEngine(), new KeyParameter(key), parameters.Iv, encrypt);
}
