using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;

namespace SmimeKit.Cms.Tests.Algorithms;

/// <summary>A streaming cipher over a whole content in pieces of one size, for comparison with others.</summary>
internal static class CipherRun
{
    /// <summary>Every size of a piece that makes a difference: single blocks, blocks of other ciphers, steps and pieces of the library.</summary>
    internal static IReadOnlyList<int> PieceSizes { get; } = [16, 32, 48, 64, 80, 4096, 8192, 8208, ContentCipher.PieceSize];

    internal static byte[] Of(AuthenticatingCipher cipher, byte[] additional, byte[] input, byte[] output, int pieceSize)
    {
        using (cipher)
        {
            Assert.True(cipher.Begin(additional, input.Length));
            int at = 0;
            for (; input.Length - at > pieceSize; at += pieceSize)
            {
                cipher.Transform(new ArraySegment<byte>(input, at, pieceSize), new ArraySegment<byte>(output)[at..]);
            }

            Assert.Equal(input.Length - at, cipher.Finish(new ArraySegment<byte>(input)[at..], new ArraySegment<byte>(output)[at..]));
            byte[] tag = new byte[16];
            cipher.ComputeTag(additional, tag);
            return tag;
        }
    }
}
