using System.Numerics;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>Triple-DES in CBC mode. Weak: blocks of 64 bits repeat after some gigabytes (SWEET32).</summary>
/// <remarks>
/// References: RFC 3370 §5.1. Sizes: key 24 with three or two different thirds, block and initialization vector 8. The lowest bit of each
/// octet of the key is odd parity: written so, ignored when read.
/// </remarks>
internal sealed class TripleDesCbcFamily() : CbcFamily(blockSize: 8)
{
#pragma warning disable CA5350 // Triple-DES: for archives, behind the legacy policy.

    internal static TripleDesCbcFamily Instance { get; } = new();

    /// <inheritdoc/>
    internal override bool IsUsable(ContentEncryptionAlgorithm algorithm, byte[] key) =>
        base.IsUsable(algorithm, key) && !TripleDES.IsWeakKey(key); // two equal thirds side by side amount to single DES

    /// <inheritdoc/>
    internal override void ShapeKey(Span<byte> key) => SetOddParity(key);

    /// <summary>Sets the lowest bit of each octet so that the number of ones is odd.</summary>
    internal static void SetOddParity(Span<byte> key)
    {
        foreach (ref byte octet in key)
        {
            octet = (byte)((octet & 0xFE) | (~BitOperations.PopCount((uint)octet >> 1) & 1));
        }
    }

    /// <inheritdoc/>
    private protected override ICryptoTransform CreateTransform(byte[] key, ContentCipherParameters parameters, bool encrypt) =>
        CreateTransform(TripleDES.Create(), key, parameters.Iv, encrypt);
#pragma warning restore CA5350
}
