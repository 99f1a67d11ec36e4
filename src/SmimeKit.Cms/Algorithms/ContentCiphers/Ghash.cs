using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>GHASH, NIST SP 800-38D §6.4, at the speed of the processor's polynomial multiplication.</summary>
/// <remarks>
/// A block is a polynomial whose first bit is the coefficient of x^0. Read as a big-endian number it is the bit-reversed polynomial;
/// the missing shift of a product of such numbers is put into the key beforehand, and the reduction folds the lower half upward with
/// the reversed modulus x^128 + x^7 + x^2 + x + 1. Thirty-two blocks share one reduction: each is multiplied by its own power of the key.
/// </remarks>
internal sealed class Ghash : IDisposable
{
    private const int BlockSize = 16;
    private const int Stride = 32;                      // blocks in one reduction
    private const int StrideSize = Stride * BlockSize;
    private const int WideVectors = Stride / 4;         // vectors of four blocks
    private const ulong Modulus = 0xC200000000000000;

    // _powers[i] is the key to the power Stride - i, so that the powers lie as the blocks do that they multiply.
    private readonly Vector128<ulong>[] _powers = new Vector128<ulong>[Stride];
    private Vector128<ulong> _state;
    private long _blocks;

    internal Ghash(ReadOnlySpan<byte> hashKey)
    {
        Vector128<ulong> key = Load(hashKey);
        (ulong low, ulong high) = (key.GetElement(0), key.GetElement(1));
        ulong carry = 0 - (high >> 63);
        key = Vector128.Create((low << 1) ^ (carry & 1), ((high << 1) | (low >> 63)) ^ (carry & Modulus));

        _powers[^1] = key;
        for (int i = Stride - 2; i >= 0; i--)
        {
            _powers[i] = Multiply(_powers[i + 1], key);
        }
    }

    /// <summary>Adds data; a last partial block is filled with zeros.</summary>
    internal void Append(ReadOnlySpan<byte> data)
    {
        _blocks += (data.Length + BlockSize - 1) / BlockSize;
        _state = Hash(_state, data);
    }

    /// <summary>
    /// Combines input with a key stream and adds what comes out, or else what went in, in one pass: the memory is then waited for while
    /// the processor multiplies. Input and output may be the same; a last partial block is filled with zeros.
    /// </summary>
    internal void AppendXored(ReadOnlySpan<byte> input, ReadOnlySpan<byte> stream, Span<byte> output, bool hashesOutput)
    {
        _blocks += (input.Length + BlockSize - 1) / BlockSize;
        int strides = input.Length - (input.Length % StrideSize);
        _state = HashStrides(_state, new XoredBlocks(input[..strides], stream[..strides], output[..strides], hashesOutput), strides);

        Span<byte> rest = stackalloc byte[StrideSize];
        rest = rest[..(input.Length - strides)];
        AesKeyStream.Xor(input[strides..], stream[strides..], rest);
        _state = Hash(_state, hashesOutput ? rest : input[strides..]);
        rest.CopyTo(output[strides..]);
        CryptographicOperations.ZeroMemory(rest);
    }

    /// <summary>Adds data in front of all that was added so far; only once.</summary>
    internal void Prepend(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        // Every block behind the prefix multiplies it by the key once more.
        Vector128<ulong> prefix = Hash(default, data);
        Vector128<ulong> power = _powers[^1];
        for (long left = _blocks; left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
            {
                prefix = Multiply(prefix, power);
            }

            power = Multiply(power, power);
        }

        _state ^= prefix;
    }

    /// <summary>Gets the hash of all that was added so far.</summary>
    internal HashState State => ToState(_state);

    /// <summary>Computes what the state would be after data that follow a given state.</summary>
    internal HashState Continue(HashState state, ReadOnlySpan<byte> data) => ToState(Hash(Vector128.Create(state.First, state.Second), data));

