using System.Collections.Immutable;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;

namespace SmimeKit;

/// <summary>One signature of a mail, with every check kept apart. <see cref="IsTrusted"/> is their conjunction.</summary>
public sealed record SignatureReport
{
    /// <summary>Gets the position of the layer in <see cref="SmimeReport.Layers"/>.</summary>
    public required int Layer { get; init; }

    /// <summary>Gets what the CMS layer says about the signer, with its attributes.</summary>
    public required SignerReport Signer { get; init; }

    /// <summary>Gets the path from the signer's certificate, and why it is trusted or not; null when no certificate was found.</summary>
    public PathValidationResult? Path { get; init; }

    /// <summary>
    /// Gets the time-stamp at whose time the certificates were judged, because they have expired since and
    /// <see cref="SmimeOpenOptions.TimeStampAnchors"/> trusts its authority; null when they were judged at the present.
    /// </summary>
    public TimeStampReport? TimeStamp { get; init; }

    /// <summary>Gets whether content and signed attributes are what was signed with the certificate's key.</summary>
    public required Check Integrity { get; init; }

    /// <summary>Gets whether the exact certificate was found that the signer names.</summary>
    public required Check Identity { get; init; }

    /// <summary>Gets whether the path ends in a trust anchor.</summary>
    public required Check Chain { get; init; }

    /// <summary>Gets whether the certificate may sign mail (keyUsage, extKeyUsage).</summary>
    public required Check Usage { get; init; }

    /// <summary>Gets what is known about revocation.</summary>
    public required Check Revocation { get; init; }

    /// <summary>Gets whether an address of the certificate is the message's From or Sender (RFC 8550 §3).</summary>
    public required Check Address { get; init; }

    /// <summary>
    /// Gets whether the certificates were valid at the time of the judgement: the present, or that of <see cref="TimeStamp"/>. The claimed
    /// signing time decides nothing.
    /// </summary>
    public required Check Time { get; init; }

    /// <summary>Gets whether every algorithm and key size of the message and the path is accepted without a flag.</summary>
    public required Check Algorithms { get; init; }

    /// <summary>Gets whether the signature covers the whole mail body that was opened.</summary>
    public required Check Coverage { get; init; }

    /// <summary>Gets the address of the certificate that matched, or null. The only address that may be shown as the signer's.</summary>
    public string? MatchedAddress { get; init; }

    /// <summary>Gets whether every check passed; revocation may be unchecked when the options accept that.</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>Gets the reasons against trust as <c>code: explanation</c>, in the order of the checks.</summary>
    public ImmutableArray<string> Problems =>
    [
        .. new[] { Integrity, Identity, Chain, Usage, Revocation, Address, Time, Algorithms, Coverage }
            .OfType<Check.Fail>().Select(f => $"{f.Code}: {f.Explanation}"),
    ];

    /// <summary>Gets the signer's exact certificate, or null when none was found.</summary>
    public Certificate? Certificate => Signer.Certificate;
}
