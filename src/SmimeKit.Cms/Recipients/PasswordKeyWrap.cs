using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>How a password recipient's entry wraps the key: PWRI-KEK (RFC 3211 §2.3), or a key wrap as other recipients have it.</summary>
internal abstract class PasswordKeyWrap
{
    /// <summary>Gets the identifier as it is written or was read.</summary>
    internal abstract AlgorithmIdentifier Identifier { get; }

    /// <summary>Gets the size of the key-encryption key in bytes.</summary>
    internal abstract int KeySize { get; }

    /// <summary>PWRI-KEK with a cipher and a fresh initialization vector.</summary>
    internal static PasswordKeyWrap Create(PasswordKeyCipher cipher)
    {
        byte[] iv = RandomNumberGenerator.GetBytes(cipher.BlockSize);
        return new Chained(new AlgorithmIdentifier(Oids.PwriKek, cipher.ToIdentifier(iv).Encode()), cipher, iv);
    }

    /// <summary>A key wrap.</summary>
    internal static PasswordKeyWrap Create(KeyWrapAlgorithm algorithm) => new Plain(algorithm.Identifier, algorithm);

    /// <summary>Resolves an identifier; null when it or its parameters are not implemented.</summary>
    internal static PasswordKeyWrap? Resolve(AlgorithmIdentifier identifier, bool toleratesDeviations)
    {
        if (identifier.Oid != Oids.PwriKek)
        {
            return KeyWrapAlgorithm.Resolve(identifier, toleratesDeviations) is { } wrap ? new Plain(identifier, wrap) : null;
        }

        return Der.TryDecode(identifier.Parameters, r => r.ReadAlgorithmIdentifier(), out AlgorithmIdentifier? inner, AsnEncodingRules.BER)
            && PasswordKeyCipher.Find(inner!.Oid) is { } cipher
            && cipher.DecodeIv(inner.Parameters) is { } iv
            ? new Chained(identifier, cipher, iv)
            : null;
    }

    /// <summary>Names the rule of the policy that refuses the wrap, or null.</summary>
    internal abstract string? FindObjection(CmsPolicy policy, DateTimeOffset at);

    /// <summary>Tells whether the policy accepts the wrap as a weakness.</summary>
    internal abstract bool IsWeak(CmsPolicy policy);

    /// <summary>Tells whether keys of a size in bytes can be wrapped.</summary>
    internal abstract bool Takes(int keySize);

    internal abstract byte[] Wrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> key);

    /// <summary>Unwraps a key of a size that is known; null when the checks of the wrap fail.</summary>
    internal abstract byte[]? Unwrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> wrapped, int keySize);

    private sealed class Chained(AlgorithmIdentifier identifier, PasswordKeyCipher cipher, byte[] iv) : PasswordKeyWrap
    {
        internal override AlgorithmIdentifier Identifier => identifier;

        internal override int KeySize => cipher.KeySize;

        internal override string? FindObjection(CmsPolicy policy, DateTimeOffset at) => policy.FindContentEncryptionObjection(cipher.Oid, at);

        internal override bool IsWeak(CmsPolicy policy) => policy.WeakContentEncryption.Contains(cipher.Oid);

        internal override bool Takes(int keySize) => PwriKek.Takes(keySize);

        internal override byte[] Wrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> key)
        {
            using CbcBlocks blocks = cipher.Create(keyEncryptionKey);
            return PwriKek.Wrap(blocks, iv, key);
        }

        internal override byte[]? Unwrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> wrapped, int keySize)
        {
            try
            {
                using CbcBlocks blocks = cipher.Create(keyEncryptionKey);
                return PwriKek.Unwrap(blocks, iv, wrapped, keySize);
            }
            catch (CryptographicException)
            {
                return null; // a weak Triple-DES key, which the base library refuses
            }
        }
    }

    private sealed class Plain(AlgorithmIdentifier identifier, KeyWrapAlgorithm algorithm) : PasswordKeyWrap
    {
        internal override AlgorithmIdentifier Identifier => identifier;

        internal override int KeySize => algorithm.KeySize;

        internal override string? FindObjection(CmsPolicy policy, DateTimeOffset at) => policy.FindKeyWrapObjection(algorithm.Oid, at);

        internal override bool IsWeak(CmsPolicy policy) => policy.WeakKeyWraps.Contains(algorithm.Oid);

        internal override bool Takes(int keySize) => algorithm.Takes(keySize);

        internal override byte[] Wrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> key) => algorithm.Wrap(keyEncryptionKey, key);

        internal override byte[]? Unwrap(byte[] keyEncryptionKey, ReadOnlySpan<byte> wrapped, int keySize) =>
            algorithm.Unwrap(keyEncryptionKey, wrapped, keySize);
    }
}
