using System.Collections.Immutable;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <content>What follows the content, and the verdicts.</content>
public sealed partial class SignedDataReader
{
    /// <summary>Reads what is left and checks every signer.</summary>
    /// <param name="at">The instant at which the policy judges algorithms: now, or when the message is known to have arrived.</param>
    /// <param name="resolver">Finds certificates that the message does not carry; null for none.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The report. A message without signers has an empty list of them: it is unsigned.</returns>
    /// <exception cref="MalformedDataException">The input does not end as SignedData does.</exception>
    /// <exception cref="LimitExceededException">There are more or larger fields than the limits admit.</exception>
    public ValueTask<SignedDataReport> CompleteAsync(
        DateTimeOffset at, SignerCertificateResolver? resolver = null, CancellationToken cancellationToken = default)
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(CompleteCoreAsync(at, resolver, cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public SignedDataReport Complete(DateTimeOffset at, SignerCertificateResolver? resolver = null)
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        return PoisonOnErrorAsync(CompleteCoreAsync(at, resolver, CancellationToken.None)).Finish();
    }

    private async ValueTask<(CarriedCertificates Carried, List<SignerInfoAsn?> Signers)> ReadRestAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await _content.EndAsync(Ber, cancellationToken).ConfigureAwait(false);
        CarriedCertificates carried = await CarriedCertificates.ReadAsync(Ber, Options.Limits, cancellationToken).ConfigureAwait(false);
        List<(ReadOnlyMemory<byte> Encoded, SignerInfoAsn? Signer)> signers =
            await SignerInfoAsn.ReadAllAsync(Ber, Options.Limits, cancellationToken).ConfigureAwait(false);
        await Ber.LeaveAsync("signedData", cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return (carried, [.. signers.Select(s => s.Signer)]);
    }

    private async ValueTask<SignedDataReport> CompleteCoreAsync(
        DateTimeOffset at, SignerCertificateResolver? resolver, CancellationToken cancellationToken)
    {
        (CarriedCertificates carried, List<SignerInfoAsn?> signers) = await ReadRestAsync(cancellationToken).ConfigureAwait(false);
        ImmutableArray<SignerReport> reports = await VerifyAsync(signers, carried, at, resolver, cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        return new SignedDataReport
        {
            EncapsulatedContentType = EncapsulatedContentType,
            IsDetached = IsDetached,
            ContentLength = (_externalDigester ?? _digester).Length,
            Signers = reports,
            Carried = carried,
            Deviations = FindDeviations(carried, signers),
        };
    }

    private async ValueTask<ImmutableArray<SignerReport>> VerifyAsync(
        List<SignerInfoAsn?> signers,
        CarriedCertificates carried,
        DateTimeOffset at,
        SignerCertificateResolver? resolver,
        CancellationToken cancellationToken)
    {
        var candidates = new SignerCandidates(carried.Certificates, resolver);
        SignatureBudget budget = Budget ?? new SignatureBudget(Options.Limits);
        var verifier = new SignerVerifier(
            _contentMissing ? null : _externalDigester ?? _digester, EncapsulatedContentType, Options, at, budget, candidates);
        var evidence = new SignatureEvidence(candidates, Options, at, budget);
        var reports = ImmutableArray.CreateBuilder<SignerReport>(signers.Count);
        foreach (SignerInfoAsn? signer in signers)
        {
            SignerReport report = signer is null
                ? new SignerReport { Verdict = new SignerVerdict.Malformed("signer-info") }
                : verifier.Verify(signer, await candidates.FindAsync(signer.Identifier, cancellationToken).ConfigureAwait(false));
            reports.Add(Budget is null ? await evidence.AddAsync(report, depth: 0, cancellationToken).ConfigureAwait(false) : report);
        }

        return reports.MoveToImmutable();
    }

    private ImmutableArray<string> FindDeviations(CarriedCertificates carried, List<SignerInfoAsn?> signers)
    {
        if (!HasProperVersion(isPkcs7: false) && !(_content.IsBareValue && HasProperVersion(isPkcs7: true)))
        {
            _deviations.Add("signed-data-version"); // R5652-5.1-b
        }

        return _deviations.ToImmutable();

        bool HasProperVersion(bool isPkcs7) =>
            _version == SignedDataVersion.Choose(EncapsulatedContentType, isPkcs7, carried, signers.OfType<SignerInfoAsn>());
    }
}
