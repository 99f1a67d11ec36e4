using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>One layer of CMS, written in one forward pass: open over an output, write the content, complete.</summary>
/// <remarks>
/// Writers nest: the content stream of one is the output of the next. Only a completed writer leaves a whole message; disposing it
/// earlier leaves a truncated one that no reader accepts. The output stream is never closed.
/// </remarks>
public abstract class CmsContentWriter : IAsyncDisposable, IDisposable
{
    private readonly ByteSink _sink;
    private readonly ContentSinkStream _content;
    private readonly long? _expectedLength;
    private bool _completed;
    private bool _failed;
    private bool _disposed;

    private protected CmsContentWriter(Stream output, long? contentLength)
    {
        _sink = new ByteSink(output);
        _expectedLength = contentLength;
        Ber = new BerWriter(_sink);
        _content = new ContentSinkStream(WriteGuardedAsync);
    }

    /// <summary>Gets the stream that takes the content. Disposing it does nothing.</summary>
    public Stream Content => _content;

    /// <summary>Gets the number of content bytes written so far.</summary>
    public long ContentLength { get; private set; }

    private protected BerWriter Ber { get; }

    /// <summary>Ends the content and writes what follows it.</summary>
    /// <exception cref="InvalidOperationException">The content is not as long as announced, or the writer has ended already.</exception>
    public void Complete() => CompleteGuardedAsync(synchronous: true, CancellationToken.None).Finish();

    /// <summary>Ends the content and writes what follows it.</summary>
    /// <param name="cancellationToken">Ends the operation; the output is then not a whole message.</param>
    /// <returns>A task that ends when everything is in the output stream.</returns>
    /// <exception cref="InvalidOperationException">The content is not as long as announced, or the writer has ended already.</exception>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) =>
        CompleteGuardedAsync(synchronous: false, cancellationToken);

    /// <summary>Releases the buffers, and wipes the keys. The output stream stays open.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Release();
            _content.Release();
            Ber.Dispose();
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

    private protected bool Synchronous
    {
        set => _sink.Synchronous = value;
    }

    /// <summary>Writes content.</summary>
    private protected abstract ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Writes everything after the content.</summary>
    private protected abstract ValueTask WriteTailAsync(CancellationToken cancellationToken);

    /// <summary>Releases what the derived writer holds.</summary>
    private protected virtual void Release()
    {
    }

    private async ValueTask WriteGuardedAsync(ReadOnlyMemory<byte> content, bool synchronous, CancellationToken cancellationToken)
    {
        EnsureWritable();
        Synchronous = synchronous;
        _failed = true;
        ContentLength += content.Length;
        if (ContentLength > _expectedLength)
        {
            throw new InvalidOperationException("The content is longer than announced.");
        }

        await WriteContentAsync(content, cancellationToken).ConfigureAwait(false);
        _failed = false;
    }

    private async ValueTask CompleteGuardedAsync(bool synchronous, CancellationToken cancellationToken)
    {
        EnsureWritable();
        Synchronous = synchronous;
        _failed = true;
        if (_expectedLength is { } expected && ContentLength != expected)
        {
            throw new InvalidOperationException("The content is shorter than announced.");
        }

        await WriteTailAsync(cancellationToken).ConfigureAwait(false);
        await Ber.FlushAsync(cancellationToken).ConfigureAwait(false);
        _failed = false;
        _completed = true;
    }

    private void EnsureWritable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failed || _completed)
        {
            throw new InvalidOperationException(_failed ? "The writer has failed before." : "The writer has completed.");
        }
    }
}
