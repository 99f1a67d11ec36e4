using System.Buffers;
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
    private readonly List<byte[]> _memory = []; // the first chunks, all full but the last one
    private byte[]? _staging;                   // the chunk that is being written, or a chunk of the file that is being read
    private int _staged;
    private byte[]? _sealed;
    private FileStream? _file;
    private AesGcm? _cipher;
    private long _sealedChunks;
    private long _openChunk = NoChunk;
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

        while (!buffer.IsEmpty)
        {
            Span<byte> room = GetBuffer();
            int count = Math.Min(room.Length, buffer.Length);
            buffer[..count].CopyTo(room);
            Advance(count);
            buffer = buffer[count..];
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

        ReadOnlySpan<byte> available = OpenChunkAt(_position);
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

    /// <summary>Gets room for what comes next, to be filled from its start: a whole chunk whenever the last one is full.</summary>
    internal ArraySegment<byte> GetBuffer()
    {
        _staging ??= ArrayPool<byte>.Shared.Rent(ChunkSize);
        return new ArraySegment<byte>(_staging, _staged, ChunkSize - _staged);
    }

    /// <summary>Takes over what has been put into the buffer.</summary>
    internal void Advance(int count)
    {
        if (count > _limits.MaxSpoolSize - _length)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxSpoolSize), _limits.MaxSpoolSize);
        }

        _length += count;
        _staged += count;
        if (_staged == ChunkSize)
        {
            EndChunk();
        }
    }

    /// <summary>Ends the writing and goes to the start.</summary>
    internal void Rewind() => Position = 0;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_staging is not null)
        {
            _memory.Add(_staging);
            _staging = null;
        }

        foreach (byte[] chunk in _memory)
        {
            CryptographicOperations.ZeroMemory(chunk.AsSpan(0, (int)Math.Min(ChunkSize, _length)));
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _memory.Clear();
        _length = 0;
        _cipher?.Dispose();
        _file?.Dispose();
        _file = null;
        base.Dispose(disposing);
    }

    /// <summary>Creates a temporary file for this process only, which vanishes with its handle.</summary>
    internal static FileStream CreateFile(string folder)
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

    // The key is used for one spool only, so the number of the chunk in the file is a unique nonce.
    private static byte[] Nonce(long chunk)
    {
        byte[] nonce = new byte[NonceSize];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(NonceSize - sizeof(long)), chunk);
        return nonce;
    }

    private void EndWriting()
    {
        if (!_reading && _staged > 0)
        {
            EndChunk();
        }

        _reading = true;
    }

    // A whole chunk, or the last one, stays in memory while all of the content fits there.
    private void EndChunk()
    {
        if (_file is null && _length <= _limits.MaxContentInMemory)
        {
            _memory.Add(_staging!);
            _staging = null;
        }
        else
        {
            OpenFile();
            _cipher!.Encrypt(
                Nonce(_sealedChunks++), _staging.AsSpan(0, _staged), _sealed.AsSpan(0, _staged), _sealed.AsSpan(_staged, TagSize));
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

        if (_folder is { Length: 0 })
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxContentInMemory), _limits.MaxContentInMemory);
        }

        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        _sealed = new byte[ChunkSize + TagSize];
        _file = CreateFile(_folder ?? Path.GetTempPath());
    }

    /// <summary>What is left, from a position on, of the chunk there.</summary>
    private ReadOnlySpan<byte> OpenChunkAt(long position)
    {
        long chunk = position / ChunkSize;
        int start = (int)(position % ChunkSize);
        int count = (int)Math.Min(ChunkSize, _length - (chunk * ChunkSize));
        byte[] octets = chunk < _memory.Count ? _memory[(int)chunk] : OpenSealed(chunk - _memory.Count, count);
        return octets.AsSpan(start, count - start);
    }

    private byte[] OpenSealed(long chunk, int count)
    {
        if (chunk == _openChunk)
        {
            return _staging!;
        }

        _openChunk = NoChunk;
        _file!.Position = chunk * (ChunkSize + TagSize);
        _file.ReadExactly(_sealed.AsSpan(0, count + TagSize));
        try
        {
            _cipher!.Decrypt(Nonce(chunk), _sealed.AsSpan(0, count), _sealed.AsSpan(count, TagSize), _staging.AsSpan(0, count));
        }
        catch (CryptographicException)
        {
            throw new IOException("The temporary file was changed while it was in use.");
        }

        _openChunk = chunk;
        return _staging!;
    }
}
