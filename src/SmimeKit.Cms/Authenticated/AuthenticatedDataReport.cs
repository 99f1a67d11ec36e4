using System.Collections.Immutable;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>What is known about an AuthenticatedData whose MAC has verified: the content is what was made with this key.</summary>
public sealed record AuthenticatedDataReport
{
    /// <summary>Gets the type of the content as an object identifier.</summary>
    public required string EncapsulatedContentType { get; init; }

    /// <summary>Gets whether the content came from outside.</summary>
    public required bool IsDetached { get; init; }

    /// <summary>Gets the number of content octets that were authenticated.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets the MAC algorithm.</summary>
    public required MacAlgorithm Algorithm { get; init; }

    /// <summary>Gets the digest that binds the content to the attributes; null without attributes.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>Gets what the MAC says about the origin: nothing as a rule.</summary>
    public required OriginEvidence Origin { get; init; }

    /// <summary>Gets the recipient of the message whose entry led to the key.</summary>
    public required RecipientInfo Recipient { get; init; }

    /// <summary>Gets the certificate of the private key that was used; null when it was a password or a symmetric key.</summary>
    public Certificate? RecipientCertificate { get; init; }

    /// <summary>Gets the attributes that the MAC covers.</summary>
    public CmsAttributes AuthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets the attributes that nothing protects, never to be trusted.</summary>
    public CmsAttributes UnauthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets what is too weak by today's standard though the policy lets it pass, each by a stable name; empty as a rule.</summary>
    /// <remarks><c>weak-mac</c>, <c>weak-digest</c>, and those of the recipient.</remarks>
    public ImmutableArray<string> Weaknesses { get; init; } = [];

    /// <summary>Gets where the message departs from its RFC and was read all the same, each by a stable name; empty as a rule.</summary>
    /// <remarks><c>authenticated-data-version</c>, and those of the recipient.</remarks>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
