using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>CBC encryption with the padding of RFC 5652 §6.3.</summary>
internal sealed class CbcEncryptor(ICryptoTransform transform, int blockSize) : ContentCipher
{
    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output) =>
        transform.TransformBlock(input.Array!, input.Offset, input.Count, output.Array!, output.Offset);

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        int padding = blockSize - (input.Count % blockSize);
        ArraySegment<byte> padded = output[..(input.Count + padding)];
        input.AsSpan().CopyTo(padded);
        padded.AsSpan(input.Count).Fill((byte)padding);
        Transform(padded, padded);
        return padded.Count;
    }

    public override void Dispose() => transform.Dispose();
}
