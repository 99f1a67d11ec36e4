using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>One layer of CMS, read in one forward pass: header facts, then provisional content, then a report.</summary>
/// <remarks>
/// Everything read from <see cref="Content"/> is provisional until the reader has completed. Disposing earlier verifies nothing. An
/// error is final. The input stream is never closed.
/// </remarks>
public abstract class CmsContentReader : IAsyncDisposable, IDisposable
{
    private const int DrainSize = 64 * 1024;

    private readonly CmsInput _input;
    private readonly ContentStream _content;

    private protected CmsContentReader(CmsInput input, CmsReaderOptions options)
    {
        _input = input;
        Options = options;
        _content = new ContentStream(ReadGuardedAsync);
    }

    /// <summary>Gets the content type of this layer as an object identifier.</summary>
    public string ContentType => _input.ContentType;

    /// <summary>Gets the content, provisional until the reader has completed. Forward-only; disposing it does nothing.</summary>
    /// <exception cref="InvalidOperationException">The content is not accessible yet: the layer is encrypted and not unlocked.</exception>
    public Stream Content => Phase is ReaderPhase.Opened
        ? throw new InvalidOperationException("The content is not accessible yet.")
        : _content;

    /// <summary>Gets the number of content bytes read so far.</summary>
    public long ContentLength { get; private set; }

    internal CmsReaderOptions Options { get; }

    private protected ReaderPhase Phase { get; set; }

    private protected CmsInput Input => _input;

    /// <summary>Releases the buffers, and wipes the keys. The input stream stays open.</summary>
    public void Dispose()
    {
        if (Phase != ReaderPhase.Disposed)
        {
            Phase = ReaderPhase.Disposed;
            Release();
            _content.Release();
            _input.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads content; 0 at its end. Called only in the phase <see cref="ReaderPhase.Content"/>.</summary>
    private protected abstract ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Releases what the derived reader holds.</summary>
    private protected virtual void Release()
    {
    }

    /// <summary>Reads what is left of the content and drops it.</summary>
    private protected async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (Phase != ReaderPhase.Content)
        {
            return;
        }

        byte[] buffer = PooledBytes.Rent(DrainSize);
        int used = 0;
        try
        {
            int count;
            while ((count = await ReadPhasedAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                used = Math.Max(used, count);
            }
        }
        finally
        {
            PooledBytes.Return(ref buffer, used);
        }
    }

    /// <summary>Refuses calls in the wrong phase.</summary>
    private protected void Expect(ReaderPhase first, ReaderPhase second)
    {
        ObjectDisposedException.ThrowIf(Phase == ReaderPhase.Disposed, this);
        if (Phase != first && Phase != second)
        {
            throw new InvalidOperationException(Phase == ReaderPhase.Failed
                ? "The reader has failed before."
                : $"The call does not fit the phase {Phase}.");
        }
    }

    /// <summary>Marks the reader as failed when the operation ends with an exception.</summary>
    private protected async ValueTask<T> PoisonOnErrorAsync<T>(ValueTask<T> operation)
    {
        bool succeeded = false;
        try
        {
            T result = await operation.ConfigureAwait(false);
            succeeded = true;
            return result;
        }
        finally
        {
            if (!succeeded && Phase != ReaderPhase.Disposed)
            {
                Phase = ReaderPhase.Failed;
            }
        }
    }

    private ValueTask<int> ReadGuardedAsync(Memory<byte> destination, bool synchronous, CancellationToken cancellationToken)
    {
        if (Phase is ReaderPhase.ContentEnded or ReaderPhase.Completed)
        {
            return new ValueTask<int>(0);
        }

        Expect(ReaderPhase.Content, ReaderPhase.Content);
        _input.Synchronous = synchronous;
        return PoisonOnErrorAsync(ReadPhasedAsync(destination, cancellationToken));
    }

    private async ValueTask<int> ReadPhasedAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = await ReadContentAsync(destination, cancellationToken).ConfigureAwait(false);
        ContentLength += count;
        if (count == 0 && !destination.IsEmpty)
        {
            Phase = ReaderPhase.ContentEnded;
        }

        return count;
    }
}
