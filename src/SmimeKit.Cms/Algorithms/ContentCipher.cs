namespace SmimeKit.Cms.Algorithms;

/// <summary>A cipher over content of any length in one pass. Single use: one key, one initialization vector, one content.</summary>
/// <remarks>Arrays, not spans: the base library's transforms, the fastest way to its ciphers, take nothing else.</remarks>
internal abstract class ContentCipher : IDisposable
{
    /// <summary>Pieces other than the last are multiples of this: it is a multiple of every block size.</summary>
    internal const int PieceUnit = 16;

    /// <summary>The size of the pieces in which content is transformed.</summary>
    internal const int PieceSize = 64 * 1024;

    /// <summary>The most octets by which the last piece can grow.</summary>
    internal const int MaxPadding = 16;

    /// <summary>Transforms a piece whose length is a multiple of <see cref="PieceUnit"/>. Input and output may be the same octets.</summary>
    internal abstract void Transform(ArraySegment<byte> input, ArraySegment<byte> output);

    /// <summary>Transforms the last piece, of any length. Input and output may start at the same octet.</summary>
    /// <returns>The number of octets in the output; negative when the padding of ciphertext is wrong.</returns>
    internal abstract int Finish(ArraySegment<byte> input, ArraySegment<byte> output);

    public abstract void Dispose();
}
