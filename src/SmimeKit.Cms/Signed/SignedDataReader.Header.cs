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
        await Ber.EnterAsync(Sequence, "encapContentInfo", cancellationToken).ConfigureAwait(false);
        EncapsulatedContentType = await Input.ReadOidAsync("encapContentInfo.eContentType", cancellationToken).ConfigureAwait(false);
        _digester = new ContentDigester(ChooseDigests(), ChooseKeeping());
        if (await Ber.TryEnterAsync(ExplicitContent, ContentField, cancellationToken).ConfigureAwait(false))
        {
            await BeginContentAsync(cancellationToken).ConfigureAwait(false);
            Phase = ReaderPhase.Content;
        }
        else
        {
            // RFC 5652 §5.2: the content is absent, which is not the same as empty.
            await Ber.LeaveAsync("encapContentInfo", cancellationToken).ConfigureAwait(false);
            IsDetached = _contentMissing = true;
            Phase = ReaderPhase.ContentEnded;
        }
    }

    private async ValueTask BeginContentAsync(CancellationToken cancellationToken)
    {
        BerHeader? header = await Ber.PeekAsync(ContentField, cancellationToken).ConfigureAwait(false);
        bool isOctetString = header is { } value && (value.Identifier & ~0x20) == OctetString;
        if (isOctetString || EncapsulatedContentType == Oids.Data || !Options.Policy.ToleratesDeviations)
        {
            await Ber.BeginOctetStringAsync(OctetString, ContentField, cancellationToken).ConfigureAwait(false);
            return;
        }

        // RFC 5652 §5.2.1: PKCS #7 puts the value itself here, and digests its contents octets (Authenticode does still).
        await Ber.BeginContentsAsync(ContentField, cancellationToken).ConfigureAwait(false);
        _deviations.Add("pkcs7-content");
    }

    // An empty set is legal (R3369-5.1-e): then every usual digest is computed, since no second pass is possible.
    private IEnumerable<DigestAlgorithm> ChooseDigests() =>
        DigestAlgorithms.Count == 0
            ? DigestAlgorithm.Usual
            : DigestAlgorithms.Select(a => DigestAlgorithm.Find(a)).OfType<DigestAlgorithm>();

    // A signature may turn out to be over the content itself only without attributes, which other types than data forbid (§5.3).
    private int ChooseKeeping() => EncapsulatedContentType == Oids.Data ? Options.Limits.MaxContentSignedWhole : 0;
}
