using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>What a derived octet string is for, RFC 7292 B.3.</summary>
internal enum Pkcs12KdfPurpose : byte
{
    Key = 1,
    InitializationVector = 2,
    MacKey = 3,
}

/// <summary>The key derivation of PKCS #12, RFC 7292 B.2. The variable names are those of the RFC.</summary>
internal static class Pkcs12Kdf
{
    /// <summary>Derives octets, which the caller wipes.</summary>
    /// <param name="digest">H.</param>
    /// <param name="password">The password as BMPString with its terminator, or nothing.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">r, already paid for.</param>
    /// <param name="purpose">ID.</param>
    /// <param name="size">n, in bytes.</param>
    internal static byte[] Derive(
        Pkcs12Digest digest, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations, Pkcs12KdfPurpose purpose, int size)
    {
        int v = digest.BlockSize;
        int saltSize = RoundUp(salt.Length, v);
        byte[] d = new byte[v + saltSize + RoundUp(password.Length, v)]; // D || I, hashed together
        d.AsSpan(0, v).Fill((byte)purpose);
        Span<byte> i = d.AsSpan(v);
        Repeat(salt, i[..saltSize]);
        Repeat(password, i[saltSize..]);
        byte[] a = new byte[digest.Size];
        byte[] derived = new byte[size];
        try
        {
            for (int offset = 0; offset < size; offset += a.Length)
            {
                digest.Iterate(d, a, iterations);
                a.AsSpan(0, Math.Min(a.Length, size - offset)).CopyTo(derived.AsSpan(offset));
                AddToBlocks(i, a, v);
            }

            return derived;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
            CryptographicOperations.ZeroMemory(a);
        }
    }

    private static int RoundUp(int size, int block) => (size + block - 1) / block * block;

    private static void Repeat(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int k = 0; k < target.Length; k++)
        {
            target[k] = source[k % source.Length];
        }
    }

    // Step 6 C: every block of I becomes (I_j + B + 1) mod 2^v, where B is A repeated.
    private static void AddToBlocks(Span<byte> i, ReadOnlySpan<byte> a, int v)
    {
        for (int block = 0; block < i.Length; block += v)
        {
            int carry = 1;
            for (int k = v - 1; k >= 0; k--)
            {
                carry += i[block + k] + a[k % a.Length];
                i[block + k] = (byte)carry;
                carry >>= 8;
            }
        }
    }
}
