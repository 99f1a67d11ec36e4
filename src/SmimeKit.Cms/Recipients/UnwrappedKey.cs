using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from KEKRecipientInfo, RFC 5652 §6.2.3, RFC 3370 §4.3, RFC 3565 §2.3.2.</summary>
internal sealed class UnwrappedKey : KeyRecovery
{
    private readonly IKeyEncryptionKey _key;
    private readonly ReceivedKeyWrap _wrap;

    private UnwrappedKey(RecipientInfo recipient, KeyEncryptionKeySource source, ReceivedKeyWrap wrap)
        : base(recipient, source)
    {
        _key = source.Key;
        _wrap = wrap;
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => true;

    /// <summary>Prepares the recovery, or says why it is refused.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(
        RecipientInfo recipient, KeyEncryptionKeySource source, RecoveryContext context)
    {
        if (recipient.KeyDate is { } named && source.Key.Date is { } own && named != own)
        {
            return (null, new NoMatchingRecipientException([recipient.ToString()])); // another key of the same name
        }

        (ReceivedKeyWrap? wrap, SmimeKitException? objection) = ReceivedKeyWrap.Accept(recipient.KeyEncryptionAlgorithm!, context);
        if (wrap is null)
        {
            return (null, objection);
        }

        var recovery = new UnwrappedKey(recipient, source, wrap);
        wrap.Describe(recovery, context.Policy);
        return (recovery, null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        if (!_wrap.Algorithm.Takes(keySize) || Recipient.EncryptedKey.Length != _wrap.Algorithm.WrappedSize(keySize)) // lengths are fixed before anything is copied (CVE-2026-63072)
        {
            return null;
        }

        _wrap.Compare(this, keySize);
        byte[]? key = await _key.UnwrapAsync(_wrap.Algorithm.Identifier, Recipient.EncryptedKey, cancellationToken).ConfigureAwait(false);
        return OfSize(key, keySize);
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) =>
        Recipient.KeyEncryptionAlgorithm!.IsEquivalentTo(other.Recipient.KeyEncryptionAlgorithm!);
}
