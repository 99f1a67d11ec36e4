using System.Security.Cryptography;

namespace SmimeKit.Tool.Files;

/// <summary>Counts and digests what is written, on its way to the output. Something can be put before the first octet.</summary>
internal sealed class DigestingStream(Stream output) : Stream
{
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Count;

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    /// <summary>Gets or sets what is written before the first octet, if there is one.</summary>
    internal ReadOnlyMemory<byte> Prefix { get; set; }

    /// <summary>Gets the number of bytes written so far.</summary>
    internal long Count { get; private set; }

    /// <summary>Gets the SHA-256 of what was written so far.</summary>
    internal byte[] CurrentDigest => _digest.GetCurrentHash();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ReadOnlySpan<byte> prefix = TakePrefix().Span;
        output.Write(prefix);
        Note(prefix);
        output.Write(buffer);
        Note(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadOnlyMemory<byte> prefix = TakePrefix();
        if (!prefix.IsEmpty)
        {
            await output.WriteAsync(prefix, cancellationToken).ConfigureAwait(false);
            Note(prefix.Span);
        }

        await output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        Note(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> TakePrefix()
    {
        ReadOnlyMemory<byte> prefix = Prefix;
        Prefix = default;
        return prefix;
    }

    private void Note(ReadOnlySpan<byte> octets)
    {
        Count += octets.Length;
        _digest.AppendData(octets);
    }
}
