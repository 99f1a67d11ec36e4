using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>Reads AuthenticatedData, RFC 5652 §9, in one forward pass: content with a MAC whose key is encrypted to recipients.</summary>
/// <remarks><code>
/// AuthenticatedData ::= SEQUENCE {
///     version           CMSVersion,
///     originatorInfo    [0] IMPLICIT OriginatorInfo OPTIONAL,
///     recipientInfos    RecipientInfos,
///     macAlgorithm      MessageAuthenticationCodeAlgorithm,
///     digestAlgorithm   [1] DigestAlgorithmIdentifier OPTIONAL,
///     encapContentInfo  EncapsulatedContentInfo,
///     authAttrs         [2] IMPLICIT AuthAttributes OPTIONAL,
///     mac               MessageAuthenticationCode,
///     unauthAttrs       [3] IMPLICIT UnauthAttributes OPTIONAL }
/// </code>
/// <see cref="AuthenticateAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/> recovers the key. Nothing is handed out before the MAC has
/// verified, unless <see cref="ReleaseMode.Provisional"/> is chosen; the content is not encrypted, and whoever carries the message can read it.
/// Every failure after the choice of a recipient is the same <see cref="DecryptionFailedException"/>. What a good MAC says about the sender
/// is in <see cref="AuthenticatedDataReport.Origin"/>: nothing as a rule.
/// </remarks>
public sealed class AuthenticatedDataReader : CmsContentReader
{
    private const string Name = "authenticatedData";

    private readonly AuthenticatedHeader _header;
    private MacAlgorithm? _algorithm;
    private DigestAlgorithm? _digest;
    private MacVerification? _verification;
    private AuthenticatedTail? _tail;
    private KeyRecovery? _recovery;
    private EncryptedSpool? _withheld;
    private AuthenticatedDataReport? _report;
    private bool _contentMissing;

    private AuthenticatedDataReader(CmsInput input, AuthenticatedHeader header, CmsReaderOptions options)
        : base(input, options)
    {
        _header = header;
        _contentMissing = !header.Content.IsPresent;
    }

    /// <summary>Gets the recipients as the message names them; decoded on first use. Nothing here is verified.</summary>
    public IReadOnlyList<RecipientInfo> Recipients => _header.Start.Recipients.Decoded;

    /// <summary>Gets the certificates that the originator sent along for key agreement, unverified.</summary>
    public CarriedCertificates Originator => _header.Start.Originator;

    /// <summary>Gets the MAC algorithm as the message names it; it may be one that is not implemented.</summary>
    public AlgorithmIdentifier MacAlgorithm => _header.MacAlgorithm;

    /// <summary>Gets the digest that binds the content to the attributes as the message names it; null when it has no attributes.</summary>
    public AlgorithmIdentifier? DigestAlgorithm => _header.DigestAlgorithm;

    /// <summary>Gets the type of the content as an object identifier.</summary>
    public string EncapsulatedContentType => _header.Content.ContentType;

    /// <summary>Gets whether the message carries no content: it comes from outside.</summary>
    public bool IsDetached => !_header.Content.IsPresent;

    /// <summary>Gets the version as written, which explains and does not decide; -1 when it is unreadable.</summary>
    public int Version => _header.Start.Version;

