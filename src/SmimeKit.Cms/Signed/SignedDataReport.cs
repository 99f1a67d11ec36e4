using System.Collections.Immutable;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>What a SignedData holds, and an outcome for each signer. A message without signers is unsigned, whatever it carries.</summary>
public sealed record SignedDataReport
{
    /// <summary>Gets the type of the content as an object identifier.</summary>
    public required string EncapsulatedContentType { get; init; }

    /// <summary>Gets whether the content came from outside (RFC 5652 §5.2).</summary>
    public required bool IsDetached { get; init; }

    /// <summary>Gets the number of content bytes that were digested.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets one report for each SignerInfo, in the order of the message; empty when nobody signed.</summary>
    public required ImmutableArray<SignerReport> Signers { get; init; }

    /// <summary>Gets the certificates and CRLs carried. None is trusted for it.</summary>
    public required CarriedCertificates Carried { get; init; }

    /// <summary>Gets tolerated deviations from the format, as stable codes.</summary>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
