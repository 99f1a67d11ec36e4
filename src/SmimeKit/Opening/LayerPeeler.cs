using System.Collections.Immutable;
using System.Security.Cryptography;
using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <summary>
/// Peels the cryptographic envelope of one mail, layer by layer, in one pass: each layer's content is the input of the next, and the
/// innermost entity goes to the output as it comes.
/// </summary>
internal sealed partial class LayerPeeler(SmimeOpenOptions options, Stream output, IncrementalHash? contentDigest)
{
    private const string RootPart = "1";

    private readonly DateTimeOffset _at = options.Now;
    private readonly List<LayerReport?> _layers = [];
    private readonly List<OpenedSignature> _signatures = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _errantParts = [];

    private MessageContext _context = new();
    private RepeatableInput? _repeatable;
    private int _wrappers;
    private long _contentLength;

    private CmsReaderOptions CmsOptions => new()
    {
        Policy = options.Policy,
        Limits = options.CmsLimits,
        SpoolFolder = options.SpoolFolder,
    };

    /// <summary>Peels a whole message and reports on it.</summary>
    internal async ValueTask<SmimeReport> PeelMessageAsync(Stream message, CancellationToken cancellationToken)
    {
        _repeatable = RepeatableInput.Of(message);
        await PeelEntityAsync(message, RootPart, isRoot: true, cancellationToken).ConfigureAwait(false);
        return await ReportAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Peels a message that is CMS without MIME around it.</summary>
    internal async ValueTask<SmimeReport> PeelCmsMessageAsync(Stream message, CancellationToken cancellationToken)
    {
        using CmsContentReader cms = await CmsReader.OpenAsync(message, CmsOptions, cancellationToken).ConfigureAwait(false);
        await PeelCmsLayerAsync(cms, RootPart, cancellationToken).ConfigureAwait(false);
        return await ReportAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Verifies a detached signature over content that comes on its own, and peels the content.</summary>
    internal async ValueTask<SmimeReport> PeelDetachedAsync(Stream signature, Stream content, CancellationToken cancellationToken)
    {
        int layer = BeginLayer();
        using SignedDataReader signed = await SignedDataReader.OpenAsync(signature, CmsOptions, cancellationToken).ConfigureAwait(false);
        using var digests = new ContentDigester(FindDigests(signed));
        using (var digested = new DigestedStream(content, digests))
        {
            await PeelEntityAsync(digested, RootPart + ".1", isRoot: false, cancellationToken).ConfigureAwait(false);
            await digested.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false); // what lies behind an inner layer
        }

        signed.UseDigests(digests);
        SignedDataReport report = await CompleteSignedAsync(signed, cancellationToken).ConfigureAwait(false);
        EndSignedLayer(layer, LayerKind.Signed, "signed-data", RootPart, report);
        return await ReportAsync(cancellationToken).ConfigureAwait(false);
    }

    // An empty list of digests is legal; the signers then say at the end what they used.
    private static ImmutableArray<DigestAlgorithm> FindDigests(SignedDataReader signed) =>
        signed.DigestAlgorithms.Count == 0 ? DigestAlgorithm.BuiltIn
            : [.. signed.DigestAlgorithms.Select(a => DigestAlgorithm.Find(a)).OfType<DigestAlgorithm>()];

    private async ValueTask<SmimeReport> ReportAsync(CancellationToken cancellationToken)
    {
        var signatures = new List<SignatureReport>();
        var assessor = new SignatureAssessor(options, _context, _at);
        foreach (OpenedSignature opened in _signatures.OrderBy(s => s.Layer))
        {
            bool coversPlaintext = !_layers.Skip(opened.Layer + 1).Any(l => l!.Kind == LayerKind.Encrypted && options.Decrypts);
            SignatureReport signature = await assessor.AssessAsync(
                opened.Layer, opened.Signer, opened.Carried, coversPlaintext, opened.HasEmbeddedContent, cancellationToken).ConfigureAwait(false);
            signatures.Add(signature);
            AddTimeWarnings(opened.Signer);
            AddSenderWarning(signature);
        }

        return ReportBuilder.Build(
            [.. _layers.Select(l => l!)], signatures, _warnings, _errantParts, _contentLength, contentDigest?.GetCurrentHash() ?? []);
    }

    private async Task PeelEntityAsync(Stream entity, string part, bool isRoot, CancellationToken cancellationToken)
    {
        using var source = new LookaheadStream(entity);
        EntityHeader header = await EntityHeader.ReadAsync(source, options.Limits, cancellationToken).ConfigureAwait(false);
        if (isRoot)
        {
            _context = MessageContext.Read(header, options.Limits);
        }

        SmimeEntityKind kind = SmimeEntityDetector.Detect(header.ContentType, header.Disposition);
        if (header.HasDuplicateStructure && kind != SmimeEntityKind.Plain)
        {
            throw new MalformedDataException("duplicate-structural-header", "A header field that decides about the structure is repeated");
        }

        await (kind switch
        {
            SmimeEntityKind.SignedMultipart => PeelMultipartAsync(source, header, part, cancellationToken),
            SmimeEntityKind.Cms => PeelCmsAsync(source, header, part, cancellationToken),
            _ => CopyPlainAsync(source, header, part, cancellationToken),
        }).ConfigureAwait(false);
    }

    private async Task CopyPlainAsync(LookaheadStream source, EntityHeader header, string part, CancellationToken cancellationToken)
    {
        source.UnreadHeader();
        using var tee = new TeeStream(source, output, contentDigest);
        if (header.ContentType.IsMimeType("multipart", "*") || header.ContentType.IsMimeType("message", "rfc822"))
        {
            var finder = new ErrantPartFinder(tee, options.Limits, part);
            await ReadStructureAsync(finder, cancellationToken).ConfigureAwait(false);
            _errantParts.AddRange(finder.Found);
        }

        await tee.CopyToAsync(Stream.Null, 64 * 1024, cancellationToken).ConfigureAwait(false);
        _contentLength = tee.Count;
    }

    private async Task PeelCmsAsync(LookaheadStream source, EntityHeader header, string part, CancellationToken cancellationToken)
    {
        using Stream body = TransferDecodingStream.Wrap(source, header.TransferEncoding);
        using CmsContentReader cms = await CmsReader.OpenAsync(body, CmsOptions, cancellationToken).ConfigureAwait(false);
        if (header.ContentType.Parameters["smime-type"] is { } claimed && !IsSmimeTypeOf(claimed.Trim(), cms))
        {
            _warnings.Add("smime-type-mismatch"); // a hint only (RFC 8551 §3.2.2)
        }

        await PeelCmsLayerAsync(cms, part, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsSmimeTypeOf(string claimed, CmsContentReader cms) => cms switch
    {
        SignedDataReader => claimed.StartsWith("signed-", StringComparison.OrdinalIgnoreCase)
            || claimed.Equals("certs-only", StringComparison.OrdinalIgnoreCase),
        AuthEnvelopedDataReader => claimed.StartsWith("authEnveloped-", StringComparison.OrdinalIgnoreCase),
        EncryptedContentReader => claimed.StartsWith("enveloped-", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private Task PeelCmsLayerAsync(CmsContentReader cms, string part, CancellationToken cancellationToken) => cms switch
    {
        SignedDataReader signed => PeelSignedAsync(signed, part, cancellationToken),
        EncryptedContentReader encrypted => PeelEncryptedAsync(encrypted, part, cancellationToken),
        DataReader data => PeelDataAsync(data, part, cancellationToken),
        _ => throw new UnsupportedAlgorithmException(cms.ContentType, $"The content type {cms.ContentType} is not supported in mail."),
    };

    // Octets in a wrapper: no layer, since nothing is protected (RFC 5652 §4).
    private async Task PeelDataAsync(DataReader data, string part, CancellationToken cancellationToken)
    {
        if (++_wrappers > options.Limits.MaxLayers)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxLayers), options.Limits.MaxLayers);
        }

        await PeelEntityAsync(data.Content, part + ">", isRoot: false, cancellationToken).ConfigureAwait(false);
        await data.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task PeelSignedAsync(SignedDataReader signed, string part, CancellationToken cancellationToken)
    {
        int layer = BeginLayer();
        if (!signed.IsDetached)
        {
            await PeelEntityAsync(signed.Content, part + ">", isRoot: false, cancellationToken).ConfigureAwait(false);
        }

        SignedDataReport report = await CompleteSignedAsync(signed, cancellationToken).ConfigureAwait(false);
        bool certificatesOnly = report.Signers.IsEmpty;
        EndSignedLayer(layer, certificatesOnly ? LayerKind.CertificatesOnly : LayerKind.Signed, certificatesOnly ? "certs-only" : "signed-data", part, report);
    }

    private ValueTask<SignedDataReport> CompleteSignedAsync(SignedDataReader signed, CancellationToken cancellationToken) =>
        signed.CompleteAsync(_at, ResolveSignerAsync, cancellationToken);

    private async Task PeelEncryptedAsync(EncryptedContentReader encrypted, string part, CancellationToken cancellationToken)
    {
        int layer = BeginLayer();
        var report = new LayerReport
        {
            Kind = LayerKind.Encrypted,
            Form = encrypted is AuthEnvelopedDataReader ? "authEnveloped-data" : "enveloped-data",
            Part = part,
            Algorithm = ContentEncryptionAlgorithm.Find(encrypted.ContentEncryptionAlgorithm.Oid)?.Name ?? encrypted.ContentEncryptionAlgorithm.Oid,
            IsAuthenticated = encrypted is AuthEnvelopedDataReader,
            Recipients = [.. encrypted.Recipients],
        };
        if (!options.Decrypts)
        {
            _layers[layer] = report;
            return;
        }

        IReadOnlyList<IDecryptionKey> keys = await KeyFinder.FindAsync(options, encrypted.Recipients, cancellationToken).ConfigureAwait(false);
        await encrypted.DecryptAsync(keys, _at, cancellationToken).ConfigureAwait(false);
        await PeelEntityAsync(encrypted.Content, part + ">", isRoot: false, cancellationToken).ConfigureAwait(false);
        DecryptionReport decryption = await encrypted.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _layers[layer] = report with { Remarks = [.. decryption.Weaknesses, .. decryption.Deviations] };
    }

    private int BeginLayer()
    {
        if (_layers.Count >= options.Limits.MaxLayers)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxLayers), options.Limits.MaxLayers);
        }

        _layers.Add(null);
        return _layers.Count - 1;
    }

