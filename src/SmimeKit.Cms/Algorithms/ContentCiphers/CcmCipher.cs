using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES-CCM over content whose length is known beforehand, in pieces (NIST SP 800-38C, RFC 3610).</summary>
/// <remarks>
/// The base library's AES-CCM takes a whole message at once. Here its AES in CBC mode computes the MAC and <see cref="AesKeyStream"/>
/// encrypts. Nonce 7 to 13 octets, which leaves 8 to 2 octets for the length of the content; at most 2^36 - 32 octets in any case.
/// </remarks>
internal sealed class CcmCipher : AuthenticatingCipher
{
    internal const long MaxContent = (1L << 36) - 32;

    private const int BlockSize = AesKeyStream.BlockSize;
    private const int StepSize = 8 * 1024;

    private readonly bool _encrypt;
    private readonly int _tagSize;
    private readonly byte[] _nonce;
    private readonly AesKeyStream _stream;
    private readonly AesCbcMac _mac;

    internal CcmCipher(byte[] key, byte[] nonce, int tagSize, bool encrypt)
    {
        _encrypt = encrypt;
        _tagSize = tagSize;
        _nonce = nonce;
        _stream = new AesKeyStream(key, FirstBlock((byte)(LengthSize - 1), 0)); // RFC 3610 §2.3
        _mac = new AesCbcMac(key);
    }

    private int LengthSize => BlockSize - 1 - _nonce.Length;

    /// <summary>Gets the most octets of content that a nonce of a size leaves room for.</summary>
    internal static long MaxContentOf(int nonceSize)
    {
        int bits = 8 * (BlockSize - 1 - nonceSize);
        return bits >= 36 ? MaxContent : (1L << bits) - 1;
    }

    /// <inheritdoc/>
    internal override bool Begin(ReadOnlySpan<byte> additionalData, long contentLength)
    {
        if (contentLength > MaxContentOf(_nonce.Length)) // R5084-3.1-c
        {
            return false;
        }

        // RFC 3610 §2.2: whether there are additional data, size of the tag, size of the length; then nonce and length.
        int flags = (additionalData.IsEmpty ? 0 : 64) | ((_tagSize - 2) / 2 * 8) | (LengthSize - 1);
        _mac.Append(FirstBlock((byte)flags, contentLength));
        if (!additionalData.IsEmpty)
        {
            _mac.Append((byte[])[.. EncodeLength(additionalData.Length), .. additionalData]);
            _mac.Pad();
        }

        return true;
    }

    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        for (int at = 0; at < input.Count; at += StepSize)
        {
            int count = Math.Min(StepSize, input.Count - at);
            ArraySegment<byte> source = input.Slice(at, count);
            ArraySegment<byte> target = output.Slice(at, count);
            if (_encrypt)
            {
                _mac.Append(source);
            }

            _stream.Xor(source, target);
            if (!_encrypt)
            {
                _mac.Append(target);
            }
        }
    }

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        Transform(input, output);
        _mac.Pad();
        return input.Count;
    }

    /// <inheritdoc/>
    internal override void ComputeTag(ReadOnlySpan<byte> additionalData, Span<byte> tag)
    {
        byte[] mask = _stream.EncryptOrigin();
        for (int i = 0; i < BlockSize; i++)
        {
            tag[i] = (byte)(_mac.State[i] ^ mask[i]);
        }
    }

    public override void Dispose()
    {
        _mac.Dispose();
        _stream.Dispose();
    }

    private byte[] FirstBlock(byte flags, long number)
    {
        byte[] block = new byte[BlockSize];
        BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(BlockSize - sizeof(long)), number);
        block[0] = flags;
        _nonce.CopyTo(block, 1);
        return block;
    }

    private static byte[] EncodeLength(int length)
    {
        if (length < 0xFF00)
        {
            return [(byte)(length >> 8), (byte)length];
        }

        byte[] encoded = [0xFF, 0xFE, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(2), length);
        return encoded;
    }
}
