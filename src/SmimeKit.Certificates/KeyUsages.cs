namespace SmimeKit.Certificates;

/// <summary>The bits of the keyUsage extension, RFC 5280 §4.2.1.3.</summary>
[Flags]
public enum KeyUsages
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Signatures other than on certificates and CRLs.</summary>
    DigitalSignature = 1 << 0,

    /// <summary>Signatures that bind the signer (contentCommitment).</summary>
    NonRepudiation = 1 << 1,

    /// <summary>Key transport.</summary>
    KeyEncipherment = 1 << 2,

    /// <summary>Encryption of data without an intermediate key.</summary>
    DataEncipherment = 1 << 3,

    /// <summary>Key agreement.</summary>
    KeyAgreement = 1 << 4,

    /// <summary>Signatures on certificates.</summary>
    KeyCertSign = 1 << 5,

    /// <summary>Signatures on CRLs.</summary>
    CrlSign = 1 << 6,

    /// <summary>Key agreement for enciphering only.</summary>
    EncipherOnly = 1 << 7,

    /// <summary>Key agreement for deciphering only.</summary>
    DecipherOnly = 1 << 8,
}
