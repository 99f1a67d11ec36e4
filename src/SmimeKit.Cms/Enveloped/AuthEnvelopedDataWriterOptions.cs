using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>How AuthEnvelopedData is written.</summary>
public sealed record AuthEnvelopedDataWriterOptions : RecipientWriterOptions
{
    /// <summary>
    /// Gets the cipher: one that authenticates, with a tag of 16 octets and a random nonce. AES-CCM begins with the length of the content:
    /// where <see cref="RecipientWriterOptions.ContentLength"/> is not given, the content waits, encrypted, within
    /// <see cref="Limits"/>.
    /// </summary>
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

    /// <summary>Gets how much content waits, where it has to: <see cref="CmsLimits.MaxContentInMemory"/>, <see cref="CmsLimits.MaxSpoolSize"/>.</summary>
    public CmsLimits Limits { get; init; } = CmsLimits.Default;

    /// <summary>Gets the folder for content that waits; null for the system's folder for temporary files, empty to forbid disk.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>
    /// Gets whether the cipher gets a key that is derived for it from the one that the recipients get: so nobody can offer the content to
    /// a recipient under another cipher (RFC 9709). Only for recipients that announce it.
    /// </summary>
    public bool DerivesContentKey { get; init; }

    /// <summary>Gets attributes that nothing protects; none as a rule.</summary>
    public CmsAttributes UnauthenticatedAttributes { get; init; } = CmsAttributes.Empty;
}
