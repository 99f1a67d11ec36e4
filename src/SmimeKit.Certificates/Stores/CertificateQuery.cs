namespace SmimeKit.Certificates;

/// <summary>What a caller looks for in a store. Criteria that are null do not count; all others must hold.</summary>
public sealed record CertificateQuery
{
    /// <summary>Gets what the certificate is wanted for.</summary>
    public required CertificatePurpose Purpose { get; init; }

    /// <summary>Gets a mail address that the certificate must name.</summary>
    public string? EmailAddress { get; init; }

    /// <summary>Gets the subject that the certificate must have.</summary>
    public DistinguishedName? Subject { get; init; }

    /// <summary>Gets the issuer that the certificate must have.</summary>
    public DistinguishedName? Issuer { get; init; }

    /// <summary>Gets the serial number (content octets) that the certificate must have.</summary>
    public ReadOnlyMemory<byte>? SerialNumber { get; init; }

    /// <summary>Gets the subject key identifier: the extension's, or computed by either common rule when there is no extension.</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; init; }

    /// <summary>Gets the SHA-256 of the exact certificate.</summary>
    public ReadOnlyMemory<byte>? Sha256 { get; init; }

    /// <summary>Gets an instant at which the certificate must be valid.</summary>
    public DateTimeOffset? ValidAt { get; init; }

    /// <summary>Gets the most answers wanted.</summary>
    public int Limit { get; init; } = 100;
}
