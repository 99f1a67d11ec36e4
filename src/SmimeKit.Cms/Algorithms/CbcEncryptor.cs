using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>CBC encryption with the padding of RFC 5652 §6.3.</summary>
internal sealed class CbcEncryptor : ContentCipher
{
    private readonly SymmetricAlgorithm _cipher;
    private readonly ICryptoTransform _transform;
    private readonly int _blockSize;

    internal CbcEncryptor(SymmetricAlgorithm cipher, byte[] iv)
    {
        _cipher = cipher;
        _blockSize = iv.Length;
        cipher.IV = iv;
        _transform = cipher.CreateEncryptor();
    }

    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output) =>
        _transform.TransformBlock(input.Array!, input.Offset, input.Count, output.Array!, output.Offset);

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        int padding = _blockSize - (input.Count % _blockSize);
        ArraySegment<byte> padded = output[..(input.Count + padding)];
        input.AsSpan().CopyTo(padded);
        padded.AsSpan(input.Count).Fill((byte)padding);
        Transform(padded, padded);
        return padded.Count;
    }

    public override void Dispose()
    {
        _transform.Dispose();
        _cipher.Dispose();
    }
}
