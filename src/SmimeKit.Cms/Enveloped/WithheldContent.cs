using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>
/// Ciphertext that waits for its tag, in memory up to a limit, then in a temporary file. The tag is a hash over it, so the first
/// pass decrypts nothing: plaintext comes into being only when it is asked for, after the tag has verified.
/// </summary>
/// <remarks>
/// The file holds ciphertext as it was received, under a key that is only in memory. A chunk of it is hashed again before it is decrypted,
/// and the state of the hash compared with that of the first pass: a change of the file in between is found before it does harm.
/// </remarks>
internal sealed class WithheldContent(HashedStreamCipher cipher, CmsReaderOptions options) : IDisposable
{
    private const int ChunkSize = ContentCipher.PieceSize;

    private readonly List<byte[]> _memory = [];
    private readonly List<HashState> _marks = []; // the state of the hash before the file's first chunk and after each
    private byte[]? _staging;
    private FileStream? _file;
    private long _length;
    private int _next;
    private ArraySegment<byte> _open;
    private bool _holdsPlaintext;

    internal HashedStreamCipher Cipher => cipher;

    /// <summary>The first pass: keeps and authenticates all of the ciphertext.</summary>
    internal async ValueTask TakeAsync(CiphertextSource source, CancellationToken cancellationToken)
    {
        int count;
        do
        {
            _staging ??= ArrayPool<byte>.Shared.Rent(ChunkSize);
            count = await source.FillAsync(_staging.AsMemory(0, ChunkSize), cancellationToken).ConfigureAwait(false);
            Keep(count);
        }
        while (count == ChunkSize);
    }

    /// <summary>Allows the second pass. The tag has verified.</summary>
    internal void Release()
    {
        cipher.Restart();
        _next = 0;
        if (_file is not null)
        {
            _file.Position = 0;
        }
    }

    /// <summary>The second pass: decrypts.</summary>
    internal int Read(Memory<byte> destination)
    {
        if (_open.Count == 0)
        {
            ArraySegment<byte> chunk = NextChunk();
            if (destination.Length >= chunk.Count
                && MemoryMarshal.TryGetArray((ReadOnlyMemory<byte>)destination, out ArraySegment<byte> array))
            {
                cipher.ApplyStream(chunk, array); // a large destination needs no copy
                return chunk.Count;
            }

            cipher.ApplyStream(chunk, chunk);
            (_open, _holdsPlaintext) = (chunk, true);
        }

        int count = Math.Min(destination.Length, _open.Count);
        _open[..count].AsSpan().CopyTo(destination.Span);
        _open = _open[count..];
        return count;
    }

    public void Dispose()
    {
        if (_staging is not null)
        {
            _memory.Add(_staging);
            _staging = null;
        }

        foreach (byte[] chunk in _memory)
        {
            if (_holdsPlaintext)
            {
                CryptographicOperations.ZeroMemory(chunk.AsSpan(0, (int)Math.Min(ChunkSize, _length)));
            }

            ArrayPool<byte>.Shared.Return(chunk);
        }

        _memory.Clear();
        _length = 0;
        _open = default;
        _file?.Dispose();
        _file = null;
        cipher.Dispose();
    }

    private void Keep(int count)
    {
        if (count == 0)
        {
            return;
        }

        if (count > options.Limits.MaxSpoolSize - _length)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxSpoolSize), options.Limits.MaxSpoolSize);
        }

        _length += count;
        if (_file is null && _length <= options.Limits.MaxContentInMemory)
        {
            cipher.Authenticate(_staging.AsSpan(0, count));
            _memory.Add(_staging!);
            _staging = null;
            return;
        }

        OpenFile();
        cipher.Authenticate(_staging.AsSpan(0, count));
        _marks.Add(cipher.State);
        _file!.Write(_staging.AsSpan(0, count));
    }

    private void OpenFile()
    {
        if (_file is not null)
        {
            return;
        }

        if (options.SpoolFolder is { Length: 0 })
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxContentInMemory), options.Limits.MaxContentInMemory);
        }

        _marks.Add(cipher.State);
        _file = EncryptedSpool.CreateFile(options.SpoolFolder ?? Path.GetTempPath());
    }

    private ArraySegment<byte> NextChunk()
    {
        int count = (int)Math.Min(ChunkSize, _length - ((long)_next * ChunkSize));
        if (count <= 0)
        {
            return new ArraySegment<byte>([]);
        }

        int number = _next++;
        return new ArraySegment<byte>(number < _memory.Count ? _memory[number] : ReadFile(number - _memory.Count, count), 0, count);
    }

    private byte[] ReadFile(int number, int count)
    {
        _file!.ReadExactly(_staging.AsSpan(0, count));
        if (cipher.Rehash(_marks[number], _staging.AsSpan(0, count)) != _marks[number + 1])
        {
            throw new IOException("The temporary file was changed while it was in use.");
        }

        return _staging!;
    }
}
