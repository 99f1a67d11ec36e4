using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>CBC decryption. The padding is checked here, in constant time: the base library would tell by an exception.</summary>
internal sealed class CbcDecryptor(SymmetricAlgorithm cipher, ReadOnlySpan<byte> iv) : ContentCipher
{
    private readonly byte[] _chain = iv.ToArray();

    internal override void Transform(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        Span<byte> next = stackalloc byte[MaxPadding];
        next = next[.._chain.Length];
        input[^_chain.Length..].CopyTo(next);
        cipher.DecryptCbc(input, _chain, output, PaddingMode.None);
        next.CopyTo(_chain);
    }

    internal override int Finish(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int blockSize = _chain.Length;
        if (input.IsEmpty || input.Length % blockSize != 0) // R3369-6.3-e
        {
            return -1;
        }

        Transform(input, output);
        int padding = BlockPadding.Measure(output.Slice(input.Length - blockSize, blockSize));
        return padding < 0 ? -1 : input.Length - padding;
    }

    public override void Dispose() => cipher.Dispose();
}
