using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Decrypts one pass over the ciphertext, in large pieces, in place. The last block waits until the end is known.</summary>
internal sealed class PlaintextReader : IDisposable
{
    private const int BufferSize = ContentCipher.PieceSize + ContentCipher.PieceUnit;

    private readonly CiphertextSource _source;
    private readonly byte[] _carry = new byte[ContentCipher.PieceUnit];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private bool _carried;
    private bool _ended;
    private int _start;
    private int _end;
    private int _used;

    internal PlaintextReader(CiphertextSource source, ContentCipher cipher)
    {
        _source = source;
        Cipher = cipher;
    }

    internal ContentCipher Cipher { get; }

    /// <summary>Gets the number of padding octets at the end: 0 with a stream cipher, negative when wrong. Valid at the end.</summary>
    internal int Padding { get; private set; }

    /// <summary>Reads plaintext; 0 at its end.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (_start == _end)
        {
            if (_ended || destination.IsEmpty)
            {
                return 0;
            }

            // A large destination takes a whole piece without a copy.
            bool direct = MemoryMarshal.TryGetArray((ReadOnlyMemory<byte>)destination, out ArraySegment<byte> array) && array.Count >= ContentCipher.PieceSize;
            if (await NextPieceAsync(direct ? array : default, cancellationToken).ConfigureAwait(false))
            {
                return ContentCipher.PieceSize;
            }
        }

        int count = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(destination.Span);
        _start += count;
        return count;
    }

    public void Dispose()
    {
        Cipher.Dispose();
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        _ended = true;
        if (buffer.Length > 0)
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, _used));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Decrypts the next piece; true when it went whole to the destination.
    private async ValueTask<bool> NextPieceAsync(ArraySegment<byte> destination, CancellationToken cancellationToken)
    {
        int filled = 0;
        if (_carried)
        {
            _carry.CopyTo(_buffer, 0);
            filled = _carry.Length;
        }

        filled += await _source.FillAsync(_buffer.AsMemory(filled, BufferSize - filled), cancellationToken).ConfigureAwait(false);
        _start = 0;
        _used = Math.Max(_used, filled);
        if (filled < BufferSize)
        {
            FinishPiece(filled);
            return false;
        }

        _carried = true;
        _buffer.AsSpan(ContentCipher.PieceSize, _carry.Length).CopyTo(_carry);
        bool direct = destination.Array is not null;
        var piece = new ArraySegment<byte>(_buffer, 0, ContentCipher.PieceSize);
        Cipher.Transform(piece, direct ? destination : piece);
        _end = direct ? 0 : ContentCipher.PieceSize;
        return direct;
    }

    private void FinishPiece(int filled)
    {
        _ended = true;
        int count = Cipher.Finish(new ArraySegment<byte>(_buffer, 0, filled), _buffer);
        Padding = count < 0 ? -1 : filled - count;
        _end = Math.Max(count, 0);
    }
}
