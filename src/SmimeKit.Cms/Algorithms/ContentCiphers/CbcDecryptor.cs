using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>CBC decryption. The padding is checked here, in constant time: the base library would tell by an exception.</summary>
internal sealed class CbcDecryptor(ICryptoTransform transform, int blockSize) : ContentCipher
{
    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output) =>
        transform.TransformBlock(input.Array!, input.Offset, input.Count, output.Array!, output.Offset);

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        if (input.Count == 0 || input.Count % blockSize != 0) // R3369-6.3-e
        {
            return -1;
        }

        Transform(input, output);
        int padding = BlockPadding.Measure(output.AsSpan(input.Count - blockSize, blockSize));
        return padding < 0 ? -1 : input.Count - padding;
    }

    public override void Dispose() => transform.Dispose();
}
