using System.Numerics;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>Triple-DES Key Wrap, RFC 3217 §3, id-alg-CMS3DESwrap: of Triple-DES keys only (R3370-4.3-d).</summary>
internal sealed class TripleDesKeyWrap() : TwoPassKeyWrap(Oids.TripleDesWrap, "3DES-wrap", Size)
{
    private const int Size = 24;

    /// <inheritdoc/>
    internal override AlgorithmIdentifier Identifier => AlgorithmIdentifier.WithNull(Oid); // R3370-4.3.1-a

    /// <inheritdoc/>
    internal override bool Takes(int keySize) => keySize == Size;

    /// <inheritdoc/>
    internal override int WrappedSize(int keySize) => keySize + Overhead;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The key lacks the odd parity of Triple-DES: it belongs to another cipher.</exception>
    private protected override byte[] WrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key) =>
        HasOddParity(key)
            ? Seal(keyEncryptionKey, key)
            : throw new ArgumentException("Only Triple-DES keys, with odd parity, are wrapped with Triple-DES.", nameof(key));

    /// <inheritdoc/>
    private protected override byte[]? UnwrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length != Size + Overhead) // R3217-3.2-a
        {
            return null;
        }

        (byte[] key, bool isIntact) = Open(keyEncryptionKey, wrapped);
        return Release(key, isIntact & HasOddParity(key));
    }

    /// <inheritdoc/>
    private protected override byte[] TransformCbc(
        ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> input, ReadOnlySpan<byte> iv, bool forEncryption)
    {
#pragma warning disable CA5350 // Read under the legacy policy, written by explicit choice.
        using TripleDES cipher = TripleDES.Create();
#pragma warning restore CA5350
        cipher.SetKey(keyEncryptionKey);
        return forEncryption ? cipher.EncryptCbc(input, iv, PaddingMode.None) : cipher.DecryptCbc(input, iv, PaddingMode.None);
    }

    private static bool HasOddParity(ReadOnlySpan<byte> key)
    {
        int odd = 1;
        foreach (byte octet in key)
        {
            odd &= BitOperations.PopCount(octet);
        }

        return (odd & 1) == 1;
    }
}
