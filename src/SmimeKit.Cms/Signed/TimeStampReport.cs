using System.Collections.Immutable;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>What one time-stamp says, and the outcome of checking it.</summary>
/// <remarks>
/// A valid one shows that the stamped octets existed when the authority made the token, if the authority is believed. It does not show
/// when the content was signed, that the signature is valid, or that the signer's certificate was good then.
/// </remarks>
public sealed record TimeStampReport
{
    /// <summary>Gets the token as received.</summary>
    public required ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>Gets what the token says; null when it cannot be read. The authority's only when the verdict is valid.</summary>
    public TimeStampInfo? Info { get; init; }

    /// <summary>Gets the report on the authority's signature; null when there is not exactly one.</summary>
    public SignerReport? Signer { get; init; }

    /// <summary>Gets the authority's certificate; null when none was found. Not trusted for it.</summary>
    public Certificate? Certificate => Signer?.Certificate;

    /// <summary>Gets the certificates and CRLs that the token carries, for the path of the authority's certificate.</summary>
    public CarriedCertificates Carried { get; init; } = CarriedCertificates.None;

    /// <summary>Gets the outcome.</summary>
    public required TimeStampVerdict Verdict { get; init; }

    /// <summary>Gets tolerated deviations from the format, as stable codes.</summary>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
