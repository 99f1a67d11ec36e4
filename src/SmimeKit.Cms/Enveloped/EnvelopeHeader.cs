using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>What EnvelopedData and AuthEnvelopedData hold before the ciphertext, RFC 5652 §6.1 and RFC 5083 §2.1.</summary>
internal sealed class EnvelopeHeader
{
    internal required RecipientsHeader Start { get; init; }

    internal required EncryptedContentInfoHeader ContentInfo { get; init; }

    /// <summary>Enters the value and reads up to the first octet of the ciphertext.</summary>
    internal static async ValueTask<EnvelopeHeader> ReadAsync(CmsInput input, string name, CancellationToken cancellationToken)
    {
        RecipientsHeader start = await RecipientsHeader.ReadAsync(input, name, cancellationToken).ConfigureAwait(false);
        try
        {
            return new EnvelopeHeader
            {
                Start = start,
                ContentInfo = await EncryptedContentInfoHeader.ReadAsync(input, cancellationToken).ConfigureAwait(false),
            };
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }
}
