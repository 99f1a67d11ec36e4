namespace SmimeKit;

/// <summary>Which certificates a signature carries (RFC 8550 §2.3).</summary>
public enum IncludedCertificates
{
    /// <summary>None: for closed groups that have them already.</summary>
    None,

    /// <summary>The signer's signing and encryption certificates.</summary>
    Signer,

    /// <summary>The signer's certificates and the intermediates, without the root.</summary>
    Chain,
}
