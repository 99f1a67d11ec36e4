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

    private byte[] _memory = [];
    private int _memoryCount;
    private byte[]? _chunk;
    private int _chunkStart;
    private int _chunkCount;
    private byte[]? _sealed;
    private FileStream? _file;
    private AesGcm? _cipher;
    private long _chunksWritten;
    private long _chunksRead;
    private long _memoryRead;
    private bool _written;

    /// <summary>Gets the number of bytes held.</summary>
    internal long Length { get; private set; }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limits.MaxSpoolSize - Length)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxSpoolSize), limits.MaxSpoolSize);
        }

        Length += bytes.Length;
        if (_file is null && bytes.Length <= limits.MaxContentInMemory - _memoryCount)
        {
            AppendToMemory(bytes);
            return;
        }

        OpenFile();
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(ChunkSize - _chunkCount, bytes.Length);
            bytes[..count].CopyTo(_chunk.AsSpan(_chunkCount));
            _chunkCount += count;
            bytes = bytes[count..];
            if (_chunkCount == ChunkSize)
            {
                SealChunk();
            }
        }
    }

    /// <summary>Ends the writing and goes to the start.</summary>
    internal void Rewind()
    {
        if (!_written && _file is not null && _chunkCount > 0)
        {
            SealChunk();
        }

        _written = true;
        (_memoryRead, _chunksRead, _chunkStart, _chunkCount) = (0, 0, 0, 0);
        if (_file is not null)
        {
            _file.Position = 0;
        }
    }

    /// <summary>Reads from the start on; 0 at the end.</summary>
    internal int Read(Span<byte> destination)
    {
        if (_memoryRead < _memoryCount)
        {
            int count = (int)Math.Min(destination.Length, _memoryCount - _memoryRead);
            _memory.AsSpan((int)_memoryRead, count).CopyTo(destination);
            _memoryRead += count;
            return count;
        }

        if (_chunkStart == _chunkCount && !OpenChunk())
        {
            return 0;
        }

        int taken = Math.Min(destination.Length, _chunkCount - _chunkStart);
        _chunk.AsSpan(_chunkStart, taken).CopyTo(destination);
        _chunkStart += taken;
        return taken;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_memory);
        CryptographicOperations.ZeroMemory(_chunk);
        _memory = [];
        _memoryCount = 0;
        _chunkStart = _chunkCount = 0;
        _cipher?.Dispose();
        _file?.Dispose();
        _file = null;
    }

    private void AppendToMemory(ReadOnlySpan<byte> bytes)
    {
        int needed = _memoryCount + bytes.Length;
        if (needed > _memory.Length)
        {
            byte[] larger = new byte[Math.Max(needed, Math.Min(limits.MaxContentInMemory, Math.Max(4096, _memory.Length * 2)))];
            _memory.AsSpan(0, _memoryCount).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_memory);
            _memory = larger;
        }

        bytes.CopyTo(_memory.AsSpan(_memoryCount));
        _memoryCount += bytes.Length;
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
        _chunk = new byte[ChunkSize];
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

    private void SealChunk()
    {
        _cipher!.Encrypt(Nonce(_chunksWritten++), _chunk.AsSpan(0, _chunkCount), _sealed.AsSpan(0, _chunkCount), _sealed.AsSpan(_chunkCount, TagSize));
        _file!.Write(_sealed.AsSpan(0, _chunkCount + TagSize));
        _chunkCount = 0;
    }

    private bool OpenChunk()
    {
        if (_file is null || _chunksRead == _chunksWritten)
        {
            return false;
        }

        long left = Length - _memoryCount - (_chunksRead * ChunkSize);
        int count = (int)Math.Min(ChunkSize, left);
        _file.ReadExactly(_sealed.AsSpan(0, count + TagSize));
        try
        {
            _cipher!.Decrypt(Nonce(_chunksRead++), _sealed.AsSpan(0, count), _sealed.AsSpan(count, TagSize), _chunk.AsSpan(0, count));
        }
        catch (CryptographicException)
        {
            throw new IOException("The temporary file was changed while it was in use.");
        }

        (_chunkStart, _chunkCount) = (0, count);
        return true;
    }

    // The key is used for one spool only, so the number of the chunk is a unique nonce.
    private static byte[] Nonce(long chunk)
    {
        byte[] nonce = new byte[NonceSize];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(NonceSize - sizeof(long)), chunk);
        return nonce;
    }
}
