using SmimeKit.Asn1;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>How EncryptedData is written.</summary>
public sealed record EncryptedDataWriterOptions
{
    /// <summary>Gets the key, of the cipher's size (RFC 9709: the key that it is derived from). It stays the caller's, who also wipes it.</summary>
    public required byte[] Key { get; init; }

    /// <summary>
    /// Gets the cipher: one that does not authenticate, AES in CBC mode as a rule. Weak ones need a policy that lists them, which no
    /// default does. Authenticating ciphers have no place for their tag here.
    /// </summary>
    /// <exception cref="ArgumentException">The cipher authenticates, or is for reading only.</exception>
    public ContentEncryptionAlgorithm Algorithm
    {
        get;
        init => field = value is { IsAuthenticated: false, IsForWriting: true }
            ? value
            : throw new ArgumentException("EncryptedData takes ciphers for writing that do not authenticate.", nameof(value));
    }

    = ContentEncryptionAlgorithm.Aes256Cbc;

    /// <summary>Gets whether the cipher gets a key that is derived for it from <see cref="Key"/> (RFC 9709).</summary>
    public bool DerivesContentKey { get; init; }

    /// <summary>Gets the type of the content as an object identifier; id-data for a MIME entity.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>
    /// Gets the number of octets of the content when it is known: then every length is definite. Otherwise null, and the
    /// spine of the message is of indefinite length (BER).
    /// </summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets attributes that nothing protects; none as a rule.</summary>
    public CmsAttributes UnprotectedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets the policy: the ciphers that are written.</summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;
}
