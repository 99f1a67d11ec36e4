using System.Text;
using MimeKit;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <content>CMS that is no mail: content of any type, and content that lies beside its signature.</content>
internal sealed partial class LayerPeeler
{
    private const int BeginningSize = 256; // enough for the content type of a message, transfer-encoded or not

    /// <summary>Peels a message that is CMS without MIME around it.</summary>
    internal async ValueTask<SmimeReport> PeelCmsMessageAsync(Stream message, CancellationToken cancellationToken)
    {
        using var source = new LookaheadStream(message);
        if (!options.PeelsSignatures && await IsSignedDataAsync(source, ContentEncoding.Binary, cancellationToken).ConfigureAwait(false))
        {
            await CopyAsync(source, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            using CmsContentReader cms = await CmsReader.OpenAsync(source, CmsOptions, cancellationToken).ConfigureAwait(false);
            await PeelCmsLayerAsync(cms, RootPart, isMime: false, cancellationToken).ConfigureAwait(false);
        }

        return await ReportAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Verifies a detached signature over content that lies beside it.</summary>
    internal async ValueTask<SmimeReport> VerifyDetachedAsync(Stream signature, Stream content, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> octets = await ReadSignatureAsync(signature, cancellationToken).ConfigureAwait(false);
        using var span = new SignedSpan(
            await ReadDigestsAsync(octets, cancellationToken).ConfigureAwait(false),
            keepLimit: options.Limits.MaxContentInMemory,
            keepWhole: options.Limits.MaxContentInMemory);
        int layer = BeginLayer(new LayerReport { Kind = LayerKind.Signed, Form = "signed-data", Part = RootPart });
        await DigestAsync(content, span, cancellationToken).ConfigureAwait(false);
        EndSignedLayer(layer, await VerifySpanAsync(octets, span, again: null, cancellationToken).ConfigureAwait(false));
        return await ReportAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Goes on with what a CMS layer holds. Inside S/MIME that is a MIME entity (RFC 8551 §3.1); elsewhere it is one if it begins like
    /// one, and otherwise the octets wanted.
    /// </summary>
    private async Task PeelContentAsync(
        Stream content, string contentType, string part, bool isMime, CancellationToken cancellationToken)
    {
        if (IsPeeled(contentType))
        {
            using CmsContentReader nested = await CmsReader
                .OpenNestedAsync(content, contentType, CmsOptions, cancellationToken).ConfigureAwait(false);
            await PeelCmsLayerAsync(nested, part, isMime, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var source = new LookaheadStream(content);
        bool isEntity = isMime || (contentType == Oids.Data && await BeginsWithMimeFieldAsync(source, cancellationToken).ConfigureAwait(false));
        await (isEntity
            ? PeelEntityAsync(source, part, EntityPlace.Nested, cancellationToken)
            : CopyAsync(source, cancellationToken)).ConfigureAwait(false);
    }

    // RFC 5652 §5.2, §6.1: the inner layer stands without ContentInfo, and the content type of the outer one names it.
    private bool IsPeeled(string contentType) =>
        contentType is Oids.EnvelopedData or Oids.AuthEnvelopedData || (contentType == Oids.SignedData && options.PeelsSignatures);

    private async Task CopyAsync(LookaheadStream source, CancellationToken cancellationToken)
    {
        using var tee = new TeeStream(source, output, contentDigest);
        await tee.CopyToAsync(Stream.Null, 64 * 1024, cancellationToken).ConfigureAwait(false);
        _contentLength = tee.Count;
    }

    private static async ValueTask<bool> BeginsWithMimeFieldAsync(LookaheadStream source, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> beginning = await source.PeekAsync("MIME-Version:".Length, cancellationToken).ConfigureAwait(false);
        return Begins(beginning.Span, "Content-"u8) || Begins(beginning.Span, "MIME-Version:"u8);
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);

    private static async ValueTask<bool> IsSignedDataAsync(
        LookaheadStream source, ContentEncoding encoding, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> beginning = await source.PeekAsync(BeginningSize, cancellationToken).ConfigureAwait(false);
        using Stream decoded = TransferDecodingStream.Wrap(new ReadOnlyMemoryStream(beginning), encoding);
        byte[] octets = new byte[BeginningSize];
        int count = await decoded.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return CmsReader.FindContentType(octets.AsSpan(0, count)) == Oids.SignedData;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadSignatureAsync(Stream signature, CancellationToken cancellationToken)
    {
        int limit = options.Limits.MaxSignatureSize;
        byte[] octets = new byte[4096];
        int count = 0;
        int read;
        while ((read = await signature.ReadAsync(octets.AsMemory(count), cancellationToken).ConfigureAwait(false)) > 0)
        {
            count += read;
            if (count > limit)
            {
                throw new LimitExceededException(nameof(SmimeLimits.MaxSignatureSize), limit);
            }

            if (count == octets.Length)
            {
                Array.Resize(ref octets, Math.Min(octets.Length * 2, limit + 1));
            }
        }

        return octets.AsMemory(0, count);
    }

    private async ValueTask<IReadOnlyCollection<DigestAlgorithm>> ReadDigestsAsync(
        ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        using Stream stream = new ReadOnlyMemoryStream(signature);
        using SignedDataReader signed = await SignedDataReader.OpenAsync(stream, CmsOptions, cancellationToken).ConfigureAwait(false);
        List<DigestAlgorithm> named = [.. signed.DigestAlgorithms.Select(a => DigestAlgorithm.Find(a)).OfType<DigestAlgorithm>()];
        return named.Count > 0 ? named : DigestAlgorithm.Usual;
    }

    private async ValueTask DigestAsync(Stream content, SignedSpan span, CancellationToken cancellationToken)
    {
        byte[] buffer = PooledBytes.Rent(64 * 1024);
        int used = 0;
        try
        {
            int count;
            while ((count = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                used = Math.Max(used, count);
                span.Append(buffer.AsSpan(0, count));
                contentDigest?.AppendData(buffer.AsSpan(0, count));
                _contentLength += count;
            }
        }
        finally
        {
            PooledBytes.Return(ref buffer, used);
        }
    }
}