    private void EndSignedLayer(int layer, LayerKind kind, string form, string part, SignedDataReport report)
    {
        bool embedded = report.Deviations.Contains("embedded-content");
        _layers[layer] = new LayerReport { Kind = kind, Form = form, Part = part, SignedData = report, Remarks = report.Deviations };
        _signatures.AddRange(report.Signers.Select(s => new OpenedSignature(layer, s, report.Carried, embedded)));
    }

    private async ValueTask<IReadOnlyList<Certificate>> ResolveSignerAsync(CertificateIdentifier identifier, CancellationToken cancellationToken)
    {
        var candidates = new List<Certificate>(options.ExtraCertificates);
        foreach (ICertificateStore store in options.Stores)
        {
            IReadOnlyList<StoredCertificate> found = await store.FindAsync(identifier.ToQuery(), cancellationToken).ConfigureAwait(false);
            candidates.AddRange(found.Select(f => f.Certificate));
        }

        return candidates;
    }

    private void AddTimeWarnings(SignerReport signer)
    {
        if (signer.SigningTime is not { } time)
        {
            return;
        }

        // Thunderbird refuses such a mail; signing time stays a claim here and decides nothing.
        if (_context.Date is { } date && (time - date).Duration() > TimeSpan.FromHours(1))
        {
            _warnings.Add("date-mismatch");
        }

        if (time > _at + TimeSpan.FromMinutes(5))
        {
            _warnings.Add("signing-time-future");
        }
    }

    // RFC 8550 §3 lets the Sender sign for the author; readers that show only the author must know.
    private void AddSenderWarning(SignatureReport signature)
    {
        if (signature.MatchedAddress is { } matched && options.ExpectedAddress is null && _context.Author is { } author
            && !EmailAddressComparison.AreEqual(author, matched))
        {
            _warnings.Add("signed-by-sender");
        }
    }

    /// <summary>Lets MimeKit read to the end; its refusals become ours.</summary>
    private static async ValueTask ReadStructureAsync(MimeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadEntityAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            throw new MalformedDataException("mime-structure", "The MIME structure is malformed");
        }
    }

    /// <summary>A signer whose trust is judged when the whole envelope is known.</summary>
    private sealed record OpenedSignature(int Layer, SignerReport Signer, CarriedCertificates Carried, bool HasEmbeddedContent);
}
