using System.Collections.Immutable;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>
/// Checks what unsigned attributes say about a signature: countersignatures (RFC 5652 §11.4), and theirs, and time-stamps (RFC 3161).
/// Each has a report and a verdict of its own. None makes the signature that it is about any more valid.
/// </summary>
internal sealed class SignatureEvidence(
    SignerCandidates candidates, CmsReaderOptions options, DateTimeOffset at, SignatureBudget budget)
{
    /// <summary>Adds the evidence about a signature to its report.</summary>
    /// <param name="signer">The report on a signer, or on a countersigner.</param>
    /// <param name="depth">0 for a signer of the message, 1 for a countersigner, 2 for one of that, and so on.</param>
    /// <param name="cancellationToken">Ends the search for certificates.</param>
    internal async ValueTask<SignerReport> AddAsync(SignerReport signer, int depth, CancellationToken cancellationToken)
    {
        if (signer.UnsignedAttributes.Count == 0)
        {
            return signer;
        }

        return signer with
        {
            Countersignatures = await CountersignaturesAsync(signer, depth + 1, cancellationToken).ConfigureAwait(false),
            TimeStamps = await TimeStampsAsync(signer, cancellationToken).ConfigureAwait(false),
        };
    }

    // R3369-11.4-b: one value or more, and the attribute may be there more than once.
    private async ValueTask<ImmutableArray<SignerReport>> CountersignaturesAsync(
        SignerReport signer, int depth, CancellationToken cancellationToken)
    {
        var reports = ImmutableArray.CreateBuilder<SignerReport>();
        foreach (ReadOnlyMemory<byte> value in signer.UnsignedAttributes.OfType(Oids.Countersignature).SelectMany(a => a.Values))
        {
            budget.SpendCountersignature(depth);
            SignerReport report = await VerifyAsync(value, signer.Signature, cancellationToken).ConfigureAwait(false);
            reports.Add(await AddAsync(report, depth, cancellationToken).ConfigureAwait(false));
        }

        return reports.ToImmutable();
    }

    private async ValueTask<SignerReport> VerifyAsync(
        ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        if (!Der.TryDecode(encoded, SignerInfoAsn.Decode, out SignerInfoAsn? signer, AsnEncodingRules.BER))
        {
            return new SignerReport { Verdict = new SignerVerdict.Malformed("signer-info") };
        }

        // R3369-11.4-c: the contents octets of the signature, without tag and length.
        DigestAlgorithm? digest = DigestAlgorithm.Find(signer!.DigestAlgorithm);
        using var digester = new ContentDigester(digest is null ? [] : [digest], signature.Length);
        digester.Append(signature.Span);
        var verifier = new SignerVerifier(digester, SignerVerifier.Countersignature, options, at, budget, candidates);
        return verifier.Verify(signer, await candidates.FindAsync(signer.Identifier, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<ImmutableArray<TimeStampReport>> TimeStampsAsync(SignerReport signer, CancellationToken cancellationToken)
    {
        var reports = ImmutableArray.CreateBuilder<TimeStampReport>();
        foreach (ReadOnlyMemory<byte> value in signer.UnsignedAttributes.OfType(Oids.TimeStampToken).SelectMany(a => a.Values))
        {
            budget.SpendTimeStamp();
            var verifier = new TimeStampVerifier(options, at, candidates.FindAsync, budget);
            reports.Add(await verifier.VerifyAsync(value, signer.Signature, cancellationToken).ConfigureAwait(false)); // R3161-A-b
        }

        return reports.ToImmutable();
    }
}
