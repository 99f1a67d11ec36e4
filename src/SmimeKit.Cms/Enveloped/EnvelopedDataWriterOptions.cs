using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>How EnvelopedData is written.</summary>
public sealed record EnvelopedDataWriterOptions : RecipientWriterOptions
{
    /// <summary>Gets the cipher: AES in CBC mode. Authenticating ciphers belong into AuthEnvelopedData.</summary>
    /// <exception cref="ArgumentException">The cipher authenticates, or is not for writing.</exception>
    public ContentEncryptionAlgorithm Algorithm
    {
        get;
        init => field = value is { IsAuthenticated: false, IsForWriting: true }
            ? value
            : throw new ArgumentException("EnvelopedData takes AES in CBC mode.", nameof(value));
    }

    = ContentEncryptionAlgorithm.Aes256Cbc;

    /// <summary>Gets attributes that nothing protects; none as a rule.</summary>
    public CmsAttributes UnprotectedAttributes { get; init; } = CmsAttributes.Empty;
}
