using System.Collections.Immutable;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Finds further certificates for a signer, such as those of a store. What it returns is not trusted.</summary>
/// <param name="identifier">How the message names the certificate.</param>
/// <param name="cancellationToken">Ends the search.</param>
/// <returns>The candidates, best first; empty when there are none.</returns>
public delegate ValueTask<IReadOnlyList<Certificate>> SignerCertificateResolver(
    CertificateIdentifier identifier, CancellationToken cancellationToken);

/// <summary>Reads SignedData, RFC 5652 §5, in one forward pass.</summary>
/// <remarks><code>
/// SignedData ::= SEQUENCE {
///     version           CMSVersion,
///     digestAlgorithms  DigestAlgorithmIdentifiers,
///     encapContentInfo  EncapsulatedContentInfo,
///     certificates      [0] IMPLICIT CertificateSet OPTIONAL,
///     crls              [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///     signerInfos       SignerInfos }
/// </code>
/// The content is digested as it is read. It is provisional until <see cref="CompleteAsync"/> has reported on the signers; and even a
/// valid verdict says nothing about trust in the signer's certificate. The content of a detached signature reads as empty here: give
/// what was signed to <see cref="DigestDetachedAsync"/> or <see cref="UseDigests"/>.
/// </remarks>
public sealed class SignedDataReader : CmsContentReader
{
    private const byte Sequence = 0x30;
    private const byte Set = 0x31;
    private const byte ExplicitContent = 0xA0;
    private const byte OctetString = 0x04;
    private const string ContentField = "encapContentInfo.eContent";
    private const int DigestBufferSize = 64 * 1024;

    private readonly ImmutableArray<string>.Builder _deviations = ImmutableArray.CreateBuilder<string>();
    private ContentDigester _digester = new([]);
    private ContentDigester? _externalDigester;
    private bool _contentMissing;
    private int _version;

