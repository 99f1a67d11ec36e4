using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Avx512BW = System.Runtime.Intrinsics.X86.Avx512BW;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES in counter mode, NIST SP 800-38A §6.5: the last 32 bits of a block count.</summary>
/// <remarks>The base library's transform encrypts many counter blocks at a time. No more than 2^32 blocks: the caller sees to it.</remarks>
internal sealed class AesKeyStream : IDisposable
{
    internal const int BlockSize = 16;

    private const int CounterOffset = BlockSize - sizeof(uint);
    private const int BlocksPerVector = 4;

    private readonly Aes _aes;
    private readonly ICryptoTransform _ecb;
    private readonly byte[] _origin = new byte[BlockSize];
    private byte[] _stream = []; // counter blocks, which are encrypted in place: less to hold in the nearest cache
    private uint _position;

    /// <summary>Initializes a stream that starts with the block after the origin.</summary>
    internal AesKeyStream(byte[] key, ReadOnlySpan<byte> origin)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
#pragma warning disable CA5358 // ECB of counter blocks is the counter mode.
        _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _aes.Padding = PaddingMode.None;
        _ecb = _aes.CreateEncryptor();
        origin.CopyTo(_origin);
        Restart();
    }

    /// <summary>Encrypts one block.</summary>
    internal byte[] EncryptBlock(byte[] block)
    {
        byte[] result = new byte[BlockSize];
        _ecb.TransformBlock(block, 0, BlockSize, result, 0);
        return result;
    }

    /// <summary>Encrypts the origin itself, which masks a tag.</summary>
    internal byte[] EncryptOrigin() => EncryptBlock(_origin);

    /// <summary>Goes back to the first octet.</summary>
    internal void Restart() => _position = BinaryPrimitives.ReadUInt32BigEndian(_origin.AsSpan(CounterOffset)) + 1;

    /// <summary>Combines octets with the stream. Pieces other than the last are whole blocks; input and output may be the same.</summary>
    internal void Xor(ReadOnlySpan<byte> input, Span<byte> output) => Xor(input, Next(input.Length), output);

    /// <summary>Takes octets of the stream, which stay until the next call. Pieces other than the last are whole blocks.</summary>
    internal ReadOnlySpan<byte> Next(int length)
    {
        int blocks = (length + BlockSize - 1) / BlockSize;
        int size = blocks * BlockSize;
        if (_stream.Length < size)
        {
            CryptographicOperations.ZeroMemory(_stream);
            _stream = new byte[size]; // a small message pays for its own size only
        }

        FillCounters(_stream.AsSpan(0, size));
        _position += (uint)blocks;
        _ecb.TransformBlock(_stream, 0, size, _stream, 0);
        return _stream.AsSpan(0, length);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_stream);
        _ecb.Dispose();
        _aes.Dispose();
    }

    /// <summary>Combines octets with as many of a stream.</summary>
    internal static void Xor(ReadOnlySpan<byte> input, ReadOnlySpan<byte> stream, Span<byte> output)
    {
        int whole = input.Length - (input.Length % Vector512<byte>.Count);
        ReadOnlySpan<Vector512<byte>> left = MemoryMarshal.Cast<byte, Vector512<byte>>(input[..whole]);
        ReadOnlySpan<Vector512<byte>> right = MemoryMarshal.Cast<byte, Vector512<byte>>(stream[..whole]);
        Span<Vector512<byte>> result = MemoryMarshal.Cast<byte, Vector512<byte>>(output[..whole]);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = left[i] ^ right[i];
        }

        for (int i = whole; i < input.Length; i++)
        {
            output[i] = (byte)(input[i] ^ stream[i]);
        }
    }

    private static Vector128<uint> One => Vector128.Create(0u, 0, 0, 1);

    // From the processor's order, in which a block can be added to, to the order of the octets.
    private static Vector128<byte> Order => BitConverter.IsLittleEndian
        ? Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12)
        : Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    // A block is the origin with a number at its end; adding leaves the other words alone.
    private void FillCounters(Span<byte> counters)
    {
        Vector128<uint> next = Vector128.Create(_origin).AsUInt32().WithElement(3, _position);
        int filled = Avx512BW.IsSupported ? FillWide(counters, next) : 0;
        next += One * (uint)filled;
        foreach (ref Vector128<byte> block in MemoryMarshal.Cast<byte, Vector128<byte>>(counters)[filled..])
        {
            block = Vector128.ShuffleNative(next.AsByte(), Order);
            next += One;
        }
    }

    // Four blocks at a time: a third of the time. Returns the number of blocks.
    private static int FillWide(Span<byte> counters, Vector128<uint> first)
    {
        Vector256<uint> two = Vector256.Create(first, first + One);
        Vector256<uint> ones = Vector256.Create(One, One);
        Vector512<uint> next = Vector512.Create(two, two + ones + ones);
        Vector512<uint> step = Vector512.Create(ones, ones) * BlocksPerVector;
        Vector512<byte> order = Vector512.Create(Vector256.Create(Order, Order), Vector256.Create(Order, Order));
        Span<Vector512<byte>> vectors = MemoryMarshal.Cast<byte, Vector512<byte>>(counters);
        foreach (ref Vector512<byte> blocks in vectors)
        {
            blocks = Avx512BW.Shuffle(next.AsByte(), order);
            next += step;
        }

        return vectors.Length * BlocksPerVector;
    }
}
