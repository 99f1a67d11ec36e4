using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Data;

/// <summary>Hands through content of a type that is not known, as it was received (RFC 5652 §3: the content is ANY).</summary>
/// <remarks>
/// In ContentInfo the content is one encoded value of any type, tag and length included; nothing is taken off it, not even the wrapper of
/// an OCTET STRING, since only the definition of the type says what it means. Inside another layer
/// (<c>CmsReader.OpenNestedAsync</c>) it is all octets of that layer's content, encoded or not. Nothing is interpreted or verified.
/// </remarks>
public sealed class UnknownContentReader : CmsContentReader
{
    private const string ContentField = "contentInfo.content";

    private UnknownContentReader(CmsInput input, CmsReaderOptions options)
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

    internal static async ValueTask<UnknownContentReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        var reader = new UnknownContentReader(input, options);
        try
        {
            if (input.IsNested)
            {
                input.Ber.BeginRest();
            }
            else
            {
                await input.Ber.BeginValueAsync(ContentField, cancellationToken).ConfigureAwait(false);
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
