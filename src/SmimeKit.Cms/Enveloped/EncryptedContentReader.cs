using System.Buffers;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>A layer of encryption for recipients, read in one forward pass: EnvelopedData or AuthEnvelopedData.</summary>
/// <remarks>
/// Opening reads the header only. <see cref="DecryptAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/> recovers the content-encryption key and unlocks
/// <see cref="CmsContentReader.Content"/>; <see cref="CompleteAsync"/> gives the report. Every failure after the choice of a recipient
/// is the same <see cref="DecryptionFailedException"/>.
/// </remarks>
public abstract class EncryptedContentReader : CmsContentReader
{
    private readonly EnvelopeHeader _header;
    private readonly List<string> _weaknesses = [];
    private ContentEncryption? _encryption;
    private ContentKey? _key;
    private DecryptionReport? _report;

    private protected EncryptedContentReader(CmsInput input, EnvelopeHeader header, CmsReaderOptions options)
        : base(input, options)
    {
        _header = header;
        Ciphertext = new CiphertextSource(input.Ber, options);
    }

    /// <summary>Gets the recipients as the message names them; decoded on first use. Nothing here is verified.</summary>
    public IReadOnlyList<RecipientInfo> Recipients => _header.Start.Recipients.Decoded;

    /// <summary>Gets the certificates that the originator sent along for key agreement, unverified.</summary>
    public CarriedCertificates Originator => _header.Start.Originator;

    /// <summary>Gets the content-encryption algorithm as the message names it; it may be one that is not implemented.</summary>
    public AlgorithmIdentifier ContentEncryptionAlgorithm => _header.ContentInfo.ContentEncryptionAlgorithm;

    /// <summary>Gets the type of the encrypted content as an object identifier: id-data for a MIME entity.</summary>
    public string EncapsulatedContentType => _header.ContentInfo.ContentType;

    /// <summary>Gets the version as written, which explains and does not decide; -1 when it is unreadable.</summary>
    public int Version => _header.Start.Version;

    /// <summary>Gets whether the content is authenticated once it is handed out: the rule of the derived type.</summary>
    private protected abstract bool Authenticates { get; }

    private protected (bool HasOther, bool HasLaterVersion) RecipientVersionFacts => _header.Start.Recipients.GetVersionFacts();

    /// <summary>Gets the name of the type in its RFC.</summary>
    private protected abstract string ContentName { get; }

    private protected CiphertextSource Ciphertext { get; }

    private protected PlaintextReader? Plaintext { get; private set; }

    private protected bool KeyIsLost => _key!.IsLost;

    private protected ContentEncryption Encryption => _encryption!;

    /// <summary>Recovers the content-encryption key with one of the keys at hand and unlocks the content.</summary>
    /// <param name="keys">The keys at hand; used, not kept and not disposed.</param>
    /// <param name="at">The instant at which the policy judges.</param>
    /// <param name="cancellationToken">Ends the operation; the reader cannot be used further then.</param>
    /// <returns>A task that ends when the content may be read.</returns>
    /// <remarks>
    /// AuthEnvelopedData is read to its end here and released only if its tag verifies, unless <see cref="ReleaseMode.Provisional"/> was
    /// chosen. EnvelopedData has no integrity protection: its content is handed out as it is decrypted, and that includes
    /// whatever an attacker made of it. After one of the first three exceptions below, the call may be repeated with other keys.
    /// </remarks>
    /// <exception cref="NoMatchingRecipientException">No key belongs to a recipient; none was used.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses the cipher, the key or the key management; no key was used.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The cipher or the key management is not implemented.</exception>
    /// <exception cref="DecryptionFailedException">The content could not be decrypted.</exception>
    /// <exception cref="MalformedDataException">The message does not follow its format.</exception>
    public ValueTask DecryptAsync(RecipientKeys keys, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        ContentKeySearch search = PrepareSearch(keys, at);
        Input.Synchronous = false;
        return ToTask(PoisonOnErrorAsync(UnlockAsync(search, cancellationToken)));
    }

