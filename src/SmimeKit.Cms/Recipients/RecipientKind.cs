namespace SmimeKit.Cms.Recipients;

/// <summary>How a recipient gets the content-encryption key, RFC 5652 §6.2.</summary>
public enum RecipientKind
{
    /// <summary>An alternative that is not known, or one that does not decode. It is skipped.</summary>
    Unknown,

    /// <summary>Key transport: the key encrypted to the recipient's public key (RSA).</summary>
    KeyTransport,

    /// <summary>Key agreement: the key wrapped under a key that both sides agree on (ECDH).</summary>
    KeyAgreement,

    /// <summary>A symmetric key-encryption key that was distributed before.</summary>
    KeyEncryptionKey,

    /// <summary>A password.</summary>
    Password,

    /// <summary>Another technique with its own identifier, which is not known.</summary>
    Other,

    /// <summary>Key encapsulation: the key wrapped under a key from a secret that is encapsulated for the recipient (RFC 9629).</summary>
    KeyEncapsulation,
}
