using System.Buffers.Binary;
using System.Security.Cryptography;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Streaming;

/// <summary>
/// A temporary stream for content that must not lie about: in memory up to a limit, then in a file encrypted under a key that exists only
/// in memory. Written once from start to end, then read and sought at will. What is left of it after a crash cannot be read by anyone.
/// </summary>
/// <remarks>Reading and writing is synchronous underneath: it touches memory and a local temporary file only. Not safe for concurrent use.</remarks>
public sealed class EncryptedSpool : Stream
{
    private const int ChunkSize = 64 * 1024;
    private const int TagSize = 16;
    private const int NonceSize = 12;
    private const long NoChunk = -1;

    private readonly CmsLimits _limits;
    private readonly string? _folder;
    private byte[] _memory = [];
    private int _memoryCount;
    private byte[] _chunk = [];
    private byte[] _sealed = [];
    private int _chunkCount;
    private long _openChunk = NoChunk;
    private long _chunksWritten;
    private FileStream? _file;
    private AesGcm? _cipher;
    private long _length;
    private long _position;
    private bool _reading;

    /// <summary>Initializes an empty spool.</summary>
    /// <param name="limits">The limits <see cref="CmsLimits.MaxContentInMemory"/> and <see cref="CmsLimits.MaxSpoolSize"/>.</param>
    /// <param name="folder">The folder of the file; null for the system's folder for temporary files, empty to forbid disk.</param>
    public EncryptedSpool(CmsLimits limits, string? folder)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        _folder = folder;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => !_reading;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <summary>Gets or sets the position. Setting it ends the writing.</summary>
    public override long Position
    {
        get => _reading ? _position : _length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            EndWriting();
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    /// <exception cref="LimitExceededException">The spool is full, or needs a disk that is forbidden.</exception>
    /// <exception cref="InvalidOperationException">The spool has been read already.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_reading)
        {
            throw new InvalidOperationException("The spool is being read.");
        }

        if (buffer.Length > _limits.MaxSpoolSize - _length)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxSpoolSize), _limits.MaxSpoolSize);
        }

        _length += buffer.Length;
        if (_file is null && buffer.Length <= _limits.MaxContentInMemory - _memoryCount)
        {
            AppendToMemory(buffer);
            return;
        }

        OpenFile();
        while (!buffer.IsEmpty)
        {
            int count = Math.Min(ChunkSize - _chunkCount, buffer.Length);
            buffer[..count].CopyTo(_chunk.AsSpan(_chunkCount));
            _chunkCount += count;
            buffer = buffer[count..];
            if (_chunkCount == ChunkSize)
            {
                SealChunk();
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    /// <remarks>The first read ends the writing and starts at the beginning.</remarks>
    /// <exception cref="IOException">The temporary file was changed by someone.</exception>
    public override int Read(Span<byte> buffer)
    {
        EndWriting();
        if (_position >= _length || buffer.IsEmpty)
        {
            return 0;
        }

        ReadOnlySpan<byte> available = _position < _memoryCount
            ? _memory.AsSpan((int)_position, _memoryCount - (int)_position)
            : OpenChunkAt(_position - _memoryCount);
        int count = Math.Min(buffer.Length, available.Length);
        available[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    /// <summary>Not supported: the length is what was written.</summary>
    /// <param name="value">Unused.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <summary>Ends the writing and goes to the start.</summary>
    internal void Rewind() => Position = 0;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_memory);
        CryptographicOperations.ZeroMemory(_chunk);
        _memory = _chunk = _sealed = [];
        _length = _memoryCount = 0;
        _cipher?.Dispose();
        _file?.Dispose();
        _file = null;
        base.Dispose(disposing);
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

    // The key is used for one spool only, so the number of the chunk is a unique nonce.
    private static byte[] Nonce(long chunk)
    {
        byte[] nonce = new byte[NonceSize];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(NonceSize - sizeof(long)), chunk);
        return nonce;
    }

    private void AppendToMemory(ReadOnlySpan<byte> bytes)
    {
        int needed = _memoryCount + bytes.Length;
        if (needed > _memory.Length)
        {
            byte[] larger = new byte[Math.Max(needed, Math.Min(_limits.MaxContentInMemory, Math.Max(4096, _memory.Length * 2)))];
            _memory.AsSpan(0, _memoryCount).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_memory);
            _memory = larger;
        }

        bytes.CopyTo(_memory.AsSpan(_memoryCount));
        _memoryCount = needed;
    }

    private void OpenFile()
    {
        if (_file is not null)
        {
            return;
        }

        if (_folder is { Length: 0 })
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxContentInMemory), _limits.MaxContentInMemory);
        }

        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        _chunk = new byte[ChunkSize];
        _sealed = new byte[ChunkSize + TagSize];
        _file = CreateFile(_folder ?? Path.GetTempPath());
    }

    private void EndWriting()
    {
        if (!_reading && _chunkCount > 0)
        {
            SealChunk();
        }

        _reading = true;
    }

    private void SealChunk()
    {
        _cipher!.Encrypt(Nonce(_chunksWritten++), _chunk.AsSpan(0, _chunkCount), _sealed.AsSpan(0, _chunkCount), _sealed.AsSpan(_chunkCount, TagSize));
        _file!.Write(_sealed.AsSpan(0, _chunkCount + TagSize));
        _chunkCount = 0;
    }

    /// <summary>What is left, from an offset in the file's plaintext on, of the chunk there.</summary>
    private ReadOnlySpan<byte> OpenChunkAt(long offset)
    {
        long chunk = offset / ChunkSize;
        int count = (int)Math.Min(ChunkSize, _length - _memoryCount - (chunk * ChunkSize));
        if (chunk != _openChunk)
        {
            OpenChunk(chunk, count);
        }

        int start = (int)(offset % ChunkSize);
        return _chunk.AsSpan(start, count - start);
    }

    private void OpenChunk(long chunk, int count)
    {
        _openChunk = NoChunk;
        _file!.Position = chunk * (ChunkSize + TagSize);
        _file.ReadExactly(_sealed.AsSpan(0, count + TagSize));
        try
        {
            _cipher!.Decrypt(Nonce(chunk), _sealed.AsSpan(0, count), _sealed.AsSpan(count, TagSize), _chunk.AsSpan(0, count));
        }
        catch (CryptographicException)
        {
            throw new IOException("The temporary file was changed while it was in use.");
        }

        _openChunk = chunk;
    }
}
