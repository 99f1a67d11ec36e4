using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from KEKRecipientInfo, RFC 5652 §6.2.3, RFC 3370 §4.3, RFC 3565 §2.3.2.</summary>
internal sealed class UnwrappedKey : KeyRecovery
{
    private readonly IKeyEncryptionKey _key;
    private readonly AlgorithmIdentifier _wrap;

    private UnwrappedKey(RecipientInfo recipient, KeyEncryptionKeySource source, AlgorithmIdentifier wrap)
        : base(recipient, source)
    {
        _key = source.Key;
        _wrap = wrap;
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => true;

    /// <summary>Prepares the recovery, or says why it is refused.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(
        RecipientInfo recipient, KeyEncryptionKeySource source, CmsPolicy policy)
    {
        if (recipient.KeyDate is { } named && source.Key.Date is { } own && named != own)
        {
            return (null, new NoMatchingRecipientException([recipient.ToString()])); // another key of the same name
        }

        AlgorithmIdentifier wrap = recipient.KeyEncryptionAlgorithm!;
        if (AesKeyWrap.KeySize(wrap.Oid) == 0 || !(wrap.Parameters.IsEmpty || (policy.ToleratesDeviations && wrap.HasNullOrAbsentParameters)))
        {
            return (null, new UnsupportedAlgorithmException(wrap.Oid, "The key wrap is not supported."));
        }

        var recovery = new UnwrappedKey(recipient, source, wrap);
        if (!wrap.Parameters.IsEmpty)
        {
            recovery.Deviations.Add("key-wrap-parameters-null");
        }

        return (recovery, null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        if (Recipient.EncryptedKey.Length != keySize + AesKeyWrap.Overhead) // lengths are fixed before anything is copied (CVE-2026-63072)
        {
            return null;
        }

        if (AesKeyWrap.KeySize(_wrap.Oid) < keySize) // R5652-14-a
        {
            Weaknesses.Add("weak-key-wrap");
        }

        byte[]? key = await _key.UnwrapAsync(_wrap, Recipient.EncryptedKey, cancellationToken).ConfigureAwait(false);
        return OfSize(key, keySize);
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) =>
        Recipient.KeyEncryptionAlgorithm!.IsEquivalentTo(other.Recipient.KeyEncryptionAlgorithm!);
}
