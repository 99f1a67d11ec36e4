using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES-GCM in one pass over content of any length, with the additional data given last (NIST SP 800-38D).</summary>
/// <remarks>
/// The base library's AES-GCM takes a whole message at once. Here its AES produces the key stream and <see cref="Ghash"/>
/// authenticates. CMS puts the additional data after the ciphertext (RFC 5083 §2.1), so it enters the hash at the end:
/// GHASH is linear, and a prefix can be added once the number of blocks behind it is known.
/// Nonce 12 octets, content up to 2^36 - 32 octets (SP 800-38D §5.2.1.1).
/// </remarks>
internal sealed class GcmCipher : ContentCipher
{
    private const int BlockSize = 16;
    private const int NonceSize = 12;
    private const int StreamSize = 8 * 1024;
    private const long MaxContent = (1L << 36) - 32;

    private readonly bool _encrypt;
    private readonly Aes _aes;
    private readonly ICryptoTransform _ecb;
    private readonly Ghash _ghash;
    private readonly byte[] _first = new byte[BlockSize];
    private byte[] _counters;
    private byte[] _stream;
    private int _prepared;
    private uint _counter = 1;
    private long _length;

    internal GcmCipher(byte[] key, ReadOnlySpan<byte> nonce, bool encrypt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
        _encrypt = encrypt;
        _aes = Aes.Create();
        _aes.SetKey(key);
#pragma warning disable CA5358 // ECB of counter blocks is the counter mode.
        _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _aes.Padding = PaddingMode.None;
        _ecb = _aes.CreateEncryptor();
        nonce.CopyTo(_first);
        _counters = [];
        _stream = [];

        byte[] hashKey = new byte[BlockSize];
        _ecb.TransformBlock(hashKey, 0, BlockSize, hashKey, 0);
        _ghash = new Ghash(hashKey);
        CryptographicOperations.ZeroMemory(hashKey);
    }

    /// <summary>Gets the state of the hash over the ciphertext so far: secret, as it depends on the key.</summary>
    internal UInt128 HashState => _ghash.State;

    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        CountContent(input.Count);
        for (int at = 0; at < input.Count; at += StreamSize)
        {
            // Small steps keep everything in the processor's nearest cache.
            int count = Math.Min(StreamSize, input.Count - at);
            ReadOnlySpan<byte> source = input.AsSpan(at, count);
            Span<byte> target = output.AsSpan(at, count);
            if (!_encrypt)
            {
                _ghash.Append(source);
            }

            XorWithStream(source, target);
            if (_encrypt)
            {
                _ghash.Append(target);
            }
        }
    }

    /// <summary>Authenticates ciphertext without decrypting it. Pieces other than the last are whole blocks.</summary>
    internal void Authenticate(ReadOnlySpan<byte> ciphertext)
    {
        CountContent(ciphertext.Length);
        _ghash.Append(ciphertext);
    }

    /// <summary>Goes back to the first octet of the key stream, for <see cref="ApplyStream"/>.</summary>
    internal void Restart() => _counter = 1;

    /// <summary>Decrypts without authenticating. Pieces other than the last are whole blocks; input and output may be the same.</summary>
    internal void ApplyStream(ReadOnlySpan<byte> input, Span<byte> output)
    {
        for (int at = 0; at < input.Length; at += StreamSize)
        {
            int count = Math.Min(StreamSize, input.Length - at);
            XorWithStream(input.Slice(at, count), output.Slice(at, count));
        }
    }

    /// <summary>Computes the state of the hash after ciphertext that follows a given state.</summary>
    internal UInt128 Rehash(UInt128 state, ReadOnlySpan<byte> ciphertext) => _ghash.Continue(state, ciphertext);

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        Transform(input, output);
        return input.Count;
    }

    internal override void ComputeTag(ReadOnlySpan<byte> additionalData, Span<byte> tag)
    {
        _ghash.Prepend(additionalData);
        Span<byte> lengths = stackalloc byte[BlockSize];
        BinaryPrimitives.WriteInt64BigEndian(lengths, additionalData.Length * 8L);
        BinaryPrimitives.WriteInt64BigEndian(lengths[8..], _length * 8);
        _ghash.Append(lengths);
        _ghash.GetHash(tag);

        byte[] mask = new byte[BlockSize];
        BinaryPrimitives.WriteUInt32BigEndian(_first.AsSpan(NonceSize), 1);
        _ecb.TransformBlock(_first, 0, BlockSize, mask, 0);
        for (int i = 0; i < BlockSize; i++)
        {
            tag[i] ^= mask[i];
        }
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_stream);
        _ghash.Dispose();
        _ecb.Dispose();
        _aes.Dispose();
    }

    private void CountContent(int more)
    {
        if (more > MaxContent - _length)
        {
            throw new LimitExceededException(nameof(MaxContent), MaxContent);
        }

        _length += more;
    }

    private void XorWithStream(ReadOnlySpan<byte> input, Span<byte> output)
    {
        PrepareStream((input.Length + BlockSize - 1) / BlockSize);
        Xor(input, _stream, output);
    }

    // Encrypts the next counter blocks into the key stream.
    private void PrepareStream(int blocks)
    {
        int size = blocks * BlockSize;
        if (_counters.Length < size)
        {
            // A small message pays for its own size only.
            _counters = new byte[size];
            _stream = new byte[size];
            _prepared = 0;
        }

        for (; _prepared < blocks; _prepared++)
        {
            _first.AsSpan(0, NonceSize).CopyTo(_counters.AsSpan(_prepared * BlockSize));
        }

        Span<uint> words = MemoryMarshal.Cast<byte, uint>(_counters.AsSpan(0, size));
        for (int i = 3; i < words.Length; i += 4)
        {
            _counter++;
            words[i] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_counter) : _counter;
        }

        _ecb.TransformBlock(_counters, 0, size, _stream, 0);
    }

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
