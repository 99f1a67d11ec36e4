using System.Collections.Immutable;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>What is known about a layer of encryption after all of it has been read.</summary>
/// <remarks>
/// Encryption says nothing about the origin: anyone who knows a recipient's certificate can make such a message, and with several
/// recipients each of them can forge one for the others (RFC 5083 §3). Only a signature inside names an author.
/// </remarks>
public sealed record DecryptionReport
{
    /// <summary>Gets the type of the content that was encrypted, as an object identifier.</summary>
    public required string EncapsulatedContentType { get; init; }

    /// <summary>Gets the number of content octets.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets the content-encryption algorithm.</summary>
    public required ContentEncryptionAlgorithm Algorithm { get; init; }

    /// <summary>Gets whether the key was derived for this algorithm from the one that the recipients got, which binds the two (RFC 9709).</summary>
    public bool DerivesContentKey { get; init; }

    /// <summary>
    /// Gets whether a tag proved that the content is what was encrypted under this key. When false its integrity is unknown:
    /// anyone on the way may have changed it, with an effect of his choice (EFAIL).
    /// </summary>
    public required bool IsAuthenticated { get; init; }

    /// <summary>Gets the recipient of the message whose entry led to the content-encryption key.</summary>
    public required RecipientInfo Recipient { get; init; }

    /// <summary>Gets the certificate of the private key that was used; null when it was a password or a symmetric key.</summary>
    public Certificate? RecipientCertificate { get; init; }

    /// <summary>
    /// Gets the certificate of the sender whose own key had a part in the key agreement; null as a rule. If it is genuine, which is not
    /// checked here, the content-encryption key came from its owner, or from the recipient himself (RFC 6278 §6).
    /// </summary>
    public Certificate? OriginatorCertificate { get; init; }

    /// <summary>Gets the unprotected attributes of EnvelopedData: neither encrypted nor authenticated, never to be trusted.</summary>
    public CmsAttributes UnprotectedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets the attributes of AuthEnvelopedData that the tag covers together with the content.</summary>
    public CmsAttributes AuthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets the attributes of AuthEnvelopedData that nothing protects, never to be trusted.</summary>
    public CmsAttributes UnauthenticatedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets what is too weak by today's standard though the policy lets it pass, each by a stable name; empty as a rule.</summary>
    /// <remarks><c>weak-cipher</c>, <c>short-tag</c>, <c>weak-rsa-key</c>, <c>weak-key-wrap</c>, <c>weak-key-agreement</c>.</remarks>
    public ImmutableArray<string> Weaknesses { get; init; } = [];

    /// <summary>Gets where the message departs from its RFC and was read all the same, each by a stable name; empty as a rule.</summary>
    /// <remarks>
    /// <c>version</c>, <c>oaep-parameters-absent</c>, <c>encrypted-key-short</c>, <c>key-wrap-parameters-null</c>, <c>key-wrap-parameters-absent</c>,
    /// <c>shared-info-parameters-null</c>.
    /// </remarks>
    public ImmutableArray<string> Deviations { get; init; } = [];
}
