namespace SmimeKit.Certificates;

/// <summary>What a certification path is validated against. The inputs that decide about trust have no default.</summary>
public sealed record PathValidationOptions
{
    /// <summary>Gets the anchors. Nothing else is trusted, whatever a message or a store holds (RFC 8550 §2.3).</summary>
    public required ITrustAnchors Anchors { get; init; }

    /// <summary>
    /// Gets the instant to judge at, counted in whole seconds as certificates do (RFC 5280 §4.1.2.5). A signing time claimed by the
    /// signer is no such instant (RFC 8550 §6).
    /// </summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets what the leaf is wanted for; <see cref="CertificatePurpose.Any"/> leaves out keyUsage and extKeyUsage.</summary>
    public required CertificatePurpose Purpose { get; init; }

    /// <summary>Gets the stores to look for issuers in, asked only when <see cref="ExtraCertificates"/> do not suffice.</summary>
    public IReadOnlyList<ICertificateStore> Stores { get; init; } = [];

    /// <summary>Gets certificates that came along, in any order and of any relevance: those of the message. Not trusted.</summary>
    public IReadOnlyList<Certificate> ExtraCertificates { get; init; } = [];

    /// <summary>Gets the algorithms, keys and purposes that are accepted.</summary>
    public CertificatePolicy Policy { get; init; } = CertificatePolicy.Default;

    /// <summary>Gets what the search may spend.</summary>
    public PathLimits Limits { get; init; } = PathLimits.Default;

    /// <summary>Gets the clock for <see cref="PathLimits.Elapsed"/>. It never decides about validity: <see cref="At"/> does.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
