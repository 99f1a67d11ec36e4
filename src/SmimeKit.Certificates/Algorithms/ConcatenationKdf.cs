using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>Key derivation by digests that are concatenated and cut; what is digested holds a counter from 1 in four octets.</summary>
internal static class ConcatenationKdf
{
    /// <summary>KDF3 of ANSI X9.44, RFC 9690 appendix B.1: Hash(counter, secret, other information).</summary>
    internal static byte[] Kdf3(DigestAlgorithm digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> otherInfo, int size) =>
        Derive(digest, [], secret, otherInfo, size);

    /// <summary>The function of ANSI X9.63, RFC 5753 §7.2 and SEC 1 §3.6.1: Hash(secret, counter, shared information).</summary>
    internal static byte[] X963(DigestAlgorithm digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> sharedInfo, int size) =>
        Derive(digest, secret, [], sharedInfo, size);

    private static byte[] Derive(
        DigestAlgorithm digest, ReadOnlySpan<byte> before, ReadOnlySpan<byte> behind, ReadOnlySpan<byte> info, int size)
    {
        byte[] key = new byte[size];
        Span<byte> counter = stackalloc byte[sizeof(uint)];
        for (int at = 0; at < size; at += digest.Size)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(at / digest.Size) + 1);
            using IncrementalDigest hash = digest.CreateIncremental();
            hash.Append(before);
            hash.Append(counter);
            hash.Append(behind);
            hash.Append(info);
            byte[] block = hash.GetDigest();
            block.AsSpan(0, Math.Min(block.Length, size - at)).CopyTo(key.AsSpan(at));
            CryptographicOperations.ZeroMemory(block);
        }

        return key;
    }
}
