using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>The octets of the ciphertext: from the message as it arrives, or kept, to be read more than once.</summary>
internal sealed class CiphertextSource(BerTokenizer ber, CmsReaderOptions options) : IDisposable
{
    private const string Field = "encryptedContentInfo.encryptedContent";

    private EncryptedSpool? _kept;

    /// <summary>Fills a buffer as far as there are octets: fewer only at the end.</summary>
    internal async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int count = _kept is null
                ? await ber.ReadOctetsAsync(buffer[filled..], Field, cancellationToken).ConfigureAwait(false)
                : _kept.Read(buffer.Span[filled..]);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }

        return filled;
    }

    /// <summary>Gets the length of what is kept.</summary>
    internal long KeptLength => _kept!.Length;

    /// <summary>Reads all that is left of the message's ciphertext and keeps it; once it is kept, goes back to its start.</summary>
    internal async ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        if (_kept is not null)
        {
            Rewind();
            return;
        }

        var spool = new EncryptedSpool(options.Limits, options.SpoolFolder);
        try
        {
            int count;
            while ((count = await FillAsync(spool.GetBuffer(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                spool.Advance(count);
            }
        }
        catch
        {
            spool.Dispose();
            throw;
        }

        _kept = spool;
        Rewind();
    }

    /// <summary>Goes back to the start of what is kept.</summary>
    internal void Rewind() => _kept!.Rewind();

    public void Dispose() => _kept?.Dispose();
}
