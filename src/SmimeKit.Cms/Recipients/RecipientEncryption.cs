using System.Formats.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Writes the key of a new message for each recipient: its RecipientInfos.</summary>
internal sealed class RecipientEncryption
{
    private readonly IReadOnlyList<RecipientPlan> _plans;

    private RecipientEncryption(IReadOnlyList<RecipientPlan> plans) => _plans = plans;

    /// <summary>Gets whether a RecipientInfo has a version other than 0.</summary>
    internal bool HasLaterVersion => _plans.Any(p => p.Version != 0);

    /// <summary>Gets whether there is a pwri or an ori.</summary>
    internal bool HasOther => _plans.Any(p => p.IsOther);

    /// <summary>Gets whether a key is transported with PKCS #1 v1.5.</summary>
    internal bool HasPkcs1 => _plans.OfType<KeyTransportPlan>().Any(p => p.IsPkcs1);

    /// <summary>Checks the recipients and settles the algorithms, before anything is written.</summary>
    internal static RecipientEncryption Plan(RecipientWriterOptions options, int keySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.UserKeyingMaterialSize);
        if (options.Recipients.Count == 0) // R3369-6.1-e
        {
            throw new ArgumentException("There are no recipients.", nameof(options));
        }

        var plans = new List<RecipientPlan>(options.Recipients.Count);
        foreach (EnvelopeRecipient recipient in options.Recipients)
        {
            ArgumentNullException.ThrowIfNull(recipient);
            plans.Add(recipient.Plan(options, keySize));
        }

        KeyTransportPlan.RefuseMixture(plans);
        return new RecipientEncryption(options.SharesEphemeralKeys ? KeyAgreementPlan.Group(plans) : plans);
    }

    /// <summary>Encrypts the key to every recipient and encodes the set.</summary>
    internal async ValueTask<byte[]> EncodeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, _plans.Sum(p => p.EstimatedSize));
        using (writer.PushSetOf())
        {
            foreach (RecipientPlan plan in _plans)
            {
                await plan.WriteAsync(writer, key, cancellationToken).ConfigureAwait(false);
            }
        }

        return writer.Encode();
    }
}
