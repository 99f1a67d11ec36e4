using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Streaming;

/// <summary>
/// Holds content until it may be released: in memory up to a limit, then in a temporary file encrypted under a key that exists only
/// in memory. Written once, then read from the start as often as wanted. What is left of it after a crash cannot be read by anyone.
/// </summary>
internal sealed class EncryptedSpool(CmsLimits limits, string? folder) : IDisposable
{
    private const int ChunkSize = 64 * 1024;
    private const int TagSize = 16;
    private const int NonceSize = 12;

    private readonly List<byte[]> _memory = [];
    private byte[]? _staging;   // the chunk that is being written, or a chunk of the file that is being read
    private int _staged;
    private byte[] _current = [];
    private int _currentStart;
    private int _currentCount;
    private byte[]? _sealed;
    private FileStream? _file;
    private AesGcm? _cipher;
    private long _memoryLength;
    private long _next;
    private bool _ended;

    /// <summary>Gets the number of bytes held.</summary>
    internal long Length { get; private set; }

    /// <summary>Gets room for what comes next, to be filled from its start: a whole chunk whenever the last one is full.</summary>
    internal ArraySegment<byte> GetBuffer()
    {
        _staging ??= ArrayPool<byte>.Shared.Rent(ChunkSize);
        return new ArraySegment<byte>(_staging, _staged, ChunkSize - _staged);
    }

    /// <summary>Takes over what has been put into the buffer.</summary>
    internal void Advance(int count)
    {
        if (count > limits.MaxSpoolSize - Length)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxSpoolSize), limits.MaxSpoolSize);
        }

        Length += count;
        _staged += count;
        if (_staged == ChunkSize)
        {
            EndChunk();
        }
    }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> buffer = GetBuffer();
            int count = Math.Min(buffer.Length, bytes.Length);
            bytes[..count].CopyTo(buffer);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Ends the writing and goes to the start.</summary>
    internal void Rewind()
    {
        if (!_ended && _staged > 0)
        {
            EndChunk();
        }

        _ended = true;
        (_next, _currentStart, _currentCount) = (0, 0, 0);
    }

    /// <summary>Reads from the start on; 0 at the end.</summary>
    internal int Read(Span<byte> destination)
    {
        if (_currentStart == _currentCount && !NextChunk())
        {
            return 0;
        }

        int taken = Math.Min(destination.Length, _currentCount - _currentStart);
        _current.AsSpan(_currentStart, taken).CopyTo(destination);
        _currentStart += taken;
        return taken;
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
            CryptographicOperations.ZeroMemory(chunk.AsSpan(0, (int)Math.Min(ChunkSize, Length)));
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _memory.Clear();
        _current = [];
        _currentStart = _currentCount = 0;
        _cipher?.Dispose();
        _file?.Dispose();
        _file = null;
    }

    // A whole chunk, or the last one, stays in memory while all of the content fits there.
    private void EndChunk()
    {
        if (_file is null && Length <= limits.MaxContentInMemory)
        {
            _memory.Add(_staging!);
            _memoryLength = Length;
            _staging = null;
        }
        else
        {
            OpenFile();
            _cipher!.Encrypt(
                Nonce(_next++), _staging.AsSpan(0, _staged), _sealed.AsSpan(0, _staged), _sealed.AsSpan(_staged, TagSize));
            _file!.Write(_sealed.AsSpan(0, _staged + TagSize));
        }

        _staged = 0;
    }

    private void OpenFile()
    {
        if (_file is not null)
        {
            return;
        }

        if (folder is { Length: 0 })
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxContentInMemory), limits.MaxContentInMemory);
        }

        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        _sealed = new byte[ChunkSize + TagSize];
        _file = CreateFile(folder ?? Path.GetTempPath());
    }

    private static FileStream CreateFile(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, // refuses a link that someone has put in the way
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        string path = Path.Combine(folder, "smimekit-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16)) + ".spool");
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // the open file lives on without a name, and ends with the process whatever happens
        }

        return file;
    }

    private bool NextChunk()
    {
        if (_next < _memory.Count)
        {
            long before = _next * ChunkSize;
            _current = _memory[(int)_next++];
            (_currentStart, _currentCount) = (0, (int)Math.Min(ChunkSize, _memoryLength - before));
            return true;
        }

        long number = _next - _memory.Count;
        int count = (int)Math.Min(ChunkSize, Length - _memoryLength - (number * ChunkSize));
        if (count <= 0)
        {
            return false;
        }

        if (number == 0)
        {
            _file!.Position = 0;
        }

        _file!.ReadExactly(_sealed.AsSpan(0, count + TagSize));
        OpenChunk(number, count);
        _next++;
        return true;
    }

    private void OpenChunk(long number, int count)
    {
        try
        {
            _cipher!.Decrypt(Nonce(number), _sealed.AsSpan(0, count), _sealed.AsSpan(count, TagSize), _staging.AsSpan(0, count));
        }
        catch (CryptographicException)
        {
            throw new IOException("The temporary file was changed while it was in use.");
        }

        _current = _staging!;
        (_currentStart, _currentCount) = (0, count);
    }

    // The key is used for one spool only, so the number of the chunk in the file is a unique nonce.
    private static byte[] Nonce(long chunk)
    {
        byte[] nonce = new byte[NonceSize];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(NonceSize - sizeof(long)), chunk);
        return nonce;
    }
}
