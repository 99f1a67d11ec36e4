using System.IO.Pipelines;
using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <content>Clear-signed layers, RFC 8551 §3.5.3 and RFC 1847.</content>
internal sealed partial class LayerPeeler
{
    // MimeKit pushes and the next layer pulls: the pipe between them lets both run at once on large mail.
    private static readonly PipeOptions _pipeOptions = new(
        pauseWriterThreshold: 512 * 1024, resumeWriterThreshold: 256 * 1024, minimumSegmentSize: 32 * 1024, useSynchronizationContext: false);

    private async Task PeelMultipartAsync(
        LookaheadStream source, EntityHeader header, string part, CancellationToken cancellationToken)
    {
        if (header.TransferEncoding is ContentEncoding.Base64 or ContentEncoding.QuotedPrintable or ContentEncoding.UUEncode)
        {
            // RFC 2045 §6.4: readers that decode it all the same see other parts than those that do not.
            throw new MalformedDataException("multipart-transfer-encoding", "A multipart entity has a transfer encoding");
        }

        int layer = BeginLayer(new LayerReport { Kind = LayerKind.Signed, Form = "multipart/signed", Part = part });
        RepeatableInput? repeatable = part == RootPart ? _repeatable : null;
        IReadOnlyCollection<DigestAlgorithm> named = FindNamedDigests(header.ContentType.Parameters["micalg"]);
        IReadOnlyCollection<DigestAlgorithm> digests = ChooseDigests(named, isRepeatable: repeatable is not null);
        using var span = new SignedSpan(
            digests, keepLimit: repeatable is null ? options.Limits.MaxContentInMemory : 0, keepWhole: options.Limits.MaxContentInMemory);
        source.UnreadHeader();
        using SignedMultipartReader reader = await PeelSignedPartAsync(source, span, part, cancellationToken).ConfigureAwait(false);
        CheckShape(reader);
        if (_innermostPart == SignedPartOf(part))
        {
            _errantParts.AddRange(reader.ErrantParts);
        }

        SignedDataReport report = await VerifySpanAsync(
            DecodeSignature(reader), span, repeatable?.OpenRange(reader.SignedRange), cancellationToken).ConfigureAwait(false);
        if (named.Count > 0 && report.Signers.Any(s => !named.Any(d => IsSame(d, s.DigestAlgorithm))))
        {
            _warnings.Add("micalg-mismatch");
        }

        EndSignedLayer(layer, report);
    }

