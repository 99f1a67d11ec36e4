using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <content>Content that comes from outside.</content>
public sealed partial class SignedDataReader
{
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

    private async ValueTask<long> DigestAsync(Stream content, bool synchronous, CancellationToken cancellationToken)
    {
        await DetachedContent.ReadAsync(content, _digester.Append, synchronous, cancellationToken).ConfigureAwait(false);
        _contentMissing = false;
        return _digester.Length;
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
