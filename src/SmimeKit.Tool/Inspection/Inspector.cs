using MimeKit;
using MimeKit.IO;
using MimeKit.IO.Filters;
using MimeKit.Utils;
using SmimeKit.Cms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Compressed;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>Looks at the structure of a mail or a CMS message, without keys and without judging anything.</summary>
internal sealed class Inspector(LimitChoice limits, DateTimeOffset at, bool listsElements)
{
    // What is a structure of its own inside another layer, by content type: signed, enveloped, digested, encrypted, authenticated, compressed,
    // authEnveloped.
    private static readonly string[] _nestedTypes =
    [
        "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.3", "1.2.840.113549.1.7.5", "1.2.840.113549.1.7.6",
        "1.2.840.113549.1.9.16.1.2", "1.2.840.113549.1.9.16.1.9", "1.2.840.113549.1.9.16.1.23",
    ];

    private int _depth;

    private readonly InflateBudget _inflateBudget = new(limits.Cms);

    private CmsReaderOptions Options =>
        new() { Limits = limits.Cms, Policy = Cms.Policy.CmsPolicy.Legacy, InflateBudget = _inflateBudget };

    /// <summary>Lists the parts of a mail or another entity.</summary>
    /// <param name="entity">The entity; seekable.</param>
    /// <param name="path">What to call its root.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    internal async ValueTask<IReadOnlyList<InspectedPart>> ReadEntityAsync(Stream entity, string path, CancellationToken cancellationToken)
    {
        entity.Position = 0;
        var reader = new PartReader(entity, limits.Mail, path);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (InspectedPart part in reader.Parts.Where(p => p.LooksLikeCms))
        {
            part.Cms = await ReadMessageAsync(() => OpenBody(entity, part), part.Path + ">", cancellationToken).ConfigureAwait(false);
        }

        return reader.Parts;
    }

