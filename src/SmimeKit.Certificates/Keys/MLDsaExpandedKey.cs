using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>
/// Whether the parts of an expanded ML-DSA key belong together (RFC 9881 §6): damaged or made-up ones give away the key when they sign.
/// </summary>
/// <remarks><code>
/// expandedKey = rho (32) || K (32) || tr (64) || s1 (l polynomials) || s2 (k) || t0 (k)        -- FIPS 204 §7.2, skEncode
/// t = A s1 + s2, of which t0 is the low part (Power2Round) and t1, in the public key, the high one; tr = SHAKE256(public key)
/// </code></remarks>
internal sealed class MLDsaExpandedKey
{
    private const int N = 256;
    private const int Q = 8380417;
    private const int D = 13;
    private const int Root = 1753;           // a 512th root of unity
    private const int InverseOf256 = 8347681;
    private const int TrOffset = 64;
    private const int VectorsOffset = 128;

    private static readonly int[] _zetas = [.. Enumerable.Range(0, N).Select(i => Power(Root, ReverseBits(i)))];

    private readonly byte[] _key;
    private readonly int _rows;    // k
    private readonly int _columns; // l
    private readonly int _eta;
    private uint _outside;

    private MLDsaExpandedKey(MLDsaSignature scheme, byte[] key)
    {
        _key = key;
        (_rows, _columns, _eta) = scheme.Identifier.Oid switch
        {
            Oids.MLDsa44 => (4, 4, 2),
            Oids.MLDsa65 => (6, 5, 4),
            _ => (8, 7, 2),
        };
    }

    private int VectorBits => _eta == 2 ? 3 : 4;

    private int T0Offset => VectorsOffset + ((_rows + _columns) * N * VectorBits / 8);

    /// <summary>Checks an expanded key of the right size against the public key that it implies.</summary>
    internal static bool IsConsistent(MLDsaSignature scheme, byte[] key, ReadOnlySpan<byte> publicKey)
    {
        byte[] tr = DigestAlgorithm.Shake256.Hash(publicKey);
        return CryptographicOperations.FixedTimeEquals(tr, key.AsSpan(TrOffset, tr.Length)) && new MLDsaExpandedKey(scheme, key).HasTrueT0();
    }

    private bool HasTrueT0()
    {
        int[][] s1 = [.. Enumerable.Range(0, _columns).Select(i => Transform(UnpackShort(i)))];
        uint difference = 0;
        for (int row = 0; row < _rows; row++)
        {
            int[] t = Multiply(row, s1);
            int[] s2 = UnpackShort(_columns + row);
            ReadOnlySpan<byte> t0 = _key.AsSpan(T0Offset + (row * N * D / 8), N * D / 8);
            for (int i = 0; i < N; i++)
            {
                // Power2Round: the low part is in -2^12 + 1 .. 2^12, and packed as 2^12 less itself. All modulo 2^13.
                uint low = (uint)Reduce((long)t[i] + s2[i]);
                difference |= (((1u << (D - 1)) - low) ^ Unpack(t0, i, D)) & ((1u << D) - 1);
            }

            Wipe(s2);
            Wipe(t);
        }

        Array.ForEach(s1, Wipe);

        return difference == 0 && _outside >> 31 == 0;
    }

    // One of s1, s2: coefficients in -eta..eta, packed as eta less themselves.
    private int[] UnpackShort(int index)
    {
        int size = N * VectorBits / 8;
        ReadOnlySpan<byte> packed = _key.AsSpan(VectorsOffset + (index * size), size);
        int[] polynomial = new int[N];
        for (int i = 0; i < N; i++)
        {
            uint value = Unpack(packed, i, VectorBits);
            _outside |= (uint)(2 * _eta) - value; // borrows, and so sets the highest bit, when the value is above 2 eta
            polynomial[i] = _eta - (int)value;
        }

        return polynomial;
    }

    private static uint Unpack(ReadOnlySpan<byte> packed, int index, int width)
    {
        int bit = index * width;
        uint window = 0;
        for (int i = 0; i < 3 && (bit / 8) + i < packed.Length; i++)
        {
            window |= (uint)packed[(bit / 8) + i] << (8 * i);
        }

        return (window >> (bit % 8)) & ((1u << width) - 1);
    }

    // One row of A times s1; A is sampled in the transformed domain (ExpandA, RejNTTPoly).
    private int[] Multiply(int row, int[][] s1)
    {
        int[] sum = new int[N];
        for (int column = 0; column < _columns; column++)
        {
            int[] a = Sample(row, column);
            for (int i = 0; i < N; i++)
            {
                sum[i] = Reduce(sum[i] + ((long)a[i] * s1[column][i]));
            }
        }

        return TransformBack(sum);
    }

    private int[] Sample(int row, int column)
    {
        var shake = new ShakeDigest(128);
        shake.BlockUpdate(_key.AsSpan(0, 32));
        shake.BlockUpdate([(byte)column, (byte)row]);
        int[] polynomial = new int[N];
        Span<byte> next = stackalloc byte[3];
        for (int i = 0; i < N;)
        {
            shake.Output(next);
            int value = next[0] | (next[1] << 8) | ((next[2] & 0x7F) << 16);
            if (value < Q)
            {
                polynomial[i++] = value;
            }
        }

        return polynomial;
    }

    private static int[] Transform(int[] w)
    {
        int m = 0;
        for (int length = N / 2; length > 0; length /= 2)
        {
            for (int start = 0; start < N; start += 2 * length)
            {
                long zeta = _zetas[++m];
                for (int j = start; j < start + length; j++)
                {
                    int t = Reduce(zeta * w[j + length]);
                    w[j + length] = Reduce((long)w[j] - t);
                    w[j] = Reduce((long)w[j] + t);
                }
            }
        }

        return w;
    }

    private static int[] TransformBack(int[] w)
    {
        int m = N;
        for (int length = 1; length < N; length *= 2)
        {
            for (int start = 0; start < N; start += 2 * length)
            {
                long zeta = -_zetas[--m];
                for (int j = start; j < start + length; j++)
                {
                    int t = w[j];
                    w[j] = Reduce((long)t + w[j + length]);
                    w[j + length] = Reduce(zeta * Reduce((long)t - w[j + length]));
                }
            }
        }

        for (int i = 0; i < N; i++)
        {
            w[i] = Reduce((long)w[i] * InverseOf256);
        }

        return w;
    }

    private static void Wipe(int[] polynomial) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(polynomial.AsSpan()));

    // 0..Q-1, without a branch.
    private static int Reduce(long value)
    {
        long rest = value % Q;
        return (int)(rest + ((rest >> 63) & Q));
    }

    private static int Power(long value, int exponent)
    {
        long result = 1;
        for (int i = 0; i < exponent; i++)
        {
            result = result * value % Q;
        }

        return (int)result;
    }

    private static int ReverseBits(int value)
    {
        int reversed = 0;
        for (int i = 0; i < 8; i++)
        {
            reversed |= ((value >> i) & 1) << (7 - i);
        }

        return reversed;
    }
}
