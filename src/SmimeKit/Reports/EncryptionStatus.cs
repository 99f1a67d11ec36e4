namespace SmimeKit;

/// <summary>How a mail's body was encrypted.</summary>
public enum EncryptionStatus
{
    /// <summary>Not at all, or not as a whole.</summary>
    None,

    /// <summary>Without integrity protection (EnvelopedData): only a valid signature inside tells that nobody changed it.</summary>
    Unauthenticated,

    /// <summary>With integrity protection (AuthEnvelopedData). It does not tell who encrypted.</summary>
    Authenticated,

    /// <summary>With nothing better than a cipher or key that the legacy policy alone accepts: others may have read it.</summary>
    Weak,
}
