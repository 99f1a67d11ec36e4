using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>The polynomial hash of Poly1305, RFC 8439 §2.5, over whole blocks, with data that can be put in front afterwards.</summary>
/// <remarks>
/// Numbers modulo 2^130 - 5 in words of 44, 44 and 42 bits, whose products leave room for carries. Bouncy Castle's Poly1305 cannot take
/// the additional data last.
/// </remarks>
internal sealed class Poly1305 : IDisposable
{
    private const int BlockSize = 16;
    private const ulong Mask44 = (1UL << 44) - 1;
    private const ulong Mask42 = (1UL << 42) - 1;

    private readonly byte[] _pad = new byte[BlockSize]; // s, RFC 8439 §2.5
    private HashState _r;
    private HashState _state;
    private long _blocks;

    /// <summary>Initializes a hash with a one-time key of 32 octets.</summary>
    internal Poly1305(ReadOnlySpan<byte> key)
    {
        Span<byte> r = stackalloc byte[BlockSize];
        key[..BlockSize].CopyTo(r);
        for (int i = 3; i < BlockSize; i += 4)
        {
            r[i] &= 15;
        }

        for (int i = 4; i < BlockSize; i += 4)
        {
            r[i] &= 252;
        }

        _r = Load(r, bit128: 0);
        key[BlockSize..].CopyTo(_pad);
        CryptographicOperations.ZeroMemory(r);
    }

    /// <summary>Gets the hash of all that was added so far.</summary>
    internal HashState State => _state;

    /// <summary>Adds data; a last partial block is filled with zeros (RFC 8439 §2.8).</summary>
    internal void Append(ReadOnlySpan<byte> data)
    {
        _blocks += (data.Length + BlockSize - 1) / BlockSize;
        _state = Continue(_state, data);
    }

    /// <summary>Adds data in front of all that was added so far; only once.</summary>
    internal void Prepend(ReadOnlySpan<byte> data)
    {
        // Every block behind the prefix multiplies it by r once more.
        HashState prefix = Continue(default, data);
        HashState power = _r;
        for (long left = _blocks; left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
            {
                prefix = Multiply(prefix, power);
            }

            power = Multiply(power, power);
        }

        _state = Carry(_state.First + prefix.First, _state.Second + prefix.Second, _state.Third + prefix.Third);
    }

    /// <summary>Computes what the state would be after data that follow a given state.</summary>
    internal HashState Continue(HashState state, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= BlockSize; data = data[BlockSize..])
        {
            state = Next(state, data);
        }

        if (!data.IsEmpty)
        {
            Span<byte> last = stackalloc byte[BlockSize];
            last.Clear();
            data.CopyTo(last);
            state = Next(state, last);
        }

        return state;
    }

    /// <summary>Computes the tag.</summary>
    internal void GetTag(Span<byte> tag)
    {
        HashState h = Reduce(_state);
        UInt128 sum = new UInt128(h.Second >> 20 | (h.Third << 24), h.First | (h.Second << 44))
            + new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(_pad.AsSpan(8)), BinaryPrimitives.ReadUInt64LittleEndian(_pad));
        BinaryPrimitives.WriteUInt128LittleEndian(tag, sum);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_pad);
        _r = _state = default;
    }

    private HashState Next(HashState state, ReadOnlySpan<byte> block)
    {
        HashState value = Load(block, bit128: 1UL << 40);
        return Multiply(new HashState(state.First + value.First, state.Second + value.Second, state.Third + value.Third), _r);
    }

    private static HashState Load(ReadOnlySpan<byte> block, ulong bit128)
    {
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(block);
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(block[8..]);
        return new HashState(low & Mask44, ((low >> 44) | (high << 20)) & Mask44, (high >> 24) | bit128);
    }

    // Factors of up to 46 bits a word. What exceeds 2^130 counts five times; between the words lie two more bits, hence twenty.
    private static HashState Multiply(HashState a, HashState b)
    {
        ulong b1 = b.Second * 20;
        ulong b2 = b.Third * 20;
        UInt128 d0 = Product(a.First, b.First) + Product(a.Second, b2) + Product(a.Third, b1);
        UInt128 d1 = Product(a.First, b.Second) + Product(a.Second, b.First) + Product(a.Third, b2);
        UInt128 d2 = Product(a.First, b.Third) + Product(a.Second, b.Second) + Product(a.Third, b.First);
        d1 += (ulong)(d0 >> 44);
        d2 += (ulong)(d1 >> 44);
        ulong low = ((ulong)d0 & Mask44) + ((ulong)(d2 >> 42) * 5);
        return new HashState(low & Mask44, ((ulong)d1 & Mask44) + (low >> 44), (ulong)d2 & Mask42);
    }

    private static UInt128 Product(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return new UInt128(high, low);
    }

    private static HashState Carry(ulong first, ulong second, ulong third)
    {
        second += first >> 44;
        third += second >> 44;
        return new HashState((first & Mask44) + ((third >> 42) * 5), second & Mask44, third & Mask42);
    }

    // To the one representative below 2^130 - 5, without a branch on the value.
    private static HashState Reduce(HashState h)
    {
        for (int i = 0; i < 3; i++)
        {
            h = Carry(h.First, h.Second, h.Third);
        }

        ulong first = h.First + 5;
        ulong second = h.Second + (first >> 44);
        ulong third = h.Third + (second >> 44) - (1UL << 42); // negative when the number is below the modulus
        ulong below = (ulong)((long)third >> 63);
        return new HashState(
            (h.First & below) | (first & Mask44 & ~below),
            (h.Second & below) | (second & Mask44 & ~below),
            (h.Third & below) | (third & Mask42 & ~below));
    }
}
