using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>KDF3 of ANSI X9.44, as RFC 9690 appendix B.1 describes it.</summary>
internal static class Kdf3
{
    /// <summary>Derives a key: Hash(counter from 1 in four octets, secret, other information), concatenated and cut.</summary>
    internal static byte[] Derive(DigestAlgorithm digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> otherInfo, int size)
    {
        byte[] key = new byte[size];
        Span<byte> counter = stackalloc byte[sizeof(uint)];
        for (int at = 0; at < size; at += digest.Size)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(at / digest.Size) + 1);
            using IncrementalDigest hash = digest.CreateIncremental();
            hash.Append(counter);
            hash.Append(secret);
            hash.Append(otherInfo);
            byte[] block = hash.GetDigest();
            block.AsSpan(0, Math.Min(block.Length, size - at)).CopyTo(key.AsSpan(at));
            CryptographicOperations.ZeroMemory(block);
        }

        return key;
    }
}
