using System.Buffers;
using System.Security.Cryptography;

namespace SmimeKit.Cms.Streaming;

/// <summary>The content of a layer as a write-only stream. Disposing it does nothing: the writer is what is completed and disposed.</summary>
internal sealed class ContentWriteStream(Func<ReadOnlyMemory<byte>, bool, CancellationToken, ValueTask> write) : Stream
{
    private const int CopySize = 64 * 1024;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        write(buffer.AsMemory(offset, count), true, CancellationToken.None).Finish();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // A span cannot cross the state machine; one pooled copy is the price of this overload.
        byte[] copy = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, CopySize));
        int used = Math.Min(buffer.Length, copy.Length);
        try
        {
            while (!buffer.IsEmpty)
            {
                int count = Math.Min(buffer.Length, copy.Length);
                buffer[..count].CopyTo(copy);
                write(copy.AsMemory(0, count), true, CancellationToken.None).Finish();
                buffer = buffer[count..];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy.AsSpan(0, used));
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        write(buffer, false, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return write(buffer.AsMemory(offset, count), false, cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
