using System.Security.Cryptography;
using MimeKit;
using SmimeKit.Cms.Streaming;
using SmimeKit.Learning;
using SmimeKit.Mime;
using SmimeKit.Opening;

namespace SmimeKit;

/// <summary>Opens mail: peels every layer of S/MIME, decrypts, verifies, and reports.</summary>
/// <remarks>
/// Only the layers that enclose the whole body are opened (RFC 9787); S/MIME parts elsewhere are listed, not touched. Nothing is
/// fetched from anywhere. Instances are immutable and safe for concurrent use.
/// </remarks>
public sealed class SmimeOpener
{
    private readonly SmimeOpenOptions _options;

    /// <summary>Initializes an opener.</summary>
    /// <param name="options">Trust anchors, keys, stores, policy.</param>
    public SmimeOpener(SmimeOpenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Opens a mail as a stream: bytes in, bytes of the innermost entity out, report at the end.</summary>
    /// <param name="message">
    /// The mail as received, never closed. It is read forward; a seekable one is read again in part when it is clear-signed, large, and
    /// its <c>micalg</c> parameter has named the wrong digests.
    /// </param>
    /// <param name="output">
    /// Takes the innermost entity with its header. What it holds is provisional until the report is there; after an exception it holds
    /// a part that must not be used. Content of AuthEnvelopedData arrives only after its tag has verified.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The report. Signatures that do not hold are values in it, not exceptions.</returns>
    /// <exception cref="MalformedDataException">The mail or a layer is malformed.</exception>
    /// <exception cref="LimitExceededException">A named limit was exceeded.</exception>
    /// <exception cref="NoMatchingRecipientException">No key at hand opens an encrypted layer.</exception>
    /// <exception cref="DecryptionFailedException">An encrypted layer could not be decrypted.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses an encrypted layer.</exception>
    /// <exception cref="UnsupportedAlgorithmException">A layer is of a kind that is not supported.</exception>
    /// <exception cref="StoreException">A store failed.</exception>
    public ValueTask<SmimeReport> OpenAsync(Stream message, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        return PeelAsync(output, peeler => peeler.PeelMessageAsync(message, cancellationToken), cancellationToken);
    }

    /// <summary>Opens a mail that is in memory as MimeKit's object model.</summary>
    /// <param name="message">
    /// The mail. It is written out to be opened, and MimeKit does not always write what it has read: for mail from elsewhere prefer the
    /// overload that takes the stream.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The innermost entity and the report.</returns>
    /// <inheritdoc cref="OpenAsync(Stream, Stream, CancellationToken)" path="/exception"/>
    public ValueTask<OpenedMessage> OpenAsync(MimeMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return OpenWrittenAsync(output => message.WriteToAsync(MailFormat.Crlf, output, cancellationToken), cancellationToken);
    }

    /// <summary>Opens an entity that is in memory as MimeKit's object model: the body of a mail, or a part of one.</summary>
    /// <param name="entity">
    /// The entity. It has no From to compare signers with: see <see cref="SmimeOpenOptions.ExpectedAddress"/>. It is written out to be opened, as
    /// a message is.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The innermost entity and the report; to be disposed after the entity's last use.</returns>
    /// <inheritdoc cref="OpenAsync(Stream, Stream, CancellationToken)" path="/exception"/>
    public ValueTask<OpenedMessage> OpenAsync(MimeEntity entity, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return OpenWrittenAsync(output => entity.WriteToAsync(MailFormat.Crlf, output, cancellationToken), cancellationToken);
    }

    /// <summary>Opens a mail and loads the innermost entity into MimeKit's object model.</summary>
    /// <param name="message">The mail as received; read forward only, never closed.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The innermost entity and the report; to be disposed after the entity's last use.</returns>
    /// <inheritdoc cref="OpenAsync(Stream, Stream, CancellationToken)" path="/exception"/>
    public async ValueTask<OpenedMessage> OpenAsync(Stream message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var inner = new EncryptedSpool(_options.CmsLimits, _options.SpoolFolder);
        try
        {
            SmimeReport report = await OpenAsync(message, inner, cancellationToken).ConfigureAwait(false);
            inner.Position = 0;
            MimeEntity entity = await LoadAsync(inner, _options.Limits, cancellationToken).ConfigureAwait(false);
            return new OpenedMessage(entity, report, inner);
        }
        catch (FormatException)
        {
            inner.Dispose();
            throw new MalformedDataException("mime-structure", "The MIME structure of the content is malformed");
        }
        catch
        {
            inner.Dispose();
            throw;
        }
    }

    /// <summary>Opens CMS that has no MIME around it: a file that is signed or encrypted, in any nesting.</summary>
    /// <param name="message">BER, PEM or base64; read forward only, never closed.</param>
    /// <param name="output">
    /// Takes the innermost content; see <see cref="OpenAsync(Stream, Stream, CancellationToken)"/>. Content that is a MIME entity is
    /// opened further as one; any other content is the innermost.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The report. There is no From to compare signers with: see <see cref="SmimeOpenOptions.ExpectedAddress"/>.</returns>
    /// <inheritdoc cref="OpenAsync(Stream, Stream, CancellationToken)" path="/exception"/>
    public ValueTask<SmimeReport> OpenCmsAsync(Stream message, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        return PeelAsync(output, peeler => peeler.PeelCmsMessageAsync(message, cancellationToken), cancellationToken);
    }

    /// <summary>Verifies a detached signature over content that lies beside it.</summary>
    /// <param name="signature">SignedData without content: BER, PEM or base64; read to its end, never closed.</param>
    /// <param name="content">
    /// What was signed; read to its end, never closed. Text with bare line feeds is also tried with CRLF, as most programs sign text; the
    /// report then has the warning <c>canonicalized</c>.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The report; its content length and digest are those of <paramref name="content"/>.</returns>
    /// <inheritdoc cref="OpenAsync(Stream, Stream, CancellationToken)" path="/exception"/>
    public ValueTask<SmimeReport> VerifyDetachedAsync(Stream signature, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(content);
        return PeelAsync(Stream.Null, peeler => peeler.VerifyDetachedAsync(signature, content, cancellationToken), cancellationToken);
    }

    private async ValueTask<SmimeReport> PeelAsync(
        Stream output, Func<LayerPeeler, ValueTask<SmimeReport>> peel, CancellationToken cancellationToken)
    {
        using IncrementalHash? digest = _options.ComputesContentDigest ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        var paths = new MessagePaths(_options);
        SmimeReport report = await peel(new LayerPeeler(_options, paths, output, digest)).ConfigureAwait(false);
        await CertificateLearner.LearnAsync(_options, paths, report, cancellationToken).ConfigureAwait(false);
        return report;
    }

    private async ValueTask<OpenedMessage> OpenWrittenAsync(Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        using var whole = new EncryptedSpool(_options.CmsLimits, _options.SpoolFolder);
        await write(whole).ConfigureAwait(false);
        whole.Position = 0;
        return await OpenAsync(whole, cancellationToken).ConfigureAwait(false);
    }

    // A message that only carries certificates has no content to parse.
    private static async ValueTask<MimeEntity> LoadAsync(Stream content, SmimeLimits limits, CancellationToken cancellationToken) =>
        content.Length == 0
            ? new TextPart("plain") { Text = "" }
            : await MimeEntity.LoadAsync(BoundedMimeReader.CreateOptions(limits), content, persistent: true, cancellationToken).ConfigureAwait(false);
}