    internal void GetHash(Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt64BigEndian(hash, _state.GetElement(1));
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], _state.GetElement(0));
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_powers.AsSpan()));
        _state = default;
    }

    private static HashState ToState(Vector128<ulong> state) => new(state.GetElement(0), state.GetElement(1));

    private Vector128<ulong> Hash(Vector128<ulong> state, ReadOnlySpan<byte> data)
    {
        int strides = data.Length - (data.Length % StrideSize);
        state = HashStrides(state, new PlainBlocks(data[..strides]), strides);
        data = data[strides..];
        while (data.Length >= BlockSize)
        {
            state = Multiply(state ^ Load(data), _powers[^1]);
            data = data[BlockSize..];
        }

        if (!data.IsEmpty)
        {
            Span<byte> last = stackalloc byte[BlockSize];
            last.Clear();
            data.CopyTo(last);
            state = Multiply(state ^ Load(last), _powers[^1]);
        }

        return state;
    }

    private Vector128<ulong> HashStrides<TBlocks>(Vector128<ulong> state, TBlocks blocks, int size)
        where TBlocks : IGhashBlocks, allows ref struct =>
        Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported
            ? HashWideStrides(state, blocks, size / StrideSize * WideVectors)
            : HashNarrowStrides(state, blocks, size / StrideSize * Stride);

    private Vector128<ulong> HashNarrowStrides<TBlocks>(Vector128<ulong> state, TBlocks blocks, int count)
        where TBlocks : IGhashBlocks, allows ref struct
    {
        ReadOnlySpan<Vector128<ulong>> powers = _powers;
        for (int at = 0; at < count; at += Stride)
        {
            Vector128<ulong> low = default, middle = default, high = default;
            for (int i = 0; i < powers.Length; i++)
            {
                Vector128<ulong> block = state ^ Vector128.Shuffle(blocks.Take(at + i), ReversedOrder).AsUInt64();
                Vector128<ulong> power = powers[i];
                low ^= CarrylessMultiplication.LowLow(block, power);
                middle ^= CarrylessMultiplication.LowHigh(block, power) ^ CarrylessMultiplication.LowHigh(power, block);
                high ^= CarrylessMultiplication.HighHigh(block, power);
                state = default; // the state enters with the first block
            }

            state = Reduce(low, middle, high);
        }

        return state;
    }

    // Eight vectors of four blocks, multiplied by eight vectors of powers that stay in registers.
    private Vector128<ulong> HashWideStrides<TBlocks>(Vector128<ulong> state, TBlocks blocks, int count)
        where TBlocks : IGhashBlocks, allows ref struct
    {
        ReadOnlySpan<Vector512<ulong>> powers = MemoryMarshal.Cast<Vector128<ulong>, Vector512<ulong>>(_powers)[..WideVectors];
        Vector512<ulong> p0 = powers[0], p1 = powers[1], p2 = powers[2], p3 = powers[3];
        Vector512<ulong> p4 = powers[4], p5 = powers[5], p6 = powers[6], p7 = powers[7];
        Vector512<byte> order = Vector512.Create(Vector256.Create(ReversedOrder, ReversedOrder), Vector256.Create(ReversedOrder, ReversedOrder));
        for (int at = 0; at < count; at += WideVectors)
        {
            Vector512<ulong> low = default, middle = default, high = default;
            Vector512<ulong> first = Avx512BW.Shuffle(blocks.TakeWide(at), order).AsUInt64();
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 1), order).AsUInt64(), p1, ref low, ref middle, ref high);
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 2), order).AsUInt64(), p2, ref low, ref middle, ref high);
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 3), order).AsUInt64(), p3, ref low, ref middle, ref high);
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 4), order).AsUInt64(), p4, ref low, ref middle, ref high);
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 5), order).AsUInt64(), p5, ref low, ref middle, ref high);
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 6), order).AsUInt64(), p6, ref low, ref middle, ref high);
            Accumulate(Avx512BW.Shuffle(blocks.TakeWide(at + 7), order).AsUInt64(), p7, ref low, ref middle, ref high);

            // The state belongs to the first block, and comes last so that the others need not wait for it.
            Accumulate(first ^ state.ToVector256().ToVector512(), p0, ref low, ref middle, ref high);
            state = Reduce(Fold(low), Fold(middle), Fold(high));
        }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(
        Vector512<ulong> blocks, Vector512<ulong> powers, ref Vector512<ulong> low, ref Vector512<ulong> middle, ref Vector512<ulong> high)
    {
        low ^= Pclmulqdq.V512.CarrylessMultiply(blocks, powers, 0x00);
        middle ^= Pclmulqdq.V512.CarrylessMultiply(blocks, powers, 0x10) ^ Pclmulqdq.V512.CarrylessMultiply(blocks, powers, 0x01);
        high ^= Pclmulqdq.V512.CarrylessMultiply(blocks, powers, 0x11);
    }

    private static Vector128<byte> ReversedOrder => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector512<ulong> value)
    {
        Vector256<ulong> half = value.GetLower() ^ value.GetUpper();
        return half.GetLower() ^ half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> block) =>
        Vector128.Create(BinaryPrimitives.ReadUInt64BigEndian(block[8..]), BinaryPrimitives.ReadUInt64BigEndian(block));

    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Reduce(
        CarrylessMultiplication.LowLow(a, b),
        CarrylessMultiplication.LowHigh(a, b) ^ CarrylessMultiplication.LowHigh(b, a),
        CarrylessMultiplication.HighHigh(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        low ^= Vector128.Create(0UL, middle.GetElement(0));
        high ^= Vector128.Create(middle.GetElement(1), 0UL);
        Vector128<ulong> modulus = Vector128.Create(Modulus, 0UL);
        low = Swap(low) ^ CarrylessMultiplication.LowLow(low, modulus);
        low = Swap(low) ^ CarrylessMultiplication.LowLow(low, modulus);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Swap(Vector128<ulong> value) => Vector128.Shuffle(value, Vector128.Create(1UL, 0UL));
}
