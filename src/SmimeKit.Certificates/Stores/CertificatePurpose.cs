namespace SmimeKit.Certificates;

/// <summary>What a certificate is wanted for. Signing and encryption are separate keys by design, so a query always says which.</summary>
public enum CertificatePurpose
{
    /// <summary>Any use: for issuers and for lookup by identifier.</summary>
    Any,

    /// <summary>Verifying or making signatures on mail: digitalSignature or nonRepudiation (RFC 8550 §4.4.2).</summary>
    EmailSigning,

    /// <summary>Encrypting to the subject: keyEncipherment or keyAgreement (RFC 5652 §6.2).</summary>
    EmailEncryption,
}
