using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>CBC decryption. The padding is checked here, in constant time: the base library would tell by an exception.</summary>
internal sealed class CbcDecryptor : ContentCipher
{
    private readonly SymmetricAlgorithm _cipher;
    private readonly ICryptoTransform _transform;
    private readonly int _blockSize;

    internal CbcDecryptor(SymmetricAlgorithm cipher, byte[] iv)
    {
        _cipher = cipher;
        _blockSize = iv.Length;
        cipher.IV = iv;
        _transform = cipher.CreateDecryptor();
    }

    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output) =>
        _transform.TransformBlock(input.Array!, input.Offset, input.Count, output.Array!, output.Offset);

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        if (input.Count == 0 || input.Count % _blockSize != 0) // R3369-6.3-e
        {
            return -1;
        }

        Transform(input, output);
        int padding = BlockPadding.Measure(output.AsSpan(input.Count - _blockSize, _blockSize));
        return padding < 0 ? -1 : input.Count - padding;
    }

    public override void Dispose()
    {
        _transform.Dispose();
        _cipher.Dispose();
    }
}
