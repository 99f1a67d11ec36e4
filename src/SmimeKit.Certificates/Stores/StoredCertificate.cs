namespace SmimeKit.Certificates;

/// <summary>One answer of a store.</summary>
/// <param name="Certificate">The certificate. Being stored does not make it valid.</param>
/// <param name="Provenance">How it came into the store.</param>
/// <param name="Reason">Why it ranks where it does, for people.</param>
public sealed record StoredCertificate(Certificate Certificate, CertificateProvenance Provenance, string Reason)
{
    /// <summary>Gets the signing time of the message that announced it as its sender's preference, or null.</summary>
    public DateTimeOffset? PreferredSince { get; init; }

    /// <summary>Gets the sender's capabilities as DER SMIMECapabilities (RFC 8551 §2.5.2); empty when unknown.</summary>
    public ReadOnlyMemory<byte> Capabilities { get; init; }
}
