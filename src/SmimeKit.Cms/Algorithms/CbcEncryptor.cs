using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms;

/// <summary>CBC encryption with the padding of RFC 5652 §6.3.</summary>
internal sealed class CbcEncryptor(SymmetricAlgorithm cipher, ReadOnlySpan<byte> iv) : ContentCipher
{
    private readonly byte[] _chain = iv.ToArray();

    internal override void Transform(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        int count = cipher.EncryptCbc(input, _chain, output, PaddingMode.None);
        output[(count - _chain.Length)..count].CopyTo(_chain);
    }

    internal override int Finish(ReadOnlySpan<byte> input, Span<byte> output) =>
        cipher.EncryptCbc(input, _chain, output, PaddingMode.PKCS7);

    public override void Dispose() => cipher.Dispose();
}
