using SmimeKit.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Data;

/// <summary>Reads a ContentInfo of type id-data, RFC 5652 §4: octets that nothing protects.</summary>
/// <remarks><code>Data ::= OCTET STRING</code></remarks>
public sealed class DataReader : CmsContentReader
{
    private const byte OctetString = 0x04;
    private const string ContentField = "contentInfo.content";

    private DataReader(CmsInput input, CmsReaderOptions options)
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

    internal static async ValueTask<DataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        var reader = new DataReader(input, options);
        try
        {
            if (input.IsNested)
            {
                input.Ber.BeginRest(); // the octets of the outer layer are the data (RFC 5652 §5.2)
            }
            else
            {
                await input.Ber.BeginOctetStringAsync(OctetString, ContentField, cancellationToken).ConfigureAwait(false);
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