    /// <summary>Reads a CMS message, once for its fields and once for its values.</summary>
    internal async ValueTask<InspectedCms> ReadMessageAsync(Func<Stream> open, string path, CancellationToken cancellationToken)
    {
        if (_depth >= limits.Mail.MaxLayers)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxLayers), limits.Mail.MaxLayers);
        }

        _depth++;
        var found = new InspectedCms();
        try
        {
            Stream message = open();
            await using (message.ConfigureAwait(false))
            {
                using CmsContentReader cms = await CmsReader.OpenAsync(message, Options, cancellationToken).ConfigureAwait(false);
                await ReadLayerAsync(cms, found, path, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SmimeKitException exception)
        {
            found.Failure = Failure.From(exception);
            found.ContentType ??= exception is UnsupportedAlgorithmException unsupported ? unsupported.Oid : null;
        }
        finally
        {
            _depth--;
        }

        if (listsElements)
        {
            await ListElementsAsync(open, found, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    private async Task ReadLayerAsync(CmsContentReader cms, InspectedCms found, string path, CancellationToken cancellationToken)
    {
        found.ContentType = cms.ContentType;
        if (cms is SignedDataReader signed)
        {
            await ReadSignedAsync(signed, found, path, cancellationToken).ConfigureAwait(false);
        }
        else if (cms is EncryptedContentReader encrypted)
        {
            found.EncapsulatedContentType = encrypted.EncapsulatedContentType;
            found.Recipients = encrypted.Recipients;
            found.Carried = encrypted.Originator;
            found.Fields.Add(("version", FormattableString.Invariant($"{encrypted.Version}")));
            found.Fields.Add(("cipher", OidNames.Of(encrypted.ContentEncryptionAlgorithm.Oid)));
        }
        else if (cms is EncryptedDataReader unaddressed)
        {
            found.EncapsulatedContentType = unaddressed.EncapsulatedContentType;
            found.Fields.Add(("version", FormattableString.Invariant($"{unaddressed.Version}")));
            found.Fields.Add(("cipher", OidNames.Of(unaddressed.ContentEncryptionAlgorithm.Oid)));
        }
        else if (cms is DataReader data)
        {
            await ReadContentAsync(data.Content, found, path, cancellationToken).ConfigureAwait(false);
            await data.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (cms is DigestedDataReader digested)
        {
            await ReadDigestedAsync(digested, found, path, cancellationToken).ConfigureAwait(false);
        }
        else if (cms is CompressedDataReader compressed)
        {
            await ReadCompressedAsync(compressed, found, path, cancellationToken).ConfigureAwait(false);
        }
        else if (cms is AuthenticatedDataReader authenticated)
        {
            found.EncapsulatedContentType = authenticated.EncapsulatedContentType;
            found.Recipients = authenticated.Recipients;
            found.Carried = authenticated.Originator;
            found.Fields.Add(("version", FormattableString.Invariant($"{authenticated.Version}")));
            found.Fields.Add(("mac", OidNames.Of(authenticated.MacAlgorithm.Oid)));
            found.Fields.Add(("digest", authenticated.DigestAlgorithm is null ? "none" : OidNames.Digest(authenticated.DigestAlgorithm)));
        }
        else
        {
            throw new UnsupportedAlgorithmException(cms.ContentType, $"The content type {cms.ContentType} is not supported.");
        }
    }

    private async Task ReadCompressedAsync(CompressedDataReader compressed, InspectedCms found, string path, CancellationToken cancellationToken)
    {
        found.EncapsulatedContentType = compressed.EncapsulatedContentType;
        found.Fields.Add(("compression", OidNames.Of(compressed.CompressionAlgorithm.Oid)));
        await ReadContentAsync(compressed.Content, found, path, cancellationToken).ConfigureAwait(false);
        CompressedDataReport report = await compressed.CompleteAsync(cancellationToken).ConfigureAwait(false);
        found.Fields.Add(("content", FormattableString.Invariant($"{report.ContentLength} bytes from {report.CompressedLength}")));
    }

    private async Task ReadDigestedAsync(DigestedDataReader digested, InspectedCms found, string path, CancellationToken cancellationToken)
    {
        found.EncapsulatedContentType = digested.EncapsulatedContentType;
        found.Fields.Add(("digest", OidNames.Digest(digested.DigestAlgorithm)));
        found.Fields.Add(("detached", digested.IsDetached ? "yes" : "no"));
        if (!digested.IsDetached)
        {
            await ReadContentAsync(digested.Content, found, path, cancellationToken).ConfigureAwait(false);
        }

        DigestedDataReport report = await digested.CompleteAsync(at, cancellationToken).ConfigureAwait(false);
        found.Fields.Add(("content", FormattableString.Invariant($"{report.ContentLength} bytes")));
    }

    private async Task ReadSignedAsync(SignedDataReader signed, InspectedCms found, string path, CancellationToken cancellationToken)
    {
        found.EncapsulatedContentType = signed.EncapsulatedContentType;
        found.Fields.Add(("digests", string.Join(", ", signed.DigestAlgorithms.Select(OidNames.Digest))));
        found.Fields.Add(("detached", signed.IsDetached ? "yes" : "no"));
        if (signed.IsDetached)
        {
            await signed.DigestDetachedAsync(Stream.Null, cancellationToken).ConfigureAwait(false); // nothing is verified here
        }
        else
        {
            await ReadContentAsync(signed.Content, found, path, cancellationToken).ConfigureAwait(false);
        }

        SignedDataReport report = await signed.CompleteAsync(at, null, cancellationToken).ConfigureAwait(false);
        found.Signers.AddRange(report.Signers);
        found.Carried = report.Carried;
        if (!signed.IsDetached)
        {
            found.Fields.Add(("content", FormattableString.Invariant($"{report.ContentLength} bytes")));
        }
    }

    private async Task ReadContentAsync(Stream content, InspectedCms found, string path, CancellationToken cancellationToken)
    {
        if (found.EncapsulatedContentType is { } type && _nestedTypes.Contains(type))
        {
            found.Nested = new InspectedCms();
            using CmsContentReader nested = await CmsReader
                .OpenNestedAsync(content, type, Options, cancellationToken).ConfigureAwait(false);
            await ReadLayerAsync(nested, found.Nested, path, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var spool = new EncryptedSpool(limits.Cms, null);
        await content.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
        spool.Position = 0;
        byte[] beginning = new byte[InputDetector.BeginningSize];
        int count = await spool.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (InputDetector.Detect(beginning.AsSpan(0, count)) == InputKind.Mail)
        {
            found.Content = await ReadEntityAsync(spool, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ListElementsAsync(Func<Stream> open, InspectedCms found, CancellationToken cancellationToken)
    {
        Stream message = open();
        await using (message.ConfigureAwait(false))
        {
            try
            {
                await foreach (CmsElement element in CmsStructure.ReadAsync(message, limits.Cms, cancellationToken: cancellationToken).ConfigureAwait(false))
                {
                    found.Elements.Add(element);
                }
            }
            catch (SmimeKitException exception)
            {
                found.Failure ??= Failure.From(exception);
            }
        }
    }

    private static FilteredStream OpenBody(Stream entity, InspectedPart part)
    {
        var body = new BoundStream(entity, part.BodyOffset, part.EndOffset, leaveOpen: true);
        var decoded = new FilteredStream(body);
        if (MimeUtils.TryParse(part.TransferEncoding ?? "", out ContentEncoding encoding) && encoding is not ContentEncoding.Default)
        {
            decoded.Add(DecoderFilter.Create(encoding));
        }

        return decoded;
    }
}
