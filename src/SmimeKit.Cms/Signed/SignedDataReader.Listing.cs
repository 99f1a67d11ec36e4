using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <content>Who signed, without verifying.</content>
public sealed partial class SignedDataReader
{
    /// <summary>Lists who signed, in place of <see cref="CompleteAsync"/>: nothing is digested and nothing is verified.</summary>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The identifiers of the signers whose SignerInfo can be read. They are claims.</returns>
    /// <remarks>The signers stand behind the content (RFC 5652 §5.1), which is passed over.</remarks>
    /// <exception cref="MalformedDataException">The input does not end as SignedData does.</exception>
    /// <exception cref="LimitExceededException">There are more or larger fields than the limits admit.</exception>
    public ValueTask<IReadOnlyList<CertificateIdentifier>> ListSignersAsync(CancellationToken cancellationToken = default)
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(ListSignersCoreAsync(cancellationToken));
    }

    /// <inheritdoc cref="ListSignersAsync"/>
    public IReadOnlyList<CertificateIdentifier> ListSigners()
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        return PoisonOnErrorAsync(ListSignersCoreAsync(CancellationToken.None)).Finish();
    }

    private async ValueTask<IReadOnlyList<CertificateIdentifier>> ListSignersCoreAsync(CancellationToken cancellationToken)
    {
        _digester.Dispose();
        _digester = new ContentDigester([]);
        (_, List<SignerInfoAsn?> signers) = await ReadRestAsync(cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        return [.. signers.OfType<SignerInfoAsn>().Select(s => s.Identifier)];
    }
}
