using MimeKit;
using SmimeKit.Cms.Streaming;
using SmimeKit.Mime;
using SmimeKit.Protecting;

namespace SmimeKit;

/// <summary>Protects mail: signs, encrypts, or both in any order.</summary>
/// <remarks>
/// All keys and certificates are found before the first byte is written; a recipient without certificate is an error, never left out.
/// The body's leaves get transfer encodings that survive relays, and their text CRLF; apart from that the caller's message is not changed.
/// Instances are immutable and safe for concurrent use.
/// </remarks>
public sealed partial class SmimeProtector
{
    private static readonly ProtectionLayer[] _sign = [ProtectionLayer.Sign];
    private static readonly ProtectionLayer[] _encrypt = [ProtectionLayer.Encrypt];
    private static readonly ProtectionLayer[] _signThenEncrypt = [ProtectionLayer.Sign, ProtectionLayer.Encrypt];

    private readonly SmimeProtectOptions _options;

    /// <summary>Initializes a protector.</summary>
    /// <param name="options">Keys, stores, choices.</param>
    public SmimeProtector(SmimeProtectOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Signs a message.</summary>
    /// <inheritdoc cref="ProtectAsync(MimeMessage, IReadOnlyList{ProtectionLayer}, CancellationToken)"/>
    public ValueTask<MimeMessage> SignAsync(MimeMessage message, CancellationToken cancellationToken = default) =>
        ProtectAsync(message, _sign, cancellationToken);

    /// <summary>Encrypts a message to its recipients and its sender. Without a signature inside, nobody knows who wrote it.</summary>
    /// <inheritdoc cref="ProtectAsync(MimeMessage, IReadOnlyList{ProtectionLayer}, CancellationToken)"/>
    public ValueTask<MimeMessage> EncryptAsync(MimeMessage message, CancellationToken cancellationToken = default) =>
        ProtectAsync(message, _encrypt, cancellationToken);

    /// <summary>Signs a message, and encrypts it with the signature inside.</summary>
    /// <inheritdoc cref="ProtectAsync(MimeMessage, IReadOnlyList{ProtectionLayer}, CancellationToken)"/>
    public ValueTask<MimeMessage> SignThenEncryptAsync(MimeMessage message, CancellationToken cancellationToken = default) =>
        ProtectAsync(message, _signThenEncrypt, cancellationToken);

    /// <summary>Protects a message.</summary>
    /// <param name="message">The message. Its header stays outside and in the clear.</param>
    /// <param name="layers">The layers, innermost first.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A new message, which the caller disposes: its parts are windows on temporary storage.</returns>
    /// <exception cref="StoreException">A key or a certificate is missing; the message names whose.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses what was asked for, or the message has Bcc recipients.</exception>
    /// <exception cref="UnsupportedAlgorithmException">A key is of a kind that is not supported.</exception>
    public async ValueTask<MimeMessage> ProtectAsync(
        MimeMessage message, IReadOnlyList<ProtectionLayer> layers, CancellationToken cancellationToken = default)
    {
        var spool = new EncryptedSpool(_options.CmsLimits, _options.SpoolFolder);
        try
        {
            await ProtectAsync(message, layers, spool, cancellationToken).ConfigureAwait(false);
            spool.Position = 0;
            return await MimeMessage.LoadAsync(ParserOptions.Default, spool, persistent: true, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await spool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Protects a message and writes it as it is made: nothing is kept.</summary>
    /// <param name="message">The message. Its header stays outside and in the clear.</param>
    /// <param name="layers">The layers, innermost first.</param>
    /// <param name="output">Takes the protected message; never closed. After an exception it holds a torso.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <inheritdoc cref="ProtectAsync(MimeMessage, IReadOnlyList{ProtectionLayer}, CancellationToken)" path="/exception"/>
    public async ValueTask ProtectAsync(
        MimeMessage message, IReadOnlyList<ProtectionLayer> layers, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(output);
        MimeEntity body = message.Body ?? throw new ArgumentException("The message has no body.", nameof(message));
        var factory = new ProducerFactory(_options, Correspondents.Of(message));
        EntityProducer producer = await factory.CreateAsync(body, layers, cancellationToken).ConfigureAwait(false);
        await MailFormat.WriteHeaderAsync(message.Headers, endsHeader: false, output, cancellationToken).ConfigureAwait(false);
        if (!message.Headers.Contains(HeaderId.MimeVersion))
        {
            await output.WriteAsync("MIME-Version: 1.0\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        await producer.WriteAsync(output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Protects a mail as a stream: mail in, protected mail out.</summary>
    /// <param name="message">The mail; read to its end, never closed. A stream that cannot seek is kept in encrypted temporary storage.</param>
    /// <param name="layers">The layers, innermost first.</param>
    /// <param name="output">Takes the protected mail; never closed. After an exception it holds a torso.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <exception cref="MalformedDataException">The mail cannot be parsed.</exception>
    /// <inheritdoc cref="ProtectAsync(MimeMessage, IReadOnlyList{ProtectionLayer}, CancellationToken)" path="/exception"/>
    public async ValueTask ProtectAsync(
        Stream message, IReadOnlyList<ProtectionLayer> layers, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var spool = new EncryptedSpool(_options.CmsLimits, _options.SpoolFolder);
        Stream seekable = message;
        if (!message.CanSeek)
        {
            await message.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
            spool.Position = 0;
            seekable = spool;
        }

        using MimeMessage parsed = await LoadAsync(seekable, cancellationToken).ConfigureAwait(false);
        await ProtectAsync(parsed, layers, output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Protects an entity that belongs to no message: recipients and keys come from the options alone.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="layers">The layers, innermost first.</param>
    /// <param name="output">Takes the protected entity; never closed. After an exception it holds a torso.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <inheritdoc cref="ProtectAsync(MimeMessage, IReadOnlyList{ProtectionLayer}, CancellationToken)" path="/exception"/>
    public async ValueTask ProtectAsync(
        MimeEntity entity, IReadOnlyList<ProtectionLayer> layers, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(output);
        var factory = new ProducerFactory(_options, Correspondents.None);
        EntityProducer producer = await factory.CreateAsync(entity, layers, cancellationToken).ConfigureAwait(false);
        await producer.WriteAsync(output, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<MimeMessage> LoadAsync(Stream message, CancellationToken cancellationToken)
    {
        try
        {
            return await MimeMessage.LoadAsync(ParserOptions.Default, message, persistent: true, cancellationToken).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            throw new MalformedDataException("mime-structure", "The mail cannot be parsed");
        }
    }
}
