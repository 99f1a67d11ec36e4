using SmimeKit.Protecting;

namespace SmimeKit;

/// <content>Content that is no mail.</content>
public sealed partial class SmimeProtector
{
    /// <summary>Signs content of any type as CMS, without MIME: keys come from the options alone.</summary>
    /// <param name="content">The content, signed octet by octet as it is; read to its end, never closed.</param>
    /// <param name="isDetached">Whether the content stays outside of the message.</param>
    /// <param name="output">
    /// Takes the SignedData, in definite lengths as far as the content's length is known; never closed. After an exception it holds a torso.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <exception cref="StoreException">A key is missing.</exception>
    /// <exception cref="UnsupportedAlgorithmException">A key is of a kind that is not supported.</exception>
    public async ValueTask SignContentAsync(
        Stream content, bool isDetached, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(output);
        var factory = new ProducerFactory(_options, Correspondents.None);
        CmsProducer producer = await factory
            .SignContentAsync(new StreamProducer(content), isDetached, cancellationToken).ConfigureAwait(false);
        await producer.WriteMessageAsync(output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Encrypts content of any type as CMS, without MIME: recipients come from the options alone.</summary>
    /// <param name="content">The content; read to its end, never closed.</param>
    /// <param name="output">
    /// Takes the EnvelopedData or AuthEnvelopedData, whichever the recipients and the policy ask for, in definite lengths when the
    /// content's length is known; never closed. After an exception it holds a torso.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <exception cref="StoreException">A certificate is missing; the message names whose.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses what was asked for.</exception>
    /// <exception cref="UnsupportedAlgorithmException">A key is of a kind that is not supported.</exception>
    public async ValueTask EncryptContentAsync(Stream content, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(output);
        var factory = new ProducerFactory(_options, Correspondents.None);
        CmsProducer producer = await factory
            .EncryptContentAsync(new StreamProducer(content), cancellationToken).ConfigureAwait(false);
        await producer.WriteMessageAsync(output, cancellationToken).ConfigureAwait(false);
    }
}