    /// <inheritdoc cref="DecryptAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/>
    public ValueTask DecryptAsync(IReadOnlyList<IDecryptionKey> keys, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        DecryptAsync(new RecipientKeys { PrivateKeys = keys }, at, cancellationToken);

    /// <inheritdoc cref="DecryptAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/>
    public void Decrypt(IReadOnlyList<IDecryptionKey> keys, DateTimeOffset at) => Decrypt(new RecipientKeys { PrivateKeys = keys }, at);

    /// <inheritdoc cref="DecryptAsync(RecipientKeys, DateTimeOffset, CancellationToken)"/>
    public void Decrypt(RecipientKeys keys, DateTimeOffset at)
    {
        ContentKeySearch search = PrepareSearch(keys, at);
        Input.Synchronous = true;
        PoisonOnErrorAsync(UnlockAsync(search, CancellationToken.None)).Finish();
    }

    /// <summary>Reads what is left, checks the end of the message, and reports.</summary>
    /// <param name="cancellationToken">Ends the operation; the reader cannot be used further then.</param>
    /// <returns>The report; the same one when called again.</returns>
    /// <exception cref="DecryptionFailedException">The content could not be decrypted.</exception>
    /// <exception cref="MalformedDataException">The message does not follow its format, or bytes follow it.</exception>
    public ValueTask<DecryptionReport> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (Phase == ReaderPhase.Completed)
        {
            return new ValueTask<DecryptionReport>(_report!);
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(FinishAsync(cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public DecryptionReport Complete()
    {
        if (Phase == ReaderPhase.Completed)
        {
            return _report!;
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        return PoisonOnErrorAsync(FinishAsync(CancellationToken.None)).Finish();
    }

    /// <inheritdoc/>
    private protected override void Release()
    {
        Plaintext?.Dispose();
        Ciphertext.Dispose();
        _header.Start.Recipients.Dispose();
        _key?.Dispose();
    }

    /// <inheritdoc/>
    private protected override async ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = await Plaintext!.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        if (count == 0 && !destination.IsEmpty)
        {
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <summary>Refuses an algorithm that does not belong into this type (attack: AEAD read as CBC, RFC 9709 §1).</summary>
    private protected abstract void CheckPlace(ContentEncryptionAlgorithm algorithm);

    /// <summary>Reads what follows the ciphertext and is needed to verify it; called again, does nothing.</summary>
    private protected abstract ValueTask ReadTailAsync(CancellationToken cancellationToken);

    /// <summary>Grades a pass over the ciphertext that has ended: positive when this was the right key, higher with more evidence.</summary>
    private protected abstract int Grade(PlaintextReader plaintext);

    /// <summary>Makes the content readable with the key that was chosen.</summary>
    private protected virtual ValueTask UnlockContentAsync(ContentKey key, CancellationToken cancellationToken)
    {
        Plaintext = new PlaintextReader(Ciphertext, CreateCipher(key));
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates the cipher that decrypts with a key.</summary>
    private protected virtual ContentCipher CreateCipher(ContentKey key) => _encryption!.CreateDecryptor(key.Key);

    /// <summary>Reads the remaining fields of the type and adds them to the report.</summary>
    private protected abstract ValueTask<DecryptionReport> ReadRestAsync(DecryptionReport report, CancellationToken cancellationToken);

    /// <summary>Gets the version that the message should have.</summary>
    private protected abstract int GetExpectedVersion(DecryptionReport report);

    /// <summary>Reads what follows the ciphertext and throws unless the pass that has ended was good.</summary>
    private protected async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        await ReadTailAsync(cancellationToken).ConfigureAwait(false);
        if (Grade(Plaintext!) <= 0 || KeyIsLost)
        {
            throw new DecryptionFailedException();
        }
    }

    private static async ValueTask ToTask(ValueTask<bool> operation) => await operation.ConfigureAwait(false);

    // All that can be refused is refused here, before a key is used and while the reader is still good for another attempt.
    private ContentKeySearch PrepareSearch(RecipientKeys keys, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Expect(ReaderPhase.Opened, ReaderPhase.Opened);
        _encryption = ContentEncryption.Accept(_header.ContentInfo.ContentEncryptionAlgorithm, CheckPlace, Options.Policy, at);
        _header.ContentInfo.RequireEncryptedContent();
        return ContentKeySearch.Prepare(
            _header.Start.Recipients,
            keys,
            new RecoveryContext(Options.Policy, Options.Limits, at, _header.Start.Originator.Certificates));
    }

    private async ValueTask<bool> UnlockAsync(ContentKeySearch search, CancellationToken cancellationToken)
    {
        ContentEncryption encryption = _encryption!;
        List<ContentKey> candidates = await search
            .RunAsync(encryption.IsUsable, encryption.KeySizes, cancellationToken).ConfigureAwait(false);
        try
        {
            int chosen = candidates.Count == 1 ? 0 : await ChooseAsync(candidates, cancellationToken).ConfigureAwait(false);
            _key = candidates[chosen];
            candidates.RemoveAt(chosen);
        }
        finally
        {
            candidates.ForEach(c => c.Dispose());
        }

        await UnlockContentAsync(_key, cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Content;
        return true;
    }

    // The stream passes once, so the ciphertext is kept, and every candidate runs over all of it, whatever the others came to.
    private async ValueTask<int> ChooseAsync(List<ContentKey> candidates, CancellationToken cancellationToken)
    {
        await Ciphertext.KeepAsync(cancellationToken).ConfigureAwait(false);
        await ReadTailAsync(cancellationToken).ConfigureAwait(false);
        (int chosen, int best) = (0, 0);
        for (int i = 0; i < candidates.Count; i++)
        {
            int grade = await TryAsync(candidates[i], cancellationToken).ConfigureAwait(false);
            (chosen, best) = grade > best ? (i, grade) : (chosen, best);
        }

        return chosen;
    }

    /// <summary>Runs a key over the ciphertext that is kept, drops what comes out, and goes back to the start.</summary>
    /// <returns>The grade of the pass.</returns>
    private protected async ValueTask<int> TryAsync(ContentKey key, CancellationToken cancellationToken)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(ContentCipher.PieceSize);
        try
        {
            using var attempt = new PlaintextReader(Ciphertext, CreateCipher(key));
            while (await attempt.ReadAsync(scratch, cancellationToken).ConfigureAwait(false) > 0)
            {
            }

            Ciphertext.Rewind();
            return Grade(attempt);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scratch);
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private async ValueTask<DecryptionReport> FinishAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        KeyRecovery recovery = _key!.Recovery;
        if (Options.Policy.WeakContentEncryption.Contains(_encryption!.Algorithm.Oid))
        {
            _weaknesses.Add("weak-cipher");
        }

        if (Authenticates && _encryption.TagSize < ContentCipherParameters.MinTagSize)
        {
            _weaknesses.Add("short-tag");
        }

        var report = new DecryptionReport
        {
            EncapsulatedContentType = EncapsulatedContentType,
            ContentLength = ContentLength,
            Algorithm = _encryption.Algorithm,
            DerivesContentKey = _encryption.DerivesKey,
            IsAuthenticated = Authenticates,
            Recipient = recovery.Recipient,
            RecipientCertificate = recovery.Source.Certificate,
            OriginatorCertificate = recovery.OriginatorCertificate,
            Weaknesses = [.. _weaknesses, .. recovery.Weaknesses],
            Deviations = [.. recovery.Deviations],
        };
        report = await ReadRestAsync(report, cancellationToken).ConfigureAwait(false);
        _report = Version == GetExpectedVersion(report)
            ? report
            : report with { Deviations = [.. report.Deviations, "version"] }; // R3369-1-b: explains, does not decide
        await Input.Ber.LeaveAsync(ContentName, cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        return _report;
    }
}
