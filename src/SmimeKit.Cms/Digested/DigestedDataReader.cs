using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Digested;

/// <summary>Reads DigestedData, RFC 5652 §7, in one forward pass: content with its digest.</summary>
/// <remarks><code>
/// DigestedData ::= SEQUENCE {
///     version           CMSVersion,
///     digestAlgorithm   DigestAlgorithmIdentifier,
///     encapContentInfo  EncapsulatedContentInfo,
///     digest            OCTET STRING }
/// </code>
/// A digest that fits shows that nothing was damaged by accident. It protects against nobody, for it can be changed with the content. The
/// content is handed out as it is read; the digest follows it.
/// </remarks>
public sealed class DigestedDataReader : CmsContentReader
{
    private const byte Sequence = 0x30;
    private const int MaxAlgorithmSize = 4096; // parameters of a digest are NULL or a number
    private const int MaxDigestSize = 1024;    // with tag and length; the longest digest in use has 64 octets
    private const string Name = "digestedData";

    private readonly ImmutableArray<string>.Builder _deviations = ImmutableArray.CreateBuilder<string>();
    private EncapsulatedContent _content;
    private IncrementalDigest? _digest;
    private bool _contentMissing;
    private long _detachedLength;
    private int _version;

    private DigestedDataReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
    }

    /// <summary>Gets the type of the content as an object identifier.</summary>
    public string EncapsulatedContentType => _content.ContentType;

    /// <summary>Gets whether the message carries no content: it comes from outside.</summary>
    public bool IsDetached => !_content.IsPresent;

    /// <summary>Gets the digest algorithm as the message names it; it may be one that is not implemented.</summary>
    public AlgorithmIdentifier DigestAlgorithm { get; private set; } = new(Oids.Sha256);

    /// <summary>Opens a message: reads up to the content.</summary>
    /// <param name="input">BER, PEM or base64; read forward only, never closed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not DigestedData.</exception>
    /// <exception cref="LimitExceededException">The header exceeds a limit.</exception>
    public static async ValueTask<DigestedDataReader> OpenAsync(
        Stream input, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(cms, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static DigestedDataReader Open(Stream input, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(cms, options, CancellationToken.None).Finish();
    }

    /// <summary>Digests detached content.</summary>
    /// <param name="content">The content, read to its end; never closed.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the content has been read.</returns>
    /// <exception cref="InvalidOperationException">The message carries its content, or the content was given before.</exception>
    public async ValueTask DigestDetachedAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ExpectContentMissing(content);
        await PoisonOnErrorAsync(TakeDetachedAsync(content, synchronous: false, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DigestDetachedAsync"/>
    public void DigestDetached(Stream content)
    {
        ExpectContentMissing(content);
        PoisonOnErrorAsync(TakeDetachedAsync(content, synchronous: true, CancellationToken.None)).Finish();
    }

    /// <summary>Reads what is left and compares the digests.</summary>
    /// <param name="at">The instant at which the policy judges the digest algorithm.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The report. A digest that does not fit is an outcome, not an exception.</returns>
    /// <exception cref="MalformedDataException">The input does not end as DigestedData does.</exception>
    public ValueTask<DigestedDataReport> CompleteAsync(DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(CompleteCoreAsync(at, cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public DigestedDataReport Complete(DateTimeOffset at)
    {
        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        return PoisonOnErrorAsync(CompleteCoreAsync(at, CancellationToken.None)).Finish();
    }

    internal static async ValueTask<DigestedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        var reader = new DigestedDataReader(input, options);
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
        int count = await Input.Ber.ReadOctetsAsync(destination, EncapsulatedContent.ContentField, cancellationToken).ConfigureAwait(false);
        _digest?.Append(destination.Span[..count]);
        return count;
    }

    private protected override void Release() => _digest?.Dispose();

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        const string Field = "digestAlgorithm";
        BerTokenizer ber = Input.Ber;
        if (Input.ContentType != Oids.DigestedData)
        {
            throw ber.Malformed("content-type", "The message is not DigestedData", "contentInfo.contentType");
        }

        await ber.EnterAsync(Sequence, Name, cancellationToken).ConfigureAwait(false);
        _version = await Input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        byte[] algorithm = await ber.ReadLeafAsync(Field, MaxAlgorithmSize, nameof(MaxAlgorithmSize), cancellationToken).ConfigureAwait(false);
        DigestAlgorithm = Der.Decode(
            algorithm, Field, r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, ber.Position - algorithm.Length);
        _digest = Certificates.DigestAlgorithm.Find(DigestAlgorithm)?.CreateIncremental();
        _content = await EncapsulatedContent.BeginAsync(Input, Options.Policy, cancellationToken).ConfigureAwait(false);
        _contentMissing = !_content.IsPresent;
        Phase = _content.IsPresent ? ReaderPhase.Content : ReaderPhase.ContentEnded;
        if (_content.IsBareValue)
        {
            _deviations.Add(EncapsulatedContent.BareValueDeviation);
        }
    }

    private async ValueTask<DigestedDataReport> CompleteCoreAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        const string Field = "digest";
        BerTokenizer ber = Input.Ber;
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await _content.EndAsync(ber, cancellationToken).ConfigureAwait(false);
        byte[] encoded = await ber.ReadLeafAsync(Field, MaxDigestSize, nameof(MaxDigestSize), cancellationToken).ConfigureAwait(false);
        byte[] digest = Der.Decode(encoded, Field, r => r.ReadOctetString(), AsnEncodingRules.BER, ber.Position - encoded.Length);
        await ber.LeaveAsync(Name, cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        DigestVerdict verdict = Judge(digest, at);
        FindDeviations();
        Phase = ReaderPhase.Completed;
        return new DigestedDataReport
        {
            EncapsulatedContentType = EncapsulatedContentType,
            IsDetached = IsDetached,
            ContentLength = IsDetached ? _detachedLength : ContentLength,
            DigestAlgorithm = DigestAlgorithm,
            Digest = digest,
            Verdict = verdict,
            Weaknesses = Options.Policy.WeakDigests.Contains(DigestAlgorithm.Oid) ? ["weak-digest"] : [],
            Deviations = _deviations.ToImmutable(),
        };
    }

    private DigestVerdict Judge(byte[] digest, DateTimeOffset at) =>
        _digest is null ? new DigestVerdict.Unsupported(DigestAlgorithm.Oid)
            : Options.Policy.FindDigestObjection(DigestAlgorithm.Oid, at) is { } rule ? new DigestVerdict.RefusedByPolicy(rule)
            : !Options.Policy.ToleratesDeviations && HasUnexpectedNull ? new DigestVerdict.RefusedByPolicy("null-parameters")
            : _contentMissing ? new DigestVerdict.ContentMissing()
            : CryptographicOperations.FixedTimeEquals(_digest.GetDigest(), digest) ? new DigestVerdict.Matches()
            : new DigestVerdict.Mismatch();

    private bool HasUnexpectedNull => _digest is not null && !_digest.Algorithm.HasProperParameters(DigestAlgorithm);

    private void FindDeviations()
    {
        if (!DigestedDataVersion.IsProper(_version, EncapsulatedContentType, _content.IsBareValue))
        {
            _deviations.Add("digested-data-version"); // R3369-1-b: explains, does not decide
        }

        if (HasUnexpectedNull)
        {
            _deviations.Add("null-parameters");
        }
    }

    private async ValueTask<long> TakeDetachedAsync(Stream content, bool synchronous, CancellationToken cancellationToken)
    {
        _detachedLength = await DetachedContent
            .ReadAsync(content, octets => _digest?.Append(octets), synchronous, cancellationToken).ConfigureAwait(false);
        _contentMissing = false;
        return _detachedLength;
    }

    private void ExpectContentMissing(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Expect(ReaderPhase.ContentEnded, ReaderPhase.Content);
        if (!_contentMissing)
        {
            throw new InvalidOperationException(IsDetached ? "The content was given before." : "The message carries its content.");
        }
    }
}
