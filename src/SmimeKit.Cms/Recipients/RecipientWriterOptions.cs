using SmimeKit.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>What the content types with recipients have in common when they are written.</summary>
public abstract record RecipientWriterOptions
{
    private protected RecipientWriterOptions()
    {
    }

    /// <summary>Gets the recipients; at least one. Add the sender, or he cannot read his own message.</summary>
    public required IReadOnlyList<EnvelopeRecipient> Recipients { get; init; }

    /// <summary>Gets the type of the content as an object identifier; id-data for a MIME entity.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <summary>
    /// Gets the number of octets of the content when it is known: then every length is definite. Otherwise null, and the
    /// spine of the message is of indefinite length (BER).
    /// </summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets certificates and revocation information to send along, as a key agreement may need; none as a rule.</summary>
    public CarriedCertificates Originator { get; init; } = CarriedCertificates.None;

    /// <summary>Gets whether EC recipients on one curve share an ephemeral key, which saves time and size with many recipients.</summary>
    public bool SharesEphemeralKeys { get; init; }

    /// <summary>Gets the number of random octets of user keying material in a key agreement (RFC 5753 §3.1.1); 0 sends none.</summary>
    public int UserKeyingMaterialSize { get; init; } = 16;

    /// <summary>Gets the policy: the sizes of RSA keys, and the padding for recipients without a choice of their own.</summary>
    public CmsPolicy Policy { get; init; } = CmsPolicy.Default;
}