    private async ValueTask<SignedMultipartReader> PeelSignedPartAsync(
        LookaheadStream source, SignedSpan span, string part, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(_pipeOptions);
        bool innerEnded = false;
        var reader = new SignedMultipartReader(source, options.Limits, SignedPartOf(part), async (octets, token) =>
        {
            span.Append(octets.Span);
            if (!innerEnded && !octets.IsEmpty)
            {
                FlushResult flushed = await pipe.Writer.WriteAsync(octets, token).ConfigureAwait(false);
                innerEnded = flushed.IsCompleted;
            }
        });
        try
        {
            await RunBothAsync(ReadOuterAsync(reader, pipe.Writer, cancellationToken), pipe.Reader, part, cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private async Task RunBothAsync(Task outer, PipeReader inner, string part, CancellationToken cancellationToken)
    {
        try
        {
            using var signedPart = new LookaheadStream(inner.AsStream(leaveOpen: true));
            await PeelEntityAsync(signedPart, SignedPartOf(part), EntityPlace.SignedPart, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await inner.CompleteAsync().ConfigureAwait(false);
            await outer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await outer.ConfigureAwait(false);
    }

    private static async Task ReadOuterAsync(SignedMultipartReader reader, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await ReadStructureAsync(reader, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            await writer.CompleteAsync(failure).ConfigureAwait(false);
        }
    }

    private static string SignedPartOf(string part) => part + ".1";

    // RFC 1847 §2.1: exactly two parts, the second of which is the signature.
    private static void CheckShape(SignedMultipartReader reader)
    {
        if (reader.PartCount != 2 || !reader.IsSpanExact || reader.SignatureType is null
            || !SmimeEntityDetector.IsSignaturePart(reader.SignatureType, FindDisposition(reader)))
        {
            throw new MalformedDataException("multipart-signed", "The multipart/signed entity does not consist of content and signature");
        }

        if (reader.SignatureFields.GroupBy(h => h.Id).Any(g =>
            g.Key is HeaderId.ContentType or HeaderId.ContentTransferEncoding && g.Count() > 1))
        {
            throw new MalformedDataException("duplicate-structural-header", "A header field that decides about the structure is repeated");
        }
    }

    private static ContentDisposition? FindDisposition(SignedMultipartReader reader)
    {
        Header? field = reader.SignatureFields.FirstOrDefault(h => h.Id == HeaderId.ContentDisposition);
        return field is not null && ContentDisposition.TryParse(field.RawValue, out ContentDisposition? disposition) ? disposition : null;
    }

    private static bool IsSame(DigestAlgorithm named, AlgorithmIdentifier? used) =>
        used is not null && DigestAlgorithm.Find(used.Oid)?.HasSameOutput(named) == true;

    private static IReadOnlyCollection<DigestAlgorithm> FindNamedDigests(string? micalg) =>
        [.. (micalg ?? "").Split(',').Select(DigestAlgorithm.FindByMicalg).OfType<DigestAlgorithm>().Distinct()];

    // The parameter is a hint that saves hashing; what was signed with is known only at the end (RFC 8551 §3.5.3.2). Content that can be
    // had only once gets the digest that most signatures use as well.
    private static IReadOnlyCollection<DigestAlgorithm> ChooseDigests(IReadOnlyCollection<DigestAlgorithm> named, bool isRepeatable) =>
        named.Count == 0 ? DigestAlgorithm.Usual
            : isRepeatable || named.Contains(DigestAlgorithm.Sha256) ? named
            : [.. named, DigestAlgorithm.Sha256];

    /// <summary>Verifies what was digested; <paramref name="again"/>, disposed here, has the same octets for digests that were not computed.</summary>
    private async ValueTask<SignedDataReport> VerifySpanAsync(
        ReadOnlyMemory<byte> signature, SignedSpan span, Stream? again, CancellationToken cancellationToken)
    {
        using Stream? source = again;
        SignedDataReport report = await VerifyDigestsAsync(signature, span.Raw, cancellationToken).ConfigureAwait(false);
        if (Lacks(report, v => v is SignerVerdict.Unsupported { Oid: "digest-not-computed" })
            && await span.TryRepeatAsync(DigestAlgorithm.Usual, source, cancellationToken).ConfigureAwait(false))
        {
            report = await VerifyDigestsAsync(signature, span.Raw, cancellationToken).ConfigureAwait(false);
        }

        if (span.Canonical is null || !Lacks(report, v => v is SignerVerdict.DigestMismatch or SignerVerdict.SignatureMismatch))
        {
            return report;
        }

        SignedDataReport canonical = await VerifyDigestsAsync(signature, span.Canonical, cancellationToken).ConfigureAwait(false);
        if (!canonical.Signers.Any(s => s.Verdict is SignerVerdict.Valid or SignerVerdict.RefusedByPolicy))
        {
            return report;
        }

        _warnings.Add("canonicalized");
        return canonical;
    }

    private static bool Lacks(SignedDataReport report, Func<SignerVerdict, bool> condition) => report.Signers.Any(s => condition(s.Verdict));

    private async ValueTask<SignedDataReport> VerifyDigestsAsync(
        ReadOnlyMemory<byte> signature, Cms.Algorithms.ContentDigester digests, CancellationToken cancellationToken)
    {
        using Stream stream = new ReadOnlyMemoryStream(signature);
        using SignedDataReader signed = await SignedDataReader.OpenAsync(stream, CmsOptions, cancellationToken).ConfigureAwait(false);
        signed.UseDigests(digests);
        return await CompleteSignedAsync(signed, cancellationToken).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> DecodeSignature(SignedMultipartReader reader)
    {
        Header? field = reader.SignatureFields.FirstOrDefault(h => h.Id == HeaderId.ContentTransferEncoding);
        if (field is null || !MimeKit.Utils.MimeUtils.TryParse(field.Value, out ContentEncoding encoding))
        {
            return reader.Signature;
        }

        MimeKit.Encodings.IMimeDecoder? decoder = encoding switch
        {
            ContentEncoding.Base64 => new MimeKit.Encodings.Base64Decoder(),
            ContentEncoding.QuotedPrintable => new MimeKit.Encodings.QuotedPrintableDecoder(),
            _ => null,
        };
        if (decoder is null)
        {
            return reader.Signature;
        }

        byte[] encoded = reader.Signature.ToArray();
        byte[] decoded = new byte[decoder.EstimateOutputLength(encoded.Length)];
        return decoded.AsMemory(0, decoder.Decode(encoded, 0, encoded.Length, decoded));
    }
}
