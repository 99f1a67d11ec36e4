using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;

namespace SmimeKit;

/// <summary>What mail is protected with. What is left out is chosen: from the stores, the recipients' capabilities, and the policy.</summary>
public sealed record SmimeProtectOptions
{
    /// <summary>Gets the keys that sign; empty to look for the key of the message's From in <see cref="KeyStores"/>.</summary>
    public IReadOnlyList<ISigningKey> SigningKeys { get; init; } = [];

    /// <summary>Gets the stores to look for own keys in.</summary>
    public IReadOnlyList<IPrivateKeyStore> KeyStores { get; init; } = [];

    /// <summary>Gets the stores to look for recipients' certificates and for issuers in.</summary>
    public IReadOnlyList<ICertificateStore> Stores { get; init; } = [];

    /// <summary>Gets certificates to encrypt to besides those found for the addresses of the message.</summary>
    public IReadOnlyList<Certificate> Recipients { get; init; } = [];

    /// <summary>Gets addresses to encrypt to besides those of the message; their certificates come from <see cref="Stores"/>.</summary>
    public IReadOnlyList<string> RecipientAddresses { get; init; } = [];

    /// <summary>Gets whether recipients are also taken from the To and Cc fields of the message. Without it only <see cref="Recipients"/> count.</summary>
    public bool UsesMessageRecipients { get; init; } = true;

    /// <summary>Gets the trust anchors that certificates found in <see cref="Stores"/> must lead to before anything is encrypted to them.</summary>
    public ITrustAnchors? Anchors { get; init; }

    /// <summary>
    /// Gets whether certificates found by address are validated first (RFC 8550 §1). To switch it off is to trust the stores.
    /// </summary>
    public bool ValidatesRecipients { get; init; } = true;

    /// <summary>Gets the own encryption certificate; null to look for that of the message's From.</summary>
    public Certificate? OwnEncryptionCertificate { get; init; }

    /// <summary>Gets whether mail is encrypted to its sender too, so that the sent copy can be read (RFC 8551 §3.4).</summary>
    public bool EncryptsToSelf { get; init; } = true;

    /// <summary>Gets how signatures are attached.</summary>
    public SigningForm Form { get; init; } = SigningForm.Clear;

    /// <summary>Gets the digest; null for the one that suits each key.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>Gets whether RSA keys sign with RSASSA-PSS. Older readers know RSASSA-PKCS1-v1_5 only.</summary>
    public bool UsesPss { get; init; }

    /// <summary>Gets whether certificates are named by subject key identifier instead of issuer and serial number.</summary>
    public bool UsesSubjectKeyIdentifier { get; init; }

    /// <summary>Gets whether signatures have signed attributes.</summary>
    public bool UsesSignedAttributes { get; init; } = true;

    /// <summary>Gets which certificates signatures carry.</summary>
    public IncludedCertificates IncludedCertificates { get; init; } = IncludedCertificates.Chain;

    /// <summary>Gets the content-encryption algorithm; null to choose one that every recipient can read.</summary>
    public ContentEncryptionAlgorithm? ContentEncryption { get; init; }

    /// <summary>Gets the padding of RSA key transport; null to choose one that every recipient can read.</summary>
    public KeyTransportScheme? KeyTransport { get; init; }

    /// <summary>Gets what is produced.</summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;

    /// <summary>Gets what is accepted in recipients' certificates.</summary>
    public CertificatePolicy CertificatePolicy { get; init; } = CertificatePolicy.Default;

    /// <summary>Gets the limits of temporary storage.</summary>
    public CmsLimits CmsLimits { get; init; } = CmsLimits.Default;

    /// <summary>Gets how much the search for a path from one recipient's certificate to an anchor may cost.</summary>
    public PathLimits PathLimits { get; init; } = PathLimits.Default;

    /// <summary>Gets the folder for temporary storage, encrypted; see <see cref="Cms.Streaming.CmsReaderOptions.SpoolFolder"/>.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Gets the instant for validity and, where the message has no Date, for the signing time; null for the clock's present.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal DateTimeOffset Now => At ?? TimeProvider.GetUtcNow();
}
