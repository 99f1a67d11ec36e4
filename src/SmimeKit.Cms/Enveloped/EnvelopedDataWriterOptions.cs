using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>How EnvelopedData is written.</summary>
public sealed record EnvelopedDataWriterOptions : RecipientWriterOptions
{
    /// <summary>
    /// Gets the cipher: one that does not authenticate, AES in CBC mode as a rule. Weak ones need a policy that lists them, which no
    /// default does. Authenticating ciphers belong into AuthEnvelopedData.
    /// </summary>
    /// <exception cref="ArgumentException">The cipher authenticates, or is for reading only.</exception>
    public ContentEncryptionAlgorithm Algorithm
    {
        get;
        init => field = value is { IsAuthenticated: false, IsForWriting: true }
            ? value
            : throw new ArgumentException("EnvelopedData takes ciphers for writing that do not authenticate.", nameof(value));
    }

    = ContentEncryptionAlgorithm.Aes256Cbc;

    /// <summary>
    /// Gets whether the cipher gets a key that is derived for it from the one that the recipients get: so nobody can offer the content to
    /// a recipient under another cipher (RFC 9709). Only for recipients that announce it.
    /// </summary>
    public bool DerivesContentKey { get; init; }

    /// <summary>Gets attributes that nothing protects; none as a rule.</summary>
    public CmsAttributes UnprotectedAttributes { get; init; } = CmsAttributes.Empty;
}
