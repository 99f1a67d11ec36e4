namespace SmimeKit;

/// <summary>Decryption failed after a recipient was selected.</summary>
/// <remarks>
/// One exception for every cause (wrong key, bad padding, bad wrap, bad tag): telling them apart would make an oracle
/// (RFC 3218, RFC 8551 §6). It carries no inner exception and no data.
/// </remarks>
public sealed class DecryptionFailedException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    public DecryptionFailedException()
        : base("decryption-failed", "The content could not be decrypted.")
    {
    }
}
