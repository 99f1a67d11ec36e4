using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>Makes the base library's block ciphers for CBC without padding.</summary>
internal static class CbcKey
{
#pragma warning disable CA5350 // Triple-DES: only for reading archives, behind the legacy policy.

    /// <summary>Tells whether the base library takes a key: it refuses Triple-DES keys that amount to single DES.</summary>
    internal static bool IsUsable(ContentEncryptionAlgorithm algorithm, byte[] key) =>
        key.Length == algorithm.KeySize && (algorithm.Oid != Oids.TripleDesCbc || !TripleDES.IsWeakKey(key));

    internal static SymmetricAlgorithm Import(ContentEncryptionAlgorithm algorithm, byte[] key)
    {
        SymmetricAlgorithm cipher = algorithm.Oid == Oids.TripleDesCbc ? TripleDES.Create() : Aes.Create();
        cipher.Mode = CipherMode.CBC;
        cipher.Padding = PaddingMode.None;
        cipher.SetKey(key);
        return cipher;
    }
#pragma warning restore CA5350
}
