using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Looks at one signer of a message and changes what is not signed: drops it, countersigns it, adds and removes attributes.</summary>
/// <param name="signer">The signer; called once for each, those that are added last.</param>
/// <param name="cancellationToken">Ends the operation.</param>
/// <returns>A task that ends when the signer is as it is to be.</returns>
public delegate ValueTask SignerEdit(EditedSigner signer, CancellationToken cancellationToken);

/// <summary>What a transform of a SignedData changes. Everything else is copied.</summary>
/// <remarks>What has to be known before the content is copied is said here; what depends on a signature is done by <see cref="EditSigner"/>.</remarks>
public sealed record SignedDataEdits
{
    /// <summary>Gets the signers to add. The content is digested for them while it is copied.</summary>
    /// <remarks>They inherit the security label and the mail-list expansion history of the signers that are there (RFC 2634 §1.4).</remarks>
    public IReadOnlyList<CmsSigner> AddedSigners { get; init; } = [];

    /// <summary>
    /// Gets whether all signers that are there are dropped. With no signers added a certs-only message is left, whose content is dropped
    /// too (RFC 5652 §5.2).
    /// </summary>
    public bool DropsSigners { get; init; }

    /// <summary>Gets what is done with each signer; null leaves all as they are. Not called for a SignerInfo that cannot be read: it is copied.</summary>
    public SignerEdit? EditSigner { get; init; }

    /// <summary>
    /// Gets the content of a detached message, exactly as it was signed: needed to add signers and to attach it. Read to its end, never
    /// closed.
    /// </summary>
    public Stream? DetachedContent { get; init; }

    /// <summary>Gets digests of the content of a detached message, in place of <see cref="DetachedContent"/>, to add signers with.</summary>
    public ContentDigester? DetachedDigests { get; init; }

    /// <summary>Gets whether <see cref="DetachedContent"/> is put into the message.</summary>
    public bool AttachesContent { get; init; }

    /// <summary>Gets the length of <see cref="DetachedContent"/> in bytes when it is known; then it is written in one piece.</summary>
    public long? DetachedContentLength { get; init; }

    /// <summary>Gets the stream that the content is moved to, which makes the message detached; never closed. Null leaves it where it is.</summary>
    public Stream? DetachesTo { get; init; }

    /// <summary>Gets whether the certificates and CRLs that the message carries are dropped. With <see cref="AddedCarried"/>: replaced.</summary>
    public bool DropsCarried { get; init; }

    /// <summary>
    /// Gets certificates, CRLs and the like to carry too; what is carried already is not repeated. To merge what several messages carry,
    /// give those of the others (<see cref="CarriedCertificates.Merge"/>).
    /// </summary>
    public CarriedCertificates AddedCarried { get; init; } = CarriedCertificates.None;

    internal bool IsCertificatesOnly => DropsSigners && AddedSigners.Count == 0;

    /// <exception cref="ArgumentException">The edits contradict each other.</exception>
    internal static void Check(SignedDataEdits edits)
    {
        if (FindContradiction(edits) is { } contradiction)
        {
            throw new ArgumentException(contradiction, nameof(edits));
        }
    }

    private static string? FindContradiction(SignedDataEdits edits) =>
        edits.AttachesContent && edits.DetachedContent is null ? "There is no content to attach."
            : edits.AttachesContent && edits.DetachesTo is not null ? "Content is attached or detached, not both."
            : edits.DetachedContent is not null && edits.DetachedDigests is not null ? "Content is given itself or by its digests, not both."
            : edits.AttachesContent && edits.IsCertificatesOnly ? "A message without signers has no content (RFC 5652 §5.2)."
            : edits.DetachedContentLength < 0 ? "A length is not negative."
            : null;
}
