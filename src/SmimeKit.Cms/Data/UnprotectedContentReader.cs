using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Data;

/// <summary>Reads content that is all of the message: nothing stands before it or behind it, and nothing protects it.</summary>
public abstract class UnprotectedContentReader : CmsContentReader
{
    private protected const string ContentField = "contentInfo.content";

    private protected UnprotectedContentReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
    }

    /// <summary>Reads what is left of the content, and refuses bytes behind it.</summary>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the message has been read.</returns>
    /// <exception cref="MalformedDataException">The input does not end as it should.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        await PoisonOnErrorAsync(CompleteCoreAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public void Complete()
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        PoisonOnErrorAsync(CompleteCoreAsync(CancellationToken.None)).Finish();
    }

    /// <summary>Begins the content of a message that does not stand inside another layer.</summary>
    private protected abstract ValueTask BeginAsync(CancellationToken cancellationToken);

    /// <summary>Begins the content; inside another layer it is the octets of that (RFC 5652 §5.2). Disposes the reader on failure.</summary>
    private protected static async ValueTask<TReader> BeginAsync<TReader>(TReader reader, CancellationToken cancellationToken)
        where TReader : UnprotectedContentReader
    {
        try
        {
            if (reader.Input.IsNested)
            {
                reader.Input.Ber.BeginRest();
            }
            else
            {
                await reader.BeginAsync(cancellationToken).ConfigureAwait(false);
            }

            reader.Phase = ReaderPhase.Content;
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private protected override ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        Input.Ber.ReadBegunAsync(destination, ContentField, cancellationToken);

    private async ValueTask<long> CompleteCoreAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        return ContentLength;
    }
}