    private SignedDataReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
    }

    /// <summary>Gets the type of the content as an object identifier.</summary>
    public string EncapsulatedContentType { get; private set; } = "";

    /// <summary>Gets whether the message carries no content: what was signed comes from outside, or nothing was (certs-only).</summary>
    public bool IsDetached { get; private set; }

    /// <summary>Gets the digest algorithms that the message announces.</summary>
    public IReadOnlyList<AlgorithmIdentifier> DigestAlgorithms { get; private set; } = [];

    private BerTokenizer Ber => Input.Ber;

    /// <summary>Opens a message: reads up to the content.</summary>
    /// <param name="input">BER, PEM or base64; read forward only, never closed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not SignedData.</exception>
    /// <exception cref="LimitExceededException">The header exceeds a limit.</exception>
    public static async ValueTask<SignedDataReader> OpenAsync(
        Stream input, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(cms, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static SignedDataReader Open(Stream input, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(cms, options, CancellationToken.None).Finish();
    }

    /// <summary>Digests detached content.</summary>
    /// <param name="content">The content, read to its end, exactly as it was signed; never closed.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the content has been read.</returns>
    /// <exception cref="InvalidOperationException">The message carries its content, or the content was given before.</exception>
    public async ValueTask DigestDetachedAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ExpectContentMissing();
        await PoisonOnErrorAsync(DigestAsync(content, synchronous: false, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DigestDetachedAsync"/>
    public void DigestDetached(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ExpectContentMissing();
        PoisonOnErrorAsync(DigestAsync(content, synchronous: true, CancellationToken.None)).Finish();
    }

    /// <summary>
    /// Takes the digests of content that was read elsewhere. For a message that carries content too, only these digests count: the
    /// embedded content is ignored and reported as the deviation <c>embedded-content</c>.
    /// </summary>
    /// <param name="digester">The digests; copied.</param>
    /// <exception cref="InvalidOperationException">The content was given before.</exception>
    public void UseDigests(ContentDigester digester)
    {
        ArgumentNullException.ThrowIfNull(digester);
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        if (_externalDigester is not null || (IsDetached && !_contentMissing))
        {
            throw new InvalidOperationException("The content was given before.");
        }

        _externalDigester = digester.Clone();
        _contentMissing = false;
        if (!IsDetached)
        {
            _deviations.Add("embedded-content");
        }
    }

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

    internal static async ValueTask<SignedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        var reader = new SignedDataReader(input, options);
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

    private protected override async ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = await Ber.ReadOctetsAsync(destination, ContentField, cancellationToken).ConfigureAwait(false);
        _digester.Append(destination.Span[..count]);
        return count;
    }

    private protected override void Release()
    {
        _digester.Dispose();
        _externalDigester?.Dispose();
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (Input.ContentType != Oids.SignedData)
        {
            throw Ber.Malformed("not-signed-data", "The content type is not signed-data", "contentInfo.contentType");
        }

        await Ber.EnterAsync(Sequence, "signedData", cancellationToken).ConfigureAwait(false);
        _version = await Input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        DigestAlgorithms = await ReadDigestAlgorithmsAsync(cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<IReadOnlyList<AlgorithmIdentifier>> ReadDigestAlgorithmsAsync(CancellationToken cancellationToken)
    {
        const int MaxAlgorithmSize = 4096;
        var algorithms = new List<AlgorithmIdentifier>();
        await Ber.EnterAsync(Set, "digestAlgorithms", cancellationToken).ConfigureAwait(false);
        while (await Ber.PeekAsync("digestAlgorithms", cancellationToken).ConfigureAwait(false) is not null)
        {
            if (algorithms.Count >= Options.Limits.MaxDigestAlgorithms)
            {
                throw new LimitExceededException(nameof(Options.Limits.MaxDigestAlgorithms), Options.Limits.MaxDigestAlgorithms);
            }

            string field = $"digestAlgorithms[{algorithms.Count}]";
            byte[] leaf = await Ber.ReadLeafAsync(
                field, MaxAlgorithmSize, nameof(MaxAlgorithmSize), cancellationToken).ConfigureAwait(false);
            algorithms.Add(Der.Decode(leaf, field, r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, Ber.Position - leaf.Length));
        }

        await Ber.LeaveAsync("digestAlgorithms", cancellationToken).ConfigureAwait(false);
        return algorithms;
    }

    // An empty set is legal (R3369-5.1-e): then every usual digest is computed, since no second pass is possible.
    private IEnumerable<DigestAlgorithm> ChooseDigests() =>
        DigestAlgorithms.Count == 0
            ? DigestAlgorithm.Usual
            : DigestAlgorithms.Select(a => DigestAlgorithm.Find(a)).OfType<DigestAlgorithm>();

    // A signature may turn out to be over the content itself only without attributes, which other types than data forbid (§5.3).
    private int ChooseKeeping() => EncapsulatedContentType == Oids.Data ? Options.Limits.MaxContentSignedWhole : 0;

    private async ValueTask<long> DigestAsync(Stream content, bool synchronous, CancellationToken cancellationToken)
    {
        byte[] buffer = PooledBytes.Rent(DigestBufferSize);
        int used = 0;
        try
        {
            int count;
            while ((count = synchronous
                ? content.Read(buffer, 0, buffer.Length)
                : await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                used = Math.Max(used, count);
                _digester.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            PooledBytes.Return(ref buffer, used);
        }

        _contentMissing = false;
        return _digester.Length;
    }

    private async ValueTask<IReadOnlyList<CertificateIdentifier>> ListSignersCoreAsync(CancellationToken cancellationToken)
    {
        _digester.Dispose();
        _digester = new ContentDigester([]);
        (_, List<SignerInfoAsn?> signers) = await ReadRestAsync(cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        return [.. signers.OfType<SignerInfoAsn>().Select(s => s.Identifier)];
    }

    private async ValueTask<(CarriedCertificates Carried, List<SignerInfoAsn?> Signers)> ReadRestAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        if (!IsDetached)
        {
            await Ber.LeaveAsync(ContentField, cancellationToken).ConfigureAwait(false);
            await Ber.LeaveAsync("encapContentInfo", cancellationToken).ConfigureAwait(false);
        }

        CarriedCertificates carried = await CarriedCertificates.ReadAsync(Ber, Options.Limits, cancellationToken).ConfigureAwait(false);
        List<SignerInfoAsn?> signers = await ReadSignersAsync(cancellationToken).ConfigureAwait(false);
        await Ber.LeaveAsync("signedData", cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return (carried, signers);
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

    private async ValueTask<List<SignerInfoAsn?>> ReadSignersAsync(CancellationToken cancellationToken)
    {
        var signers = new List<SignerInfoAsn?>();
        await Ber.EnterAsync(Set, "signerInfos", cancellationToken).ConfigureAwait(false);
        while (await Ber.PeekAsync("signerInfos", cancellationToken).ConfigureAwait(false) is not null)
        {
            if (signers.Count >= Options.Limits.MaxSigners)
            {
                throw new LimitExceededException(nameof(Options.Limits.MaxSigners), Options.Limits.MaxSigners);
            }

            string field = $"signerInfos[{signers.Count}]";
            byte[] leaf = await Ber.ReadLeafAsync(
                field, Options.Limits.MaxAttributesSize, nameof(Options.Limits.MaxAttributesSize), cancellationToken).ConfigureAwait(false);

            // A malformed signer is reported as such beside the others (R3369-5.1-l).
            signers.Add(Der.TryDecode(leaf, SignerInfoAsn.Decode, out SignerInfoAsn? signer, AsnEncodingRules.BER) ? signer : null);
        }

        await Ber.LeaveAsync("signerInfos", cancellationToken).ConfigureAwait(false);
        return signers;
    }

    private async ValueTask<ImmutableArray<SignerReport>> VerifyAsync(
        List<SignerInfoAsn?> signers,
        CarriedCertificates carried,
        DateTimeOffset at,
        SignerCertificateResolver? resolver,
        CancellationToken cancellationToken)
    {
        var candidates = new SignerCandidates(carried.Certificates, resolver);
        var verifier = new SignerVerifier(
            _contentMissing ? null : _externalDigester ?? _digester, EncapsulatedContentType, Options, at) { Candidates = candidates };
        var reports = ImmutableArray.CreateBuilder<SignerReport>(signers.Count);
        foreach (SignerInfoAsn? signer in signers)
        {
            reports.Add(signer is null
                ? new SignerReport { Verdict = new SignerVerdict.Malformed("signer-info") }
                : verifier.Verify(
                    signer, await candidates.FindAsync(signer.Identifier, cancellationToken).ConfigureAwait(false)));
        }

        return reports.MoveToImmutable();
    }

    private ImmutableArray<string> FindDeviations(CarriedCertificates carried, List<SignerInfoAsn?> signers)
    {
        if (_version != SignedDataVersion.Choose(EncapsulatedContentType, carried, signers.OfType<SignerInfoAsn>()))
        {
            _deviations.Add("signed-data-version"); // R5652-5.1-b
        }

        return _deviations.ToImmutable();
    }

    private void ExpectContentMissing()
    {
        Expect(ReaderPhase.ContentEnded, ReaderPhase.Content);
        if (!_contentMissing)
        {
            throw new InvalidOperationException(IsDetached ? "The content was given before." : "The message carries its content.");
        }
    }
}
