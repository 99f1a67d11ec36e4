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
/// valid verdict says nothing about trust in the signer's certificate.
/// </remarks>
public sealed class SignedDataReader : CmsContentReader
{
    private const byte Sequence = 0x30;
    private const byte Set = 0x31;
    private const byte ExplicitContent = 0xA0;
    private const byte OctetString = 0x04;
    private const string ContentField = "encapContentInfo.eContent";

    private readonly ImmutableArray<string>.Builder _deviations = ImmutableArray.CreateBuilder<string>();
    private ContentDigester _digester = new([]);
    private ContentDigester? _externalDigester;
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
    /// <param name="content">The content, read to its end, exactly as it was signed.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the content has been read.</returns>
    /// <exception cref="InvalidOperationException">The message carries its content.</exception>
    public async ValueTask DigestDetachedAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ExpectDetached();
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int count;
            while ((count = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                _digester.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        Phase = ReaderPhase.ContentEnded;
    }

    /// <inheritdoc cref="DigestDetachedAsync"/>
    public void DigestDetached(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ExpectDetached();
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        int count;
        while ((count = content.Read(buffer, 0, buffer.Length)) > 0)
        {
            _digester.Append(buffer.AsSpan(0, count));
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        Phase = ReaderPhase.ContentEnded;
    }

    /// <summary>
    /// Takes the digests of content that was read elsewhere. For a message that carries content too, only these digests count: the
    /// embedded content is ignored and reported as the deviation <c>embedded-content</c>.
    /// </summary>
    /// <param name="digester">The digests; copied.</param>
    public void UseDigests(ContentDigester digester)
    {
        ArgumentNullException.ThrowIfNull(digester);
        Expect(ReaderPhase.Content, ReaderPhase.Opened);
        _externalDigester = digester.Clone();
        if (IsDetached)
        {
            Phase = ReaderPhase.ContentEnded;
        }
        else
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
    /// <exception cref="InvalidOperationException">The signature is detached and no content was given.</exception>
    public ValueTask<SignedDataReport> CompleteAsync(
        DateTimeOffset at, SignerCertificateResolver? resolver = null, CancellationToken cancellationToken = default)
    {
        ExpectCompletable();
        Input.Synchronous = false;
        return PoisonOnErrorAsync(CompleteCoreAsync(at, resolver, cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public SignedDataReport Complete(DateTimeOffset at, SignerCertificateResolver? resolver = null)
    {
        ExpectCompletable();
        Input.Synchronous = true;
        return PoisonOnErrorAsync(CompleteCoreAsync(at, resolver, CancellationToken.None)).Finish();
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
        IsDetached = !await Ber.TryEnterAsync(ExplicitContent, ContentField, cancellationToken).ConfigureAwait(false);
        if (!IsDetached)
        {
            await Ber.BeginOctetStringAsync(OctetString, ContentField, cancellationToken).ConfigureAwait(false);
            Phase = ReaderPhase.Content;
        }

        _digester = new ContentDigester(ChooseDigests());
    }

    private async ValueTask<IReadOnlyList<AlgorithmIdentifier>> ReadDigestAlgorithmsAsync(CancellationToken cancellationToken)
    {
        const int MaxAlgorithmSize = 4096;
        var algorithms = new List<AlgorithmIdentifier>();
        await Ber.EnterAsync(Set, "digestAlgorithms", cancellationToken).ConfigureAwait(false);
        while (await Ber.PeekAsync("digestAlgorithms", cancellationToken).ConfigureAwait(false) is not null)
        {
            string field = $"digestAlgorithms[{algorithms.Count}]";
            byte[] leaf = await Ber.ReadLeafAsync(field, MaxAlgorithmSize, nameof(MaxAlgorithmSize), cancellationToken).ConfigureAwait(false);
            algorithms.Add(Der.Decode(leaf, field, r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, Ber.Position - leaf.Length));
            if (algorithms.Count > Options.Limits.MaxDigestAlgorithms)
            {
                throw new LimitExceededException(nameof(Options.Limits.MaxDigestAlgorithms), Options.Limits.MaxDigestAlgorithms);
            }
        }

        await Ber.LeaveAsync("digestAlgorithms", cancellationToken).ConfigureAwait(false);
        return algorithms;
    }

    // An empty set is legal (R3369-5.1-e): then every digest is computed, since no second pass is possible.
    private IEnumerable<DigestAlgorithm> ChooseDigests() =>
        DigestAlgorithms.Count == 0
            ? DigestAlgorithm.BuiltIn
            : DigestAlgorithms.Select(a => DigestAlgorithm.Find(a)).OfType<DigestAlgorithm>();

    private async ValueTask<SignedDataReport> CompleteCoreAsync(
        DateTimeOffset at, SignerCertificateResolver? resolver, CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        if (!IsDetached)
        {
            await Ber.LeaveAsync(ContentField, cancellationToken).ConfigureAwait(false);
        }

        await Ber.LeaveAsync("encapContentInfo", cancellationToken).ConfigureAwait(false);
        CarriedCertificates carried = await CarriedCertificates.ReadAsync(Ber, Options.Limits, cancellationToken).ConfigureAwait(false);
        List<SignerInfoAsn?> signers = await ReadSignersAsync(cancellationToken).ConfigureAwait(false);
        await Ber.LeaveAsync("signedData", cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (signers.Count > 0 && Phase == ReaderPhase.Opened)
        {
            throw new InvalidOperationException("The signature is detached and no content was given.");
        }

        var reports = ImmutableArray.CreateBuilder<SignerReport>(signers.Count);
        foreach (SignerInfoAsn? signer in signers)
        {
            reports.Add(await VerifyAsync(signer, carried, at, resolver, cancellationToken).ConfigureAwait(false));
        }

        Phase = ReaderPhase.Completed;
        return new SignedDataReport
        {
            EncapsulatedContentType = EncapsulatedContentType,
            IsDetached = IsDetached,
            ContentLength = (_externalDigester ?? _digester).Length,
            Signers = reports.ToImmutable(),
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
            string field = $"signerInfos[{signers.Count}]";
            byte[] leaf = await Ber.ReadLeafAsync(
                field, Options.Limits.MaxAttributesSize, nameof(Options.Limits.MaxAttributesSize), cancellationToken).ConfigureAwait(false);
            if (signers.Count >= Options.Limits.MaxSigners)
            {
                throw new LimitExceededException(nameof(Options.Limits.MaxSigners), Options.Limits.MaxSigners);
            }

            // A malformed signer is reported as such beside the others (R3369-5.1-l).
            signers.Add(Der.TryDecode(leaf, SignerInfoAsn.Decode, out SignerInfoAsn? signer, AsnEncodingRules.BER) ? signer : null);
        }

        await Ber.LeaveAsync("signerInfos", cancellationToken).ConfigureAwait(false);
        return signers;
    }

    private async ValueTask<SignerReport> VerifyAsync(
        SignerInfoAsn? signer,
        CarriedCertificates carried,
        DateTimeOffset at,
        SignerCertificateResolver? resolver,
        CancellationToken cancellationToken)
    {
        if (signer is null)
        {
            return new SignerReport { Verdict = new SignerVerdict.Malformed("signer-info") };
        }

        List<Certificate> candidates = [.. carried.Certificates.Where(c => Matches(signer.Identifier, c)).Distinct()];
        if (resolver is not null)
        {
            IReadOnlyList<Certificate> found = await resolver(signer.Identifier, cancellationToken).ConfigureAwait(false);
            candidates.AddRange(found.Where(c => Matches(signer.Identifier, c) && !candidates.Contains(c)));
        }

        return new SignerVerifier(_externalDigester ?? _digester, EncapsulatedContentType, Options, at).Verify(signer, candidates);
    }

    // An identifier may be compared with a certificate whose extensions are malformed; that one does not match.
    private static bool Matches(CertificateIdentifier identifier, Certificate certificate)
    {
        try
        {
            return identifier.Matches(certificate);
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    private ImmutableArray<string> FindDeviations(CarriedCertificates carried, List<SignerInfoAsn?> signers)
    {
        if (_version != SignedDataVersion.Choose(EncapsulatedContentType, carried, signers.OfType<SignerInfoAsn>()))
        {
            _deviations.Add("signed-data-version");
        }

        return _deviations.ToImmutable();
    }

    private void ExpectDetached()
    {
        Expect(ReaderPhase.Opened, ReaderPhase.Opened);
        if (!IsDetached)
        {
            throw new InvalidOperationException("The message carries its content.");
        }
    }

    private void ExpectCompletable()
    {
        if (Phase != ReaderPhase.ContentEnded)
        {
            Expect(ReaderPhase.Content, ReaderPhase.Opened);
        }
    }
}
