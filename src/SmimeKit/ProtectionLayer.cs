namespace SmimeKit;

/// <summary>One layer of protection around a mail's body.</summary>
public enum ProtectionLayer
{
    /// <summary>A signature.</summary>
    Sign,

    /// <summary>Encryption to the recipients.</summary>
    Encrypt,
}
