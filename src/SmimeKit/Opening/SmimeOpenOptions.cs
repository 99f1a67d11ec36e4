using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;

namespace SmimeKit;

/// <summary>What a mail is opened with. Trust anchors have no default: nobody is trusted silently.</summary>
public sealed record SmimeOpenOptions
{
    /// <summary>Gets the trust anchors. Nothing else is trusted, whatever a message or a store holds.</summary>
    public required ITrustAnchors Anchors { get; init; }

    /// <summary>Gets the stores to look for signers and issuers in.</summary>
    public IReadOnlyList<ICertificateStore> Stores { get; init; } = [];

    /// <summary>Gets further certificates, not trusted: intermediates, signers.</summary>
    public IReadOnlyList<Certificate> ExtraCertificates { get; init; } = [];

    /// <summary>Gets keys to decrypt with.</summary>
    public IReadOnlyList<IDecryptionKey> DecryptionKeys { get; init; } = [];

    /// <summary>Gets symmetric keys to decrypt with, which were distributed before (RFC 5652 §6.2.3).</summary>
    public IReadOnlyList<IKeyEncryptionKey> KeyEncryptionKeys { get; init; } = [];

    /// <summary>Gets passwords to decrypt with (RFC 5652 §6.2.4).</summary>
    public IReadOnlyList<RecipientPassword> Passwords { get; init; } = [];

    /// <summary>Gets stores to look for keys in, by what each recipient is named.</summary>
    public IReadOnlyList<IPrivateKeyStore> KeyStores { get; init; } = [];

    /// <summary>Gets the instant at which certificates and policy are judged; null for the clock's present.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets what is accepted in messages.</summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;

    /// <summary>Gets what is accepted in certificates.</summary>
    public CertificatePolicy CertificatePolicy { get; init; } = CertificatePolicy.Default;

    /// <summary>Gets how much hostile mail may cost.</summary>
    public SmimeLimits Limits { get; init; } = SmimeLimits.Default;

    /// <summary>Gets how much a hostile CMS layer may cost.</summary>
    public CmsLimits CmsLimits { get; init; } = CmsLimits.Default;

    /// <summary>Gets how much the search for a path from one certificate to an anchor may cost.</summary>
    public PathLimits PathLimits { get; init; } = PathLimits.Default;

    /// <summary>Gets the folder for the encrypted spool; see <see cref="Cms.Streaming.CmsReaderOptions.SpoolFolder"/>.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Gets whether encrypted layers are decrypted. If not, what is inside stays closed and is not judged.</summary>
    public bool Decrypts { get; init; } = true;

    /// <summary>
    /// Gets whether signed layers are peeled. If not, opening ends at the first one: it goes to the output as it is, unverified, and only
    /// encryption around it is removed.
    /// </summary>
    public bool PeelsSignatures { get; init; } = true;

    /// <summary>
    /// Gets what is told of each layer when its header has been read, from the outside in: its kind, form and recipients. Nothing is
    /// verified yet. It is all that is known of a message that cannot be opened to its end. Null for nobody.
    /// </summary>
    public Action<LayerReport>? LayerFound { get; init; }

    /// <summary>Gets the address that signers must have; null for the one author whom the From field of the message names.</summary>
    public string? ExpectedAddress { get; init; }

    /// <summary>
    /// Gets whether the Sender of a mail may sign in place of its author (RFC 8550 §3): a secretary, a list. The report then warns with
    /// <c>signed-by-sender</c>. Mail programs show the From field, so by default such a signature is trusted for nothing.
    /// </summary>
    public bool AcceptsSender { get; init; }

    /// <summary>
    /// Gets the trust anchors of time-stamping authorities (RFC 3161); null, the default, lets no time-stamp help. With them, a signature whose
    /// certificates have expired is judged at the time of its earliest stamp by an authority that is trusted at the present, and
    /// <see cref="SignatureReport.TimeStamp"/> says so. Algorithms are judged at the present all the same, and nothing is learned from such mail.
    /// </summary>
    public ITrustAnchors? TimeStampAnchors { get; init; }

    /// <summary>Gets whether a signer is trusted although revocation was not checked.</summary>
    public bool AcceptsUncheckedRevocation { get; init; } = true;

    /// <summary>
    /// Gets whether a signer is trusted whose certificate names no mail address. Such certificates are legal (RFC 8550 §3), but only a
    /// binding outside of the certificate, an address book for example, tells whose mail they sign.
    /// </summary>
    public bool AcceptsCertificatesWithoutAddress { get; init; }

    /// <summary>
    /// Gets the store that learns senders' encryption certificates and capabilities, from messages that are fully valid only; null for none.
    /// </summary>
    public ICertificateSink? LearnInto { get; init; }

    /// <summary>Gets a last word on what is learned: false refuses it. Null lets all of it pass.</summary>
    public Func<EncryptionAnnouncement, bool>? LearnFilter { get; init; }

    /// <summary>Gets whether <see cref="SmimeReport.ContentSha256"/> is computed: it costs one more pass of hashing.</summary>
    public bool ComputesContentDigest { get; init; }

    internal DateTimeOffset Now => At ?? TimeProvider.GetUtcNow();
}
