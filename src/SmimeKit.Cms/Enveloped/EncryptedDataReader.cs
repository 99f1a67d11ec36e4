using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Reads EncryptedData, RFC 5652 §8: content encrypted under a key that comes from elsewhere.</summary>
/// <remarks>
/// The content is unauthenticated: an attacker can change it without knowing the key. Opening reads the header only;
/// <see cref="Decrypt"/> unlocks <see cref="CmsContentReader.Content"/>; <see cref="CompleteAsync"/> gives the report. <code>
/// EncryptedData ::= SEQUENCE {
///     version, encryptedContentInfo,
///     unprotectedAttrs  [1] IMPLICIT UnprotectedAttributes OPTIONAL }
/// </code></remarks>
public sealed class EncryptedDataReader : CmsContentReader
{
    private const byte Sequence = 0x30;
    private const string Name = "encryptedData";

    private readonly EncryptedContentInfoHeader _header;
    private readonly CiphertextSource _ciphertext;
    private ContentEncryption? _encryption;
    private PlaintextReader? _plaintext;
    private EncryptedDataReport? _report;

    private EncryptedDataReader(CmsInput input, int version, EncryptedContentInfoHeader header, CmsReaderOptions options)
        : base(input, options)
    {
        Version = version;
        _header = header;
        _ciphertext = new CiphertextSource(input.Ber, options);
    }

    /// <summary>Gets the content-encryption algorithm as the message names it; it may be one that is not implemented.</summary>
    public AlgorithmIdentifier ContentEncryptionAlgorithm => _header.ContentEncryptionAlgorithm;

    /// <summary>Gets the type of the encrypted content as an object identifier.</summary>
    public string EncapsulatedContentType => _header.ContentType;

    /// <summary>Gets the version as written, which explains and does not decide; -1 when it is unreadable.</summary>
    public int Version { get; }

    /// <summary>Opens a message and reads its header.</summary>
    /// <param name="message">The message as BER, PEM or base64; read forward only, not closed.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not EncryptedData.</exception>
    /// <exception cref="LimitExceededException">A limit of the options is exceeded.</exception>
    public static async ValueTask<EncryptedDataReader> OpenAsync(
        Stream message, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        options ??= CmsReaderOptions.Default;
        CmsInput input = await CmsInput.OpenAsync(message, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static EncryptedDataReader Open(Stream message, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        options ??= CmsReaderOptions.Default;
        CmsInput input = CmsInput.OpenAsync(message, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(input, options, CancellationToken.None).Finish();
    }

    /// <summary>Takes the key and makes the content accessible. Nothing is read for it.</summary>
    /// <param name="key">The content-encryption key (RFC 9709: the key that it is derived from); copied where needed, wiped on dispose.</param>
    /// <param name="at">The instant at which the policy judges.</param>
    /// <remarks>After an exception the call may be repeated with another key.</remarks>
    /// <exception cref="PolicyViolationException">The policy refuses the cipher; the key was not used.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The cipher is not implemented.</exception>
    /// <exception cref="DecryptionFailedException">The key is none for this cipher: it has another size, for instance.</exception>
    /// <exception cref="MalformedDataException">The cipher's parameters are not sound, or the ciphertext is absent.</exception>
    public void Decrypt(byte[] key, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(key);
        Expect(ReaderPhase.Opened, ReaderPhase.Opened);
        _encryption = ContentEncryption.Accept(_header.ContentEncryptionAlgorithm, CheckPlace, Options.Policy, at);
        _header.RequireEncryptedContent();
        if (!_encryption.IsUsable(key))
        {
            throw new DecryptionFailedException();
        }

        _plaintext = new PlaintextReader(_ciphertext, _encryption.CreateDecryptor(key));
        Phase = ReaderPhase.Content;
    }

    /// <summary>Reads what is left, checks the end of the message, and reports.</summary>
    /// <param name="cancellationToken">Ends the operation; the reader cannot be used further then.</param>
    /// <returns>The report; the same one when called again.</returns>
    /// <exception cref="DecryptionFailedException">The content could not be decrypted.</exception>
    /// <exception cref="MalformedDataException">The message does not follow its format, or bytes follow it.</exception>
    public ValueTask<EncryptedDataReport> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (Phase == ReaderPhase.Completed)
        {
            return new ValueTask<EncryptedDataReport>(_report!);
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(FinishAsync(cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public EncryptedDataReport Complete()
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
    internal static async ValueTask<EncryptedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (input.ContentType != Oids.EncryptedData)
            {
                throw input.Ber.Malformed("content-type", "The message is not EncryptedData", "contentInfo.contentType");
            }

            await input.Ber.EnterAsync(Sequence, Name, cancellationToken).ConfigureAwait(false);
            int version = await input.ReadVersionAsync(Name + ".version", cancellationToken).ConfigureAwait(false);
            EncryptedContentInfoHeader header = await EncryptedContentInfoHeader.ReadAsync(input, cancellationToken).ConfigureAwait(false);
            return new EncryptedDataReader(input, version, header, options);
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
        int count = await _plaintext!.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        if (count == 0 && !destination.IsEmpty)
        {
            await Input.Ber.LeaveAsync("encryptedContentInfo", cancellationToken).ConfigureAwait(false);
            if (_plaintext.Padding <= 0)
            {
                throw new DecryptionFailedException();
            }
        }

        return count;
    }

    /// <inheritdoc/>
    private protected override void Release()
    {
        _plaintext?.Dispose();
        _ciphertext.Dispose();
    }

    // There is no field for a tag (CVE-2026-34182, R9709-5-b).
    private static void CheckPlace(ContentEncryptionAlgorithm algorithm)
    {
        if (algorithm.IsAuthenticated)
        {
            throw new MalformedDataException(
                "aead-in-encrypted-data", "An authenticating cipher belongs into AuthEnvelopedData", -1, "encryptedContentInfo.contentEncryptionAlgorithm");
        }
    }

    private async ValueTask<EncryptedDataReport> FinishAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        CmsAttributes attributes = await UnprotectedAttributesField.ReadAsync(Input, cancellationToken).ConfigureAwait(false);
        await Input.Ber.LeaveAsync(Name, cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        ContentEncryption encryption = _encryption!;
        _report = new EncryptedDataReport
        {
            EncapsulatedContentType = EncapsulatedContentType,
            ContentLength = ContentLength,
            Algorithm = encryption.Algorithm,
            DerivesContentKey = encryption.DerivesKey,
            UnprotectedAttributes = attributes,
            Weaknesses = Options.Policy.WeakContentEncryption.Contains(encryption.Algorithm.Oid) ? ["weak-cipher"] : [],
            Deviations = Version == EnvelopeVersion.OfEncryptedData(attributes.Count > 0) ? [] : ["version"], // R3369-1-b
        };
        Phase = ReaderPhase.Completed;
        return _report;
    }
}
