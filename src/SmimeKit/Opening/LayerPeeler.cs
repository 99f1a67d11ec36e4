using System.Security.Cryptography;
using MimeKit;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <summary>
/// Peels the cryptographic envelope of one mail, layer by layer, in one pass: each layer's content is the input of the next, and the
/// innermost entity goes to the output as it comes.
/// </summary>
internal sealed partial class LayerPeeler(SmimeOpenOptions options, MessagePaths paths, Stream output, IncrementalHash? contentDigest)
{
    private const string RootPart = "1";

    private readonly DateTimeOffset _at = options.Now;
    private readonly List<LayerReport> _layers = [];
    private readonly List<OpenedSignature> _signatures = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _errantParts = [];

    private MessageContext _context = new();
    private RepeatableInput? _repeatable;
    private string? _innermostPart;
    private int _wrappers;
    private long _contentLength;

    private CmsReaderOptions CmsOptions => new()
    {
        Policy = options.Policy,
        Limits = options.CmsLimits,
        SpoolFolder = options.SpoolFolder,
    };

    /// <summary>Peels a whole mail and reports on it.</summary>
    internal async ValueTask<SmimeReport> PeelMessageAsync(Stream message, CancellationToken cancellationToken)
    {
        _repeatable = RepeatableInput.Of(message);
        using var source = new LookaheadStream(message);
        await PeelEntityAsync(source, RootPart, EntityPlace.Root, cancellationToken).ConfigureAwait(false);
        return await ReportAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SmimeReport> ReportAsync(CancellationToken cancellationToken)
    {
        var signatures = new List<SignatureReport>();
        var assessor = new SignatureAssessor(options, _context, paths, _at);
        foreach (OpenedSignature opened in _signatures.OrderBy(s => s.Layer))
        {
            bool coversPlaintext = !_layers.Skip(opened.Layer + 1).Any(l => l.Kind == LayerKind.Encrypted);
            SignatureReport signature = await assessor.AssessAsync(
                opened.Layer, opened.Signer, opened.Carried, coversPlaintext, opened.HasEmbeddedContent, cancellationToken).ConfigureAwait(false);
            signatures.Add(signature);
            AddTimeWarnings(opened.Signer);
            AddSenderWarning(signature);
            if (ReportBuilder.IsUnsupported(opened.Signer))
            {
                _warnings.Add("unsupported-signer");
            }
        }

        return ReportBuilder.Build(
            _layers, signatures, _warnings, _errantParts, _contentLength, contentDigest?.GetCurrentHash() ?? []);
    }

    private async Task PeelEntityAsync(LookaheadStream source, string part, EntityPlace place, CancellationToken cancellationToken)
    {
        EntityHeader header = await EntityHeader.ReadAsync(source, options.Limits, cancellationToken).ConfigureAwait(false);
        if (place == EntityPlace.Root)
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
            SmimeEntityKind.SignedMultipart when options.PeelsSignatures => PeelMultipartAsync(source, header, part, cancellationToken),
            SmimeEntityKind.Cms => PeelCmsAsync(source, header, part, cancellationToken),
            _ => CopyPlainAsync(source, header, part, place, cancellationToken),
        }).ConfigureAwait(false);
    }

    private async Task CopyPlainAsync(
        LookaheadStream source, EntityHeader header, string part, EntityPlace place, CancellationToken cancellationToken)
    {
        source.UnreadHeader();
        using var tee = new TeeStream(source, output, contentDigest);
        if (MayHaveParts(header.ContentType) && place != EntityPlace.SignedPart)
        {
            var finder = new ErrantPartFinder(tee, options.Limits, part);
            await ReadStructureAsync(finder, cancellationToken).ConfigureAwait(false);
            _errantParts.AddRange(finder.Found);
        }

        await tee.CopyToAsync(Stream.Null, 64 * 1024, cancellationToken).ConfigureAwait(false);
        _contentLength = tee.Count;
        _innermostPart = part;
    }

    // What MimeKit takes apart: mail is carried in more types than message/rfc822.
    private static bool MayHaveParts(ContentType type) =>
        type.IsMimeType("multipart", "*") || type.IsMimeType("message", "*") || type.IsMimeType("text", "rfc822-headers");

    private async Task PeelCmsAsync(LookaheadStream source, EntityHeader header, string part, CancellationToken cancellationToken)
    {
        if (!options.PeelsSignatures && await IsSignedDataAsync(source, header.TransferEncoding, cancellationToken).ConfigureAwait(false))
        {
            await CopyPlainAsync(source, header, part, EntityPlace.Nested, cancellationToken).ConfigureAwait(false);
            return;
        }

        using Stream body = TransferDecodingStream.Wrap(source, header.TransferEncoding);
        using CmsContentReader cms = await CmsReader.OpenAsync(body, CmsOptions, cancellationToken).ConfigureAwait(false);
        if (header.ContentType.Parameters["smime-type"] is { } claimed && !IsSmimeTypeOf(claimed.Trim(), cms))
        {
            _warnings.Add("smime-type-mismatch"); // a hint only (RFC 8551 §3.2.2)
        }

        await PeelCmsLayerAsync(cms, part, isMime: true, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsSmimeTypeOf(string claimed, CmsContentReader cms) => cms switch
    {
        SignedDataReader => claimed.StartsWith("signed-", StringComparison.OrdinalIgnoreCase)
            || claimed.Equals("certs-only", StringComparison.OrdinalIgnoreCase),
        AuthEnvelopedDataReader => claimed.StartsWith("authEnveloped-", StringComparison.OrdinalIgnoreCase),
        EncryptedContentReader => claimed.StartsWith("enveloped-", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private Task PeelCmsLayerAsync(CmsContentReader cms, string part, bool isMime, CancellationToken cancellationToken) => cms switch
    {
        SignedDataReader signed => PeelSignedAsync(signed, part, isMime, cancellationToken),
        EncryptedContentReader encrypted => PeelEncryptedAsync(encrypted, part, isMime, cancellationToken),
        DataReader data => PeelDataAsync(data, part, isMime, cancellationToken),
        _ => throw new UnsupportedAlgorithmException(cms.ContentType, $"The content type {cms.ContentType} is not supported in mail."),
    };

    // Octets in a wrapper: no layer, since nothing is protected (RFC 5652 §4).
    private async Task PeelDataAsync(DataReader data, string part, bool isMime, CancellationToken cancellationToken)
    {
        if (++_wrappers > options.Limits.MaxLayers)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxLayers), options.Limits.MaxLayers);
        }

        await PeelContentAsync(data.Content, data.ContentType, part + ">", isMime, cancellationToken).ConfigureAwait(false);
        await data.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task PeelSignedAsync(SignedDataReader signed, string part, bool isMime, CancellationToken cancellationToken)
    {
        int layer = BeginLayer(new LayerReport { Kind = LayerKind.Signed, Form = "signed-data", Part = part });
        if (!signed.IsDetached)
        {
            await PeelContentAsync(signed.Content, signed.EncapsulatedContentType, part + ">", isMime, cancellationToken).ConfigureAwait(false);
        }

        EndSignedLayer(layer, await CompleteSignedAsync(signed, cancellationToken).ConfigureAwait(false));
    }

    private ValueTask<SignedDataReport> CompleteSignedAsync(SignedDataReader signed, CancellationToken cancellationToken) =>
        signed.CompleteAsync(_at, ResolveSignerAsync, cancellationToken);

    private async Task PeelEncryptedAsync(EncryptedContentReader encrypted, string part, bool isMime, CancellationToken cancellationToken)
    {
        var report = new LayerReport
        {
            Kind = LayerKind.Encrypted,
            Form = encrypted is AuthEnvelopedDataReader ? "authEnveloped-data" : "enveloped-data",
            Part = part,
            Algorithm = ContentEncryptionAlgorithm.Find(encrypted.ContentEncryptionAlgorithm)?.Name ?? encrypted.ContentEncryptionAlgorithm.Oid,
            IsAuthenticated = encrypted is AuthEnvelopedDataReader,
            Recipients = [.. encrypted.Recipients],
        };
        int layer = BeginLayer(report);
        if (!options.Decrypts)
        {
            return;
        }

        IReadOnlyList<IDecryptionKey> keys = await KeyFinder.FindAsync(options, encrypted.Recipients, cancellationToken).ConfigureAwait(false);
        var atHand = new RecipientKeys { PrivateKeys = keys, KeyEncryptionKeys = options.KeyEncryptionKeys, Passwords = options.Passwords };
        await encrypted.DecryptAsync(atHand, _at, cancellationToken).ConfigureAwait(false);
        try
        {
            await PeelContentAsync(encrypted.Content, encrypted.EncapsulatedContentType, part + ">", isMime, cancellationToken).ConfigureAwait(false);
        }
        catch (MalformedDataException) when (encrypted is not AuthEnvelopedDataReader)
        {
            throw new DecryptionFailedException(); // a wrong key, or a change under way: which, and where, is told to nobody
        }

        DecryptionReport decryption = await encrypted.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _layers[layer] = report with
        {
            OpenedFor = report.Recipients.FirstOrDefault(r => IsSame(r, decryption.Recipient)),
            Remarks = [.. decryption.Weaknesses, .. decryption.Deviations],
        };
    }

    // The recipient that opened the layer was decoded apart from the list of all.
    private static bool IsSame(RecipientInfo left, RecipientInfo right) =>
        left.RawData.Span.SequenceEqual(right.RawData.Span) && left.EncryptedKey.Span.SequenceEqual(right.EncryptedKey.Span);

    private int BeginLayer(LayerReport found)
    {
        if (_layers.Count >= options.Limits.MaxLayers)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxLayers), options.Limits.MaxLayers);
        }

        _layers.Add(found);
        options.LayerFound?.Invoke(found);
        return _layers.Count - 1;
    }

    private void EndSignedLayer(int layer, SignedDataReport report)
    {
        bool embedded = report.Deviations.Contains("embedded-content");
        LayerReport found = _layers[layer] with { SignedData = report, Remarks = report.Deviations };
        bool certificatesOnly = report.Signers.IsEmpty && found.Form == "signed-data";
        _layers[layer] = certificatesOnly ? found with { Kind = LayerKind.CertificatesOnly, Form = "certs-only" } : found;
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
        if (signature.MatchedAddress is { } matched && options.ExpectedAddress is null
            && (_context.Author is not { } author || !EmailAddressComparison.AreEqual(author, matched)))
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

    /// <summary>Where an entity was found.</summary>
    private enum EntityPlace
    {
        /// <summary>It is the message.</summary>
        Root,

        /// <summary>It is the content of CMS.</summary>
        Nested,

        /// <summary>It is the first part of <c>multipart/signed</c>, whose reader sees the parts in it as well.</summary>
        SignedPart,
    }

    /// <summary>A signer whose trust is judged when the whole envelope is known.</summary>
    private sealed record OpenedSignature(int Layer, SignerReport Signer, CarriedCertificates Carried, bool HasEmbeddedContent);
}