    /// <summary>Opens a message: reads up to the content.</summary>
    /// <param name="input">BER, PEM or base64; read forward only, never closed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not AuthenticatedData.</exception>
    /// <exception cref="LimitExceededException">The header exceeds a limit.</exception>
    public static async ValueTask<AuthenticatedDataReader> OpenAsync(
        Stream input, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(cms, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static AuthenticatedDataReader Open(Stream input, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(cms, options, CancellationToken.None).Finish();
    }

    /// <summary>Recovers the key with one of those at hand, and verifies what the message carries.</summary>
    /// <param name="keys">The keys at hand; used, not kept and not disposed.</param>
    /// <param name="at">The instant at which the policy judges.</param>
    /// <param name="cancellationToken">Ends the operation; the reader cannot be used further then.</param>
    /// <returns>A task that ends when the content may be read.</returns>
    /// <remarks>
    /// The message is read to its end here and its content released only if the MAC verifies; with <see cref="ReleaseMode.Provisional"/>, and
    /// with detached content, only the key is recovered here. After one of the first three exceptions below, the call may be repeated.
    /// </remarks>
    /// <exception cref="NoMatchingRecipientException">No key belongs to a recipient; none was used.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses an algorithm or the key; or the content poses as attributes.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The MAC, the digest or the key management is not implemented.</exception>
    /// <exception cref="DecryptionFailedException">The key could not be recovered, or the MAC, the digest or the type does not fit.</exception>
    /// <exception cref="MalformedDataException">The message does not follow its format.</exception>
    public ValueTask AuthenticateAsync(RecipientKeys keys, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        ContentKeySearch search = PrepareSearch(keys, at);
        Input.Synchronous = false;
        return ToTask(PoisonOnErrorAsync(UnlockAsync(search, cancellationToken)));
    }

    /// <inheritdoc cref="AuthenticateAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/>
    public ValueTask AuthenticateAsync(IReadOnlyList<IDecryptionKey> keys, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        AuthenticateAsync(new RecipientKeys { PrivateKeys = keys }, at, cancellationToken);

    /// <inheritdoc cref="AuthenticateAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/>
    public void Authenticate(IReadOnlyList<IDecryptionKey> keys, DateTimeOffset at) => Authenticate(new RecipientKeys { PrivateKeys = keys }, at);

    /// <inheritdoc cref="AuthenticateAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/>
    public void Authenticate(RecipientKeys keys, DateTimeOffset at)
    {
        ContentKeySearch search = PrepareSearch(keys, at);
        Input.Synchronous = true;
        PoisonOnErrorAsync(UnlockAsync(search, CancellationToken.None)).Finish();
    }

    /// <summary>Takes content that lies beside the message, after the key was recovered. It is good only once the reader has completed.</summary>
    /// <param name="content">The content, read to its end; never closed.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the content has been read.</returns>
    /// <exception cref="InvalidOperationException">The message carries its content, or the content was given before.</exception>
    public async ValueTask TakeDetachedAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ExpectContentMissing(content);
        await PoisonOnErrorAsync(TakeDetachedAsync(content, synchronous: false, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="TakeDetachedAsync(Stream, CancellationToken)"/>
    public void TakeDetached(Stream content)
    {
        ExpectContentMissing(content);
        PoisonOnErrorAsync(TakeDetachedAsync(content, synchronous: true, CancellationToken.None)).Finish();
    }

    /// <summary>Reads what is left, checks the end of the message, and reports.</summary>
    /// <param name="cancellationToken">Ends the operation; the reader cannot be used further then.</param>
    /// <returns>The report, which exists only for content whose MAC has verified; the same one when called again.</returns>
    /// <exception cref="DecryptionFailedException">The MAC, the digest or the type does not fit, or the key could not be recovered.</exception>
    /// <exception cref="MalformedDataException">The message does not follow its format, has no content, or bytes follow it.</exception>
    public ValueTask<AuthenticatedDataReport> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (Phase == ReaderPhase.Completed)
        {
            return new ValueTask<AuthenticatedDataReport>(_report!);
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(FinishAsync(cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public AuthenticatedDataReport Complete()
    {
        if (Phase == ReaderPhase.Completed)
        {
            return _report!;
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        return PoisonOnErrorAsync(FinishAsync(CancellationToken.None)).Finish();
    }

    /// <summary>Reads the header from an input that stands at the content; takes over the input, disposing it on failure.</summary>
    internal static async ValueTask<AuthenticatedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (input.ContentType != Oids.AuthenticatedData)
            {
                throw input.Ber.Malformed("content-type", "The message is not AuthenticatedData", "contentInfo.contentType");
            }

            AuthenticatedHeader header = await AuthenticatedHeader.ReadAsync(input, options, Name, cancellationToken).ConfigureAwait(false);
            return new AuthenticatedDataReader(input, header, options);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    private protected override async ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_withheld is not null)
        {
            return _withheld.Read(destination.Span);
        }

        int count = await Input.Ber.ReadOctetsAsync(destination, EncapsulatedContent.ContentField, cancellationToken).ConfigureAwait(false);
        _verification!.Append(destination.Span[..count]);
        if (count == 0 && !destination.IsEmpty)
        {
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <inheritdoc/>
    private protected override void Release()
    {
        _verification?.Dispose();
        _withheld?.Dispose();
        _header.Start.Dispose();
    }

    private static async ValueTask ToTask(ValueTask<bool> operation) => await operation.ConfigureAwait(false);

    // All that can be refused is refused here, before a key is used and while the reader is still good for another attempt.
    private ContentKeySearch PrepareSearch(RecipientKeys keys, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Expect(ReaderPhase.Opened, ReaderPhase.Opened);
        _algorithm = Algorithms.MacAlgorithm.Find(MacAlgorithm.Oid)
            ?? throw new UnsupportedAlgorithmException(MacAlgorithm.Oid, "The MAC algorithm is not supported.");
        if (Options.Policy.FindMacObjection(_algorithm.Oid, at) is { } macRule)
        {
            throw new PolicyViolationException(macRule, $"The policy refuses {_algorithm.Name}.");
        }

        _ = _algorithm.ReadSize(MacAlgorithm);
        _digest = FindDigest(at);
        return ContentKeySearch.Prepare(
            _header.Start.Recipients, keys, new RecoveryContext(Options.Policy, Options.Limits, at, Originator.Certificates));
    }

    private DigestAlgorithm? FindDigest(DateTimeOffset at)
    {
        if (DigestAlgorithm is not { } identifier)
        {
            return null;
        }

        DigestAlgorithm digest = Certificates.DigestAlgorithm.Find(identifier)
            ?? throw new UnsupportedAlgorithmException(identifier.Oid, "The digest algorithm is not supported.");
        return Options.Policy.FindDigestObjection(digest.Oid, at) is { } rule
            ? throw new PolicyViolationException(rule, $"The policy refuses {digest.Name}.")
            : digest;
    }

    private async ValueTask<bool> UnlockAsync(ContentKeySearch search, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> keySizes = MacKeySize.Find(_algorithm!, Recipients);
        List<ContentKey> keys = await search.RunAsync(_ => true, keySizes, cancellationToken).ConfigureAwait(false);
        _verification = new MacVerification(keys, _algorithm!, MacAlgorithm, _digest);
        if (!IsDetached && Options.ReleaseMode != ReleaseMode.Provisional)
        {
            await WithholdAsync(cancellationToken).ConfigureAwait(false);
        }

        Phase = IsDetached ? ReaderPhase.ContentEnded : ReaderPhase.Content;
        return true;
    }

    // Keeps all of the content, and lets it go once it has verified.
    private async ValueTask WithholdAsync(CancellationToken cancellationToken)
    {
        _withheld = new EncryptedSpool(Options.Limits, Options.SpoolFolder);
        Memory<byte> room = _withheld.GetBuffer();
        int count;
        while ((count = await Input.Ber.ReadOctetsAsync(room, EncapsulatedContent.ContentField, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _verification!.Append(room.Span[..count]);
            _withheld.Advance(count);
            room = _withheld.GetBuffer();
        }

        await VerifyAsync(cancellationToken).ConfigureAwait(false);
        _withheld.Rewind();
    }

    private async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        await _header.Content.EndAsync(Input.Ber, cancellationToken).ConfigureAwait(false);
        _tail = await AuthenticatedTail.ReadAsync(Input, cancellationToken).ConfigureAwait(false);
        string contentType = EncapsulatedContentType;
        if (AuthenticatedAttributeRules.FindFault(_tail.Attributes, contentType, DigestAlgorithm is not null) is { } fault)
        {
            throw Input.Ber.Malformed(fault, "The authenticated attributes are not as RFC 5652 §9.1 wants them", "authAttrs");
        }

        if (_verification!.LooksLikeAttributes)
        {
            throw new PolicyViolationException(
                "content-looks-like-attributes", "The content is a set of attributes: a MAC over it may be that of another message with attributes.");
        }

        _recovery = _verification.Finish(_tail, contentType, DigestAlgorithm, MacAlgorithm) ?? throw new DecryptionFailedException();
    }

    private async ValueTask<AuthenticatedDataReport> FinishAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        if (_contentMissing)
        {
            throw Input.Ber.Malformed("content-absent", "The message carries no content and none was given", EncapsulatedContent.ContentField);
        }

        if (_recovery is null)
        {
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        await Input.Ber.LeaveAsync(Name, cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        return _report = Report(_recovery!);
    }

    private AuthenticatedDataReport Report(KeyRecovery recovery) => new()
    {
        EncapsulatedContentType = EncapsulatedContentType,
        IsDetached = IsDetached,
        ContentLength = _verification!.Length,
        Algorithm = _algorithm!,
        Digest = _digest,
        Origin = OriginEvidenceRules.Of(recovery.Recipient, Recipients.Count),
        Recipient = recovery.Recipient,
        RecipientCertificate = recovery.Source.Certificate,
        AuthenticatedAttributes = _tail!.Attributes,
        UnauthenticatedAttributes = _tail.UnauthenticatedAttributes,
        Weaknesses = [.. FindWeaknesses(), .. recovery.Weaknesses],
        Deviations = [.. FindDeviations(), .. recovery.Deviations],
    };

    private IEnumerable<string> FindWeaknesses()
    {
        if (Options.Policy.WeakMacs.Contains(_algorithm!.Oid))
        {
            yield return "weak-mac";
        }

        if (_digest is not null && Options.Policy.WeakDigests.Contains(_digest.Oid))
        {
            yield return "weak-digest";
        }
    }

    private List<string> FindDeviations()
    {
        List<string> deviations = [];
        if (_header.Content.IsBareValue)
        {
            deviations.Add(EncapsulatedContent.BareValueDeviation);
        }

        if (Version != AuthenticatedDataVersion.Of(Originator))
        {
            deviations.Add("authenticated-data-version"); // R3369-1-b: explains, does not decide
        }

        return deviations;
    }

    private async ValueTask<bool> TakeDetachedAsync(Stream content, bool synchronous, CancellationToken cancellationToken)
    {
        await DetachedContent.ReadAsync(content, _verification!.Append, synchronous, cancellationToken).ConfigureAwait(false);
        _contentMissing = false;
        return true;
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
