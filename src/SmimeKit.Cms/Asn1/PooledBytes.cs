using System.Buffers;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Asn1;

/// <summary>Pooled buffers that may hold content, wiped as far as they were used: most messages are far smaller than a buffer.</summary>
internal static class PooledBytes
{
    internal static byte[] Rent(int size) => ArrayPool<byte>.Shared.Rent(size);

    /// <summary>Wipes and returns a buffer, and leaves an empty one in its place; a second call does nothing.</summary>
    internal static void Return(ref byte[] buffer, int used)
    {
        byte[] bytes = buffer;
        buffer = [];
        if (bytes.Length > 0)
        {
            CryptographicOperations.ZeroMemory(bytes.AsSpan(0, used));
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
