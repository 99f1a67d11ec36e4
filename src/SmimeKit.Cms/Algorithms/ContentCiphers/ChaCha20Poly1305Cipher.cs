using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>ChaCha20-Poly1305 in one pass over content of any length, with the additional data given last (RFC 8439 §2.8).</summary>
/// <remarks>
/// The base library's takes a whole message at once, and Bouncy Castle's wants the additional data first. Here Bouncy Castle's ChaCha20
/// produces the key stream and <see cref="Poly1305"/> authenticates. Nonce 12 octets, content up to 2^38 - 64 octets.
/// </remarks>
internal sealed class ChaCha20Poly1305Cipher : HashedStreamCipher
{
    private const int KeySize = 32;
    private const int BlockSize = 64;
    private const long MaxChaChaContent = (1L << 38) - BlockSize;

    private readonly ChaCha7539Engine _stream = new();
    private readonly Poly1305 _hash;

    internal ChaCha20Poly1305Cipher(byte[] key, byte[] nonce, bool encrypt)
        : base(encrypt, nameof(MaxChaChaContent), MaxChaChaContent)
    {
        _stream.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] first = SkipBlock();
        _hash = new Poly1305(first.AsSpan(0, KeySize)); // RFC 8439 §2.6
        CryptographicOperations.ZeroMemory(first);
    }

    internal override HashState State => _hash.State;

    internal override void Restart()
    {
        _stream.Reset();
        CryptographicOperations.ZeroMemory(SkipBlock());
    }

    internal override HashState Rehash(HashState state, ReadOnlySpan<byte> ciphertext) => _hash.Continue(state, ciphertext);

    internal override void ComputeTag(ReadOnlySpan<byte> additionalData, Span<byte> tag)
    {
        _hash.Prepend(additionalData);
        Span<byte> lengths = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(lengths, additionalData.Length);
        BinaryPrimitives.WriteInt64LittleEndian(lengths[8..], Length);
        _hash.Append(lengths);
        _hash.GetTag(tag);
    }

    public override void Dispose()
    {
        _hash.Dispose();
        _stream.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(new byte[KeySize]), new byte[12])); // overwrites the key
    }

    protected override void Append(ReadOnlySpan<byte> ciphertext) => _hash.Append(ciphertext);

    protected override void XorStep(ReadOnlySpan<byte> input, Span<byte> output) => _stream.ProcessBytes(input, output);

    private byte[] SkipBlock()
    {
        byte[] block = new byte[BlockSize];
        _stream.ProcessBytes(block, block);
        return block;
    }
}
