using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <content>What precedes the content.</content>
public sealed partial class SignedDataReader
{
    internal static async ValueTask<SignedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken, SignatureBudget? budget = null)
    {
        var reader = new SignedDataReader(input, options) { Budget = budget };
        try
        {
            await reader.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (Input.ContentType != Oids.SignedData)
        {
            throw Ber.Malformed("not-signed-data", "The content type is not signed-data", "contentInfo.contentType");
        }

        await Ber.EnterAsync(Sequence, "signedData", cancellationToken).ConfigureAwait(false);
        _version = await Input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        DigestAlgorithms =
            (await DigestAlgorithmSet.ReadAsync(Ber, Options.Limits, cancellationToken).ConfigureAwait(false)).Identifiers;
        _content = await EncapsulatedContent.BeginAsync(Input, Options.Policy, cancellationToken).ConfigureAwait(false);
        _digester = new ContentDigester(ChooseDigests(), ChooseKeeping());
        IsDetached = _contentMissing = !_content.IsPresent;
        Phase = _content.IsPresent ? ReaderPhase.Content : ReaderPhase.ContentEnded;
        if (_content.IsBareValue)
        {
            _deviations.Add(EncapsulatedContent.BareValueDeviation);
        }
    }

    // An empty set is legal (R3369-5.1-e): then every usual digest is computed, since no second pass is possible.
    private IEnumerable<DigestAlgorithm> ChooseDigests() =>
        DigestAlgorithms.Count == 0
            ? DigestAlgorithm.Usual
            : DigestAlgorithms.Select(a => DigestAlgorithm.Find(a)).OfType<DigestAlgorithm>();

    // A signature may turn out to be over the content itself only without attributes, which other types than data forbid (§5.3).
    private int ChooseKeeping() => EncapsulatedContentType == Oids.Data ? Options.Limits.MaxContentSignedWhole : 0;
}
