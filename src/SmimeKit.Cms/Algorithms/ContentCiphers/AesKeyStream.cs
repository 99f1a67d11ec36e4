using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES in counter mode, NIST SP 800-38A §6.5: the last 32 bits of a block count.</summary>
/// <remarks>The base library's transform encrypts many counter blocks at a time. No more than 2^32 blocks: the caller sees to it.</remarks>
internal sealed class AesKeyStream : IDisposable
{
    internal const int BlockSize = 16;

    private const int CounterOffset = BlockSize - sizeof(uint);
    private const int WideBlocks = 4; // in one vector

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
    internal void Xor(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int blocks = (input.Length + BlockSize - 1) / BlockSize;
        int size = blocks * BlockSize;
        if (_stream.Length < size)
        {
            CryptographicOperations.ZeroMemory(_stream);
            _stream = new byte[size]; // a small message pays for its own size only
        }

        FillCounters(_stream.AsSpan(0, size));
        _position += (uint)blocks;
        _ecb.TransformBlock(_stream, 0, size, _stream, 0);
        Xor(input, _stream, output);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_stream);
        _ecb.Dispose();
        _aes.Dispose();
    }

    // A block in the processor's order is the origin with a number at its end; adding leaves the other words alone.
    private void FillCounters(Span<byte> counters)
    {
        Vector128<uint> origin = Vector128.Create(_origin).AsUInt32().WithElement(3, _position);
        int wide = 0;
        if (Vector512.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            Vector256<uint> two = Vector256.Create(origin, origin + One);
            Vector512<uint> next = Vector512.Create(two, two + Vector256.Create(Times(2), Times(2)));
            Vector512<uint> step = Vector512.Create(Times(WideBlocks));
            foreach (ref Vector512<byte> block in MemoryMarshal.Cast<byte, Vector512<byte>>(counters))
            {
                block = Vector512.Shuffle(next.AsByte(), WideOrder);
                next += step;
            }

            wide = counters.Length / Vector512<byte>.Count * WideBlocks;
        }

        Vector128<uint> last = origin + Times((uint)wide);
        foreach (ref Vector128<byte> block in MemoryMarshal.Cast<byte, Vector128<byte>>(counters)[wide..])
        {
            block = BitConverter.IsLittleEndian ? Vector128.Shuffle(last.AsByte(), Order) : last.AsByte();
            last += One;
        }
    }

    private static Vector128<uint> One => Times(1);

    private static Vector128<byte> Order => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12);

    private static Vector512<byte> WideOrder => Vector512.Create(
        (byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 31, 30, 29, 28,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 47, 46, 45, 44, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 63, 62, 61, 60);

    private static Vector128<uint> Times(uint count) => Vector128.Create(0, 0, 0, count);

    private static void Xor(ReadOnlySpan<byte> input, ReadOnlySpan<byte> stream, Span<byte> output)
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
}
