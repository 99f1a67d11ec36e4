using System.Buffers.Binary;
using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The key derivation function of ANSI X9.63, as RFC 5753 §7.2 and SEC 1 §3.6.1 use it.</summary>
internal static class X963Kdf
{
    /// <summary>Derives a key: Hash(secret, counter from 1 in four octets, shared information), concatenated and cut.</summary>
    internal static byte[] Derive(DigestAlgorithm digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> sharedInfo, int size)
    {
        byte[] key = new byte[size];
        Span<byte> counter = stackalloc byte[sizeof(uint)];
        for (int at = 0; at < size; at += digest.Size)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(at / digest.Size) + 1);
            using IncrementalDigest hash = digest.CreateIncremental();
            hash.Append(secret);
            hash.Append(counter);
            hash.Append(sharedInfo);
            byte[] block = hash.GetDigest();
            block.AsSpan(0, Math.Min(block.Length, size - at)).CopyTo(key.AsSpan(at));
            CryptographicOperations.ZeroMemory(block);
        }

        return key;
    }
}
