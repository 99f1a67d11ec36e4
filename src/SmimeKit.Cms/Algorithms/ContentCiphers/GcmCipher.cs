using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>AES-GCM in one pass over content of any length, with the additional data given last (NIST SP 800-38D).</summary>
/// <remarks>
/// The base library's AES-GCM takes a whole message at once. Here its AES produces the key stream and <see cref="Ghash"/>
/// authenticates. GHASH is linear, and a prefix can be added once the number of blocks behind it is known.
/// Nonce 12 octets, content up to 2^36 - 32 octets (SP 800-38D §5.2.1.1).
/// </remarks>
internal sealed class GcmCipher : HashedStreamCipher
{
    private const int BlockSize = AesKeyStream.BlockSize;
    private const int NonceSize = 12;
    private const long MaxGcmContent = (1L << 36) - 32;

    private readonly AesKeyStream _stream;
    private readonly Ghash _ghash;

    internal GcmCipher(byte[] key, ReadOnlySpan<byte> nonce, bool encrypt)
        : base(encrypt, nameof(MaxGcmContent), MaxGcmContent)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
        _stream = new AesKeyStream(key, [.. nonce, 0, 0, 0, 1]);
        byte[] hashKey = _stream.EncryptBlock(new byte[BlockSize]);
        _ghash = new Ghash(hashKey);
        CryptographicOperations.ZeroMemory(hashKey);
    }

    internal override HashState State => _ghash.State;

    internal override void Restart() => _stream.Restart();

    internal override HashState Rehash(HashState state, ReadOnlySpan<byte> ciphertext) => _ghash.Continue(state, ciphertext);

    internal override void ComputeTag(ReadOnlySpan<byte> additionalData, Span<byte> tag)
    {
        _ghash.Prepend(additionalData);
        Span<byte> lengths = stackalloc byte[BlockSize];
        BinaryPrimitives.WriteInt64BigEndian(lengths, additionalData.Length * 8L);
        BinaryPrimitives.WriteInt64BigEndian(lengths[8..], Length * 8);
        _ghash.Append(lengths);
        _ghash.GetHash(tag);
        byte[] mask = _stream.EncryptOrigin();
        for (int i = 0; i < BlockSize; i++)
        {
            tag[i] ^= mask[i];
        }
    }

    public override void Dispose()
    {
        _ghash.Dispose();
        _stream.Dispose();
    }

    protected override void Append(ReadOnlySpan<byte> ciphertext) => _ghash.Append(ciphertext);

    protected override void TransformStep(ReadOnlySpan<byte> input, Span<byte> output, bool encrypt) =>
        _ghash.AppendXored(input, _stream.Next(input.Length), output, hashesOutput: encrypt);

    protected override void XorStep(ReadOnlySpan<byte> input, Span<byte> output) => _stream.Xor(input, output);
}
