using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>How AuthEnvelopedData is written.</summary>
public sealed record AuthEnvelopedDataWriterOptions : RecipientWriterOptions
{
    /// <summary>Gets the cipher: AES-GCM, with a tag of 16 octets and a random nonce of 12.</summary>
    /// <exception cref="ArgumentException">The cipher does not authenticate.</exception>
    public ContentEncryptionAlgorithm Algorithm
    {
        get;
        init => field = value is { IsAuthenticated: true, IsForWriting: true }
            ? value
            : throw new ArgumentException("AuthEnvelopedData takes authenticating ciphers.", nameof(value));
    }

    = ContentEncryptionAlgorithm.Aes256Gcm;

    /// <summary>
    /// Gets attributes that the tag covers and everybody can read; none as a rule. For content other than id-data the content-type
    /// attribute is added (RFC 5083 §2.1); a message-digest is refused, for it would tell about the content.
    /// </summary>
    public CmsAttributes AuthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets attributes that nothing protects; none as a rule.</summary>
    public CmsAttributes UnauthenticatedAttributes { get; init; } = CmsAttributes.Empty;
}
